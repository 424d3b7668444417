package verdict

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"posttrain/core/eval"
	"posttrain/core/protocol"
	"posttrain/core/task"
)

var levels = []task.Level{{Name: "id", Title: "rule A"}, {Name: "ood", Title: "rule B"}, {Name: "prior", Title: "sorting"}}

const prompts = 512

// measured is a lane whose base and whose newest measurement have these accuracies, id, ood and prior.
func measured(name string, base, now [3]float64) Lane {
	l := Lane{Name: name}
	told(&l, 0, base)
	told(&l, 100, now)
	return l
}

func told(l *Lane, step int, values [3]float64) {
	for i, v := range values {
		e := protocol.Event{Kind: protocol.Measured, Step: step, Metrics: []protocol.Metric{{Name: "eval/" + levels[i].Name + "/accuracy", Value: v}}}
		if i == 0 {
			e.Metrics = append(e.Metrics, protocol.Metric{Name: "eval/id/kl_base_policy_nats", Value: 10 * v})
		}
		l.Add(e)
	}
}

func TestVerdictOfTheFirstExhibit(t *testing.T) {
	base := [3]float64{.47, .45, .96}
	v := Of(levels, prompts, []Lane{measured("SFT", base, [3]float64{.994, .119, 0}), measured("GRPO", base, [3]float64{.979, .967, .855})})
	want := "Both got better at rule A. GRPO got better at rule B and SFT lost it. GRPO got worse at sorting and SFT lost it."
	if v.Headline != want {
		t.Errorf("headline %q, want %q", v.Headline, want)
	}
	details := strings.Join(v.Details, "\n")
	for _, part := range []string{"Rule A (practised): SFT 99\u202f% and GRPO 98\u202f% right; the base 47\u202f%.", "Rule B (not practised): SFT 12\u202f% and GRPO 97\u202f%", "SFT 0\u202f%", "9.9 nats"} {
		if !strings.Contains(details, part) {
			t.Errorf("details %q lack %q", details, part)
		}
	}
}

// Levels of which the same is to be said share a sentence.
func TestVerdictIsShort(t *testing.T) {
	base := [3]float64{.5, .5, .5}
	for want, now := range map[string][3]float64{
		"L got better at rule A, rule B and sorting.":                     {.9, .9, .9},
		"L got better at rule A and sorting. L stayed as good at rule B.": {.9, .5, .9},
	} {
		if v := Of(levels, prompts, []Lane{measured("L", base, now)}); v.Headline != want {
			t.Errorf("headline %q, want %q", v.Headline, want)
		}
	}
	two := []Lane{measured("L", base, [3]float64{.9, .9, .5}), measured("M", base, [3]float64{.1, .1, .5})}
	if want, v := "L got better at rule A and rule B and M lost them. Both stayed as good at sorting.", Of(levels, prompts, two); v.Headline != want {
		t.Errorf("headline %q, want %q", v.Headline, want)
	}
}

// A change within both intervals is no change, and one beyond them is.
func TestNoVerdictFromLuck(t *testing.T) {
	for range 2000 {
		base, now := float64(rand.IntN(prompts+1))/prompts, float64(rand.IntN(prompts+1))/prompts
		v := Of(levels, prompts, []Lane{measured("L", [3]float64{base}, [3]float64{now})})
		baseLow, baseHigh := eval.Wilson(base, prompts)
		low, high := eval.Wilson(now, prompts)
		want := "L stayed as good at rule A, rule B and sorting." // base and now are nothing at the others
		if low > baseHigh {
			want = "L got better at rule A. L stayed as good at rule B and sorting."
		} else if high < baseLow && 3*now < base {
			want = "L lost rule A. L stayed as good at rule B and sorting."
		} else if high < baseLow {
			want = "L got worse at rule A. L stayed as good at rule B and sorting."
		}
		if v.Headline != want {
			t.Fatalf("from %v to %v: %q, want %q", base, now, v.Headline, want)
		}
	}
}

// Nothing is said before every lane has been measured whole after an update.
func TestNothingIsSaidTooEarly(t *testing.T) {
	done := measured("A", [3]float64{.1, .1, .1}, [3]float64{.9, .9, .9})
	fresh := Lane{Name: "B"}
	half := measured("C", [3]float64{.1, .1, .1}, [3]float64{.9, .9, .9})
	half.Add(protocol.Event{Kind: protocol.Measured, Step: 120, Metrics: []protocol.Metric{{Name: "eval/id/accuracy", Value: .5}}})
	started := Lane{Name: "D"}
	told(&started, 0, [3]float64{.1, .1, .1})
	for _, other := range []Lane{fresh, half, started} {
		if v := Of(levels, prompts, []Lane{done, other}); v.Headline != "" || v.Details != nil {
			t.Errorf("with lane %s half known the verdict is %+v", other.Name, v)
		}
	}
	if v := Of(levels, prompts, nil); v.Headline != "" {
		t.Errorf("of no lanes: %+v", v)
	}
}

// Being told the past again changes nothing.
func TestAddingAgainChangesNothing(t *testing.T) {
	l := measured("A", [3]float64{.1, .2, .3}, [3]float64{.9, .8, .7})
	want := fmt.Sprint(l)
	told(&l, 0, [3]float64{.1, .2, .3})
	told(&l, 100, [3]float64{.9, .8, .7})
	if got := fmt.Sprint(l); got != want {
		t.Errorf("after the past was told again: %s, want %s", got, want)
	}
}

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{0: "0\u202f%", .002: "0.2\u202f%", .0049: "0.5\u202f%", .5: "50\u202f%", .625: "63\u202f%", .994: "99\u202f%", .996: "99.6\u202f%", 1: "100\u202f%"} {
		if got := percent(share); got != want {
			t.Errorf("%v is written %q, want %q", share, got, want)
		}
	}
}
