package method

import (
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// DialAt is a dial at a position.
type DialAt struct {
	Name    string   // the knob with its settings; for entropy, which has none, a number
	Numbers []string // the knobs beside it that are numbers and make a difference there
	Idle    string   // why the dial makes no difference there, as a clause; "" if it does
	Refused string   // why the position is refused, if the reason begins with this dial
}

// DialsAt returns the dials at a position, in the order in which they are shown: those that are
// choices of parts, then kl and entropy.
func DialsAt(v param.Values) (all []DialAt) {
	refused := refusalAt(v)
	for _, d := range dials() {
		at := DialAt{Name: d.name}
		if d.turned(v) {
			at.Numbers = d.part(v).reads
		} else {
			at.Idle = "the ratio is 1, over whatever tokens it is taken and however it is limited"
		}
		if d.name == "advantage" {
			at.Numbers = append(slices.Clone(at.Numbers), entropyTerm(v)...)
		}
		all = append(all, at)
	}
	all = append(all, DialAt{Name: "kl", Numbers: []string{"beta"}, Idle: klIdle(v)},
		DialAt{Name: "entropy", Numbers: []string{"entropy"}})
	for i := range all {
		if all[i].Name == refused.dial {
			all[i].Refused = refused.why
		}
	}
	return all
}

// entropyTerm returns the knobs of the advantage's term for the entropy that make a difference.
func entropyTerm(v param.Values) []string {
	if v.Float("alpha") == 0 {
		return []string{"alpha"}
	}
	return []string{"alpha", "kappa"}
}

// klIdle returns why the form of the KL makes no difference, and "" if it does.
func klIdle(v param.Values) string {
	switch klAt(v) {
	case "none":
		return "beta is 0, so nothing holds the policy to the reference model"
	case "forward":
		return "on demonstrations the KL is KL(π_ref‖π), exact and in the loss"
	}
	return ""
}

// IsDial reports whether a knob of [Dials] is a part of the estimator: a dial, or a number that
// belongs to one. The others say how fast and from how much is learned.
func IsDial(name string) bool {
	if slices.Contains([]string{"kl", "beta", "entropy", "alpha", "kappa"}, name) {
		return true
	}
	return slices.ContainsFunc(dials(), func(d dial) bool {
		return d.name == name || slices.ContainsFunc(d.parts, func(p part) bool {
			return slices.Contains(p.reads, name)
		})
	})
}

// Differences returns the settings in which two positions differ, dials before numbers, as in
// [Nearest]. It returns nil if they are the same estimator.
func Differences(here, of param.Values) []Difference {
	differs, _ := compare(here, of)
	return differs
}
