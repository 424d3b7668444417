package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Target is the target of cost needs if a situation does not say another.
const Target = 0.9

// Situation is what somebody has and needs, and what they can spend.
type Situation struct {
	// Have has the names of what there is; nil means that nothing was said, so that every method is
	// shown.
	Have []string `json:"have"`
	// Need has the names of what is needed.
	Need        []string `json:"need"`
	Limits      []Limit  `json:"limits"`      // none means that runs are looked at their ends
	Target      float64  `json:"target"`      // of the new skill, where costs are compared
	Application string   `json:"application"` // "" means any task
}

// Limit is the most that may be spent of a cost.
type Limit struct {
	Cost string  `json:"cost"` // such as "cost/flops"
	Most float64 `json:"most"`
}

// Asked is a situation as a person writes it: lists with commas.
type Asked struct {
	Have        string // such as "demos=200,verifier"
	Need        string // such as "ood,retain"
	Budget      string // such as "2e12flops"
	Application string
	Target      float64 // 0 means [Target]
}

// Parse reads a situation. The error says in one sentence what would be accepted.
func (a Asked) Parse() (s Situation, err error) {
	s = Situation{Target: a.Target, Application: a.Application}
	if s.Target == 0 {
		s.Target = Target
	}
	if !(s.Target > 0 && s.Target <= 1) {
		return s, fmt.Errorf("the target is %v: want a share above 0 and at most 1, such as %v",
			a.Target, Target)
	}
	need := list(a.Need)
	if a.Application != "" {
		app, err := lookup("application", a.Application, applications)
		if err != nil {
			return s, err
		}
		if need == nil {
			need = app.Needs
		}
	}
	if need == nil {
		return s, fmt.Errorf("nothing is needed: say what, such as ood,retain; accepted: %s",
			strings.Join(namesOf(needs), ", "))
	}
	for _, name := range need {
		if _, err := lookup("need", name, needs); err != nil {
			return s, err
		}
		if slices.Contains(s.Need, name) {
			return s, fmt.Errorf("%s is needed twice: say it once", name)
		}
		s.Need = append(s.Need, name)
	}
	for _, one := range list(a.Have) {
		if err := s.have(one); err != nil {
			return s, err
		}
	}
	for _, one := range list(a.Budget) {
		if err := s.spend(one); err != nil {
			return s, err
		}
	}
	return s, nil
}

// list returns the parts of a list with commas.
func list(text string) (parts []string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

func namesOf[T interface{ name() string }](all []T) (names []string) {
	for _, one := range all {
		names = append(names, one.name())
	}
	return names
}

// have adds a word such as demos=200 to what there is.
func (s *Situation) have(text string) error {
	name, number, counted := strings.Cut(text, "=")
	h, err := lookup("thing to have", name, haves)
	if err != nil {
		return err
	}
	if slices.Contains(s.Have, name) {
		return fmt.Errorf("%s is there twice: say it once", name)
	}
	s.Have = append(s.Have, name)
	if slices.Contains(s.Have, "nothing") && len(s.Have) > 1 {
		return fmt.Errorf("nothing is said together with something else: leave it out, or all else")
	}
	if !counted {
		return nil
	}
	if h.Spends == "" {
		return fmt.Errorf("%s takes no number: write %s alone", name, name)
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		n = 0
	}
	return s.limit(text, h.Spends, n)
}

// spend adds an amount such as 2e12flops to the limits.
func (s *Situation) spend(text string) error {
	end := len(text)
	for end > 0 && (text[end-1] < '0' || text[end-1] > '9') {
		end--
	}
	n, err := strconv.ParseFloat(text[:end], 64)
	unit := strings.TrimSpace(text[end:])
	if err != nil || unit == "" {
		return fmt.Errorf("the budget %q is not a number with its unit: want one such as "+
			"2e12flops or 500demos; units: %s", text, strings.Join(namesOf(units), ", "))
	}
	u, err := lookup("unit", strings.ToLower(unit), units)
	if err != nil {
		return err
	}
	return s.limit(text, u.Cost, n)
}

// limit adds a limit. Of two limits of one cost the lower one counts.
func (s *Situation) limit(text, cost string, most float64) error {
	const unbelievable = 1e30
	if !(most >= 1 && most <= unbelievable) {
		return fmt.Errorf("%s is no amount that can be spent: want a number from 1 to %g", text,
			unbelievable)
	}
	for i := range s.Limits {
		if s.Limits[i].Cost == cost {
			s.Limits[i].Most = min(s.Limits[i].Most, most)
			return nil
		}
	}
	s.Limits = append(s.Limits, Limit{cost, most})
	return nil
}

// missing returns the inputs that the situation does not have.
func (s Situation) missing(inputs []Input) (missing []Input) {
	if s.Have == nil {
		return nil
	}
	for _, input := range inputs {
		if !slices.ContainsFunc(s.Have, func(name string) bool {
			h, _ := lookup("", name, haves) // a situation has known words alone
			return slices.Contains(h.Gives, input)
		}) {
			missing = append(missing, input)
		}
	}
	return missing
}

// limitsCosts reports whether a cost is among what is needed, so that runs stop at the target.
func (s Situation) limitsCosts() bool {
	return slices.ContainsFunc(s.Need, func(name string) bool {
		n, _ := lookup("", name, needs)
		return slices.ContainsFunc(n.Measures, Measure.IsCost)
	})
}

// tasks returns the tasks of the situation's application; nil means any.
func (s Situation) tasks() []string {
	a, _ := lookup("", s.Application, applications)
	return a.Tasks
}
