package verdict

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
)

// Idle explains why the updates of a lane taught it nothing, or hardly anything.
type Idle struct {
	Lane int    `json:"lane"` // from 0
	Why  string `json:"why"`
}

// scarce is a bound on the share of groups with something to learn from: one in twenty. Below it, a
// run taught hardly anything.
const scarce = 0.05

// idle returns an entry for each lane that learned nothing or hardly anything.
func idle(lanes []Lane) (all []Idle) {
	for i := range lanes {
		if why := lanes[i].Idle(); why != "" {
			all = append(all, Idle{i, why})
		}
	}
	return all
}

// still reports whether no weight differs from the base's.
func (l *Lane) still() bool {
	norm, known := l.Now["weights/update_norm"]
	return known && norm == 0
}

// Idle returns why a lane's updates taught it nothing, or hardly anything, and what to try instead.
// It returns "" if they did teach it something.
func (l *Lane) Idle() string {
	share, known := l.Now["train/active_share_so_far"]
	switch {
	case !known:
		return ""
	case l.still() && share > 0:
		return "The weights ended where they began, although the updates changed them: blend=1 " +
			"undoes a stage."
	case l.still():
		return "No update changed a weight: " + l.why("no", "every", 0)
	case share < scarce:
		return "Fewer than one prompt in twenty " +
			"taught anything: " + l.why("hardly any", "nearly every", scarce)
	}
	return ""
}

// why returns why there was nothing to learn from: a clause and a piece of advice. If the mean
// reward is within near of 0 or 1, the clause speaks of no or of every answer.
func (l *Lane) why(no, every string, near float64) string {
	reward, sampled := l.Now["train/reward_mean_so_far"]
	alone := func(c objective.Collect) bool { return c.Group == 1 }
	paired := func(c objective.Collect) bool { return c.Label == objective.InPairs }
	switch {
	case !sampled:
		return "there was nothing to learn from."
	case reward <= near:
		return no + " answer earned a reward, so there was none to make likelier. Try a base " +
			"that succeeds now and then, or demonstrations before reward."
	case reward >= 1-near:
		return every + " answer earned the full reward, so none was better than another. Try a " +
			"harder task or a weaker base."
	case slices.ContainsFunc(l.Collects, alone):
		return "each prompt was answered once (group=1), and this method compares an answer with " +
			"others to the same prompt. Try group=8."
	case slices.ContainsFunc(l.Collects, paired):
		return "in " + every + " pair both answers earned the same reward, so neither could be " +
			"preferred. Try a larger group."
	}
	return "in " + every + " group all answers earned the same reward, so none was better than " +
		"another. Try a larger group."
}
