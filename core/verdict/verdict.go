// Package verdict says in words and numbers what the lanes of a recipe have done to their base, and no more than was
// measured: a change counts as one only where it is larger than chance would make it.
package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"posttrain/core/eval"
	"posttrain/core/protocol"
	"posttrain/core/task"
)

// Lane is what a lane was measured at.
type Lane struct {
	Name string             // for people
	Step int                // updates so far
	Base map[string]float64 // metrics before the first update
	Now  map[string]float64 // newest metrics
}

// Add takes note of an event. Only measurements matter, in any order.
func (l *Lane) Add(e protocol.Event) {
	if e.Kind != protocol.Measured || e.Step < l.Step {
		return
	}
	if e.Step > l.Step || l.Now == nil {
		l.Step, l.Now = e.Step, map[string]float64{}
	}
	for _, m := range e.Metrics {
		l.Now[m.Name] = m.Value
	}
	if e.Step == 0 {
		l.Base = l.Now
	}
}

// whole says whether every level has been measured, on the base and now.
func (l *Lane) whole(levels []task.Level) bool {
	for _, level := range levels {
		_, base := l.Base[level.Metric()]
		_, now := l.Now[level.Metric()]
		if !base || !now {
			return false
		}
	}
	return true
}

// Verdict is a headline and the sentences with its numbers.
type Verdict struct {
	Headline string   `json:"headline"`
	Details  []string `json:"details"`
}

// change of an accuracy against the base's.
type change int

const (
	same change = iota
	better
	worse
	lost // worse, and less than a third of the base's is left
)

// Of says what lanes did, measured on prompts held-out prompts per level, or exactly if that is 0. It is empty until every lane was measured
// after an update.
func Of(levels []task.Level, prompts int, lanes []Lane) Verdict {
	var v Verdict
	for _, l := range lanes {
		if l.Step == 0 || !l.whole(levels) {
			return v
		}
	}
	if len(lanes) == 0 {
		return v
	}
	v.Headline = headline(levels, prompts, lanes)
	for i, level := range levels {
		v.Details = append(v.Details, detail(level, i == 0, lanes))
	}
	v.Details = append(v.Details, distance("eval/"+levels[0].Name+"/kl_base_policy_nats", lanes))
	return v
}

func judge(base, now float64, prompts int) change {
	baseLow, baseHigh := about(base, prompts)
	low, high := about(now, prompts)
	switch {
	case low > baseHigh:
		return better
	case high < baseLow && now < base/3:
		return lost
	case high < baseLow:
		return worse
	default:
		return same
	}
}

// about is what chance leaves open about a share. Where there is no chance, less than a hundredth is no change to speak of.
func about(share float64, prompts int) (low, high float64) {
	if prompts == 0 {
		return share - 0.005, share + 0.005
	}
	return eval.Wilson(share, prompts)
}

// headline says who got better at what and who got worse: one sentence for all levels with the same answer.
func headline(levels []task.Level, prompts int, lanes []Lane) string {
	type alike struct {
		changes []change // lane by lane
		titles  []string // of levels
	}
	var all []alike
	for _, level := range levels {
		name, changes := level.Metric(), make([]change, len(lanes))
		for i, l := range lanes {
			changes[i] = judge(l.Base[name], l.Now[name], prompts)
		}
		at := slices.IndexFunc(all, func(a alike) bool { return slices.Equal(a.changes, changes) })
		if at < 0 {
			at, all = len(all), append(all, alike{changes: changes})
		}
		all[at].titles = append(all[at].titles, level.Title)
	}
	var sentences []string
	for _, a := range all {
		sentences = append(sentences, sentence(a.changes, a.titles, lanes))
	}
	return strings.Join(sentences, " ")
}

func sentence(changes []change, titles []string, lanes []Lane) string {
	names := map[change][]string{}
	for i, l := range lanes {
		names[changes[i]] = append(names[changes[i]], l.Name)
	}
	object, again := list(titles), "it"
	if len(titles) > 1 {
		again = "them"
	}
	var parts []string
	for _, c := range []struct {
		change
		said string
	}{{better, "got better at"}, {worse, "got worse at"}, {lost, "lost"}, {same, "stayed as good at"}} {
		who := names[c.change]
		switch {
		case len(who) == 0:
			continue
		case len(who) == len(lanes) && len(lanes) == 2:
			who = []string{"Both"}
		case len(who) == len(lanes) && len(lanes) > 2:
			who = []string{"All"}
		}
		parts = append(parts, list(who)+" "+c.said+" "+object)
		object = again
	}
	return upper(list(parts)) + "."
}

// detail is the same with numbers.
func detail(level task.Level, practised bool, lanes []Lane) string {
	var parts []string
	for _, l := range lanes {
		parts = append(parts, l.Name+" "+percent(l.Now[level.Metric()]))
	}
	measure := "right"
	switch {
	case level.Measure != "":
		measure = level.Measure
	case level.Graded:
		measure = "of the reward"
	}
	what := "not practised"
	if practised {
		what = "practised"
	}
	return fmt.Sprintf("%s (%s): %s %s; the base %s.", upper(level.Title), what, list(parts), measure, percent(lanes[0].Base[level.Metric()]))
}

// distance says how far the policies have moved.
func distance(name string, lanes []Lane) string {
	var parts []string
	for _, l := range lanes {
		parts = append(parts, fmt.Sprintf("%s %.1f nats", l.Name, l.Now[name]))
	}
	return fmt.Sprintf("Distance from the base, KL(base‖policy) per response: %s.", list(parts))
}

// percent rounds to whole per cent, but for what is nearly none or nearly all.
func percent(share float64) string {
	p := 100 * share
	rounded := math.Round(p)
	if rounded != p && (rounded == 0 || rounded == 100) {
		return fmt.Sprintf("%.1f\u202f%%", p)
	}
	return fmt.Sprintf("%.0f\u202f%%", rounded)
}

// list joins with commas and an "and".
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	last := len(parts) - 1
	return strings.Join(parts[:last], ", ") + " and " + parts[last]
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
