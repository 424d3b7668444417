package method

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Method is a post-training method as a value: prose, citation, knobs, what it collects and what it
// maximises. The command line, links, the page's controls and the documentation are generated from
// it.
type Method struct {
	Name       string // lower_snake, as papers call it
	Title      string // in full
	Cite       string // paper and equation
	Family     string // one of Families
	Formula    string // what is maximised, in plain text with Unicode symbols
	Doc        string // for somebody who does not know the field
	Deviations string // how it differs from the paper; "" when it does not
	// what could not be checked against the paper or its authors' code; "" when everything was
	Unverified string
	Knobs      []param.Knob // every setting that applies; the shared ones are those of package knob

	// Dials is the method's position on the dial board, see [Method.Position]: the settings of the
	// method [Dials] that are not at their defaults, as in a link, except for knobs that the method
	// has itself. "" for a method that has none, and then Apart says what it is instead.
	Dials string
	// Besides says what else differs from [Dials] at that position, such as what is collected; ""
	// if nothing does.
	Besides string
	Apart   string

	// Refuse returns why the method cannot be trained at these settings, as a sentence without a
	// capital and a full stop, and "" if it can. nil means that it always can.
	Refuse  func(param.Values) string
	Collect func(param.Values) objective.Collect   // what the trainer gathers for one step
	Build   func(param.Values) objective.Objective // what it then maximises
}

// Families returns the kinds of method in the order in which they are listed.
func Families() []string {
	return []string{"imitation", "policy gradient", "preference", "distillation", "hybrid"}
}

// Defaults returns every knob of the method at its default.
func (m Method) Defaults() param.Values { return param.Defaults(m.Knobs) }

// CheckNeeds returns the error of [objective.CheckNeeds] for the method's objective at these
// settings.
func (m Method) CheckNeeds(v param.Values, batch []objective.Group) error {
	return objective.CheckNeeds(m.Name, m.Build(v).Needs(), batch)
}

// CheckSettings returns an error that says why the method cannot be trained at these settings, and
// nil if it can.
func (m Method) CheckSettings(v param.Values) error {
	if m.Refuse == nil {
		return nil
	}
	if why := m.Refuse(v); why != "" {
		return fmt.Errorf("method %s: %s", m.Name, why)
	}
	return nil
}

// Unread returns the sources in a batch that the method does not read at these settings, so that
// their coefficients are 0. If the method reads none of them, it returns an error that names the
// sources it learns from.
func (m Method) Unread(v param.Values, batch []objective.Group) (unread []objective.Source,
	err error) {
	var have []objective.Source
	for _, c := range slices.Concat(batch...) {
		if !slices.Contains(have, c.Source) {
			have = append(have, c.Source)
		}
	}
	needs, learns := m.Build(v).Needs(), false
	for _, s := range have {
		if !needs.Has(objective.SourceNeed(s)) {
			unread = append(unread, s)
		} else if s != objective.Greedy { // a greedy answer is only a baseline
			learns = true
		}
	}
	if learns || have == nil {
		return unread, nil
	}
	var wanted []objective.Source
	for _, s := range objective.Sources() {
		if s != objective.Greedy && needs.Has(objective.SourceNeed(s)) {
			wanted = append(wanted, s)
		}
	}
	return unread, fmt.Errorf("%s learns from completions whose source is %s, and there are "+
		"none: the sources in the batch are %s", m.Name, listed(wanted), listed(have))
}

func listed(sources []objective.Source) string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

// Check returns an error unless the method has a name, collects and builds something, and its knobs
// are well formed.
func (m Method) Check() error {
	switch {
	case m.Name == "":
		return errors.New("a method has no Name")
	case m.Collect == nil || m.Build == nil:
		return fmt.Errorf("method %s: Collect or Build is nil", m.Name)
	}
	if err := param.Check(m.Knobs); err != nil {
		return fmt.Errorf("method %s: %w", m.Name, err)
	}
	return nil
}
