package verdict

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

var levels = []task.Level{{Name: "id", Title: "rule A"}, {Name: "ood", Title: "rule B"},
	{Name: "prior", Title: "sorting"}}

const prompts = 512

var question = Question{Levels: levels, Prompts: prompts}

// measured returns a lane whose base and whose newest measurement have these accuracies, id, ood
// and prior.
func measured(name string, base, now [3]float64) Lane {
	l := Lane{Name: name}
	told(&l, 0, base)
	told(&l, 100, now)
	return l
}

func told(l *Lane, step int, values [3]float64) {
	for i, v := range values {
		e := protocol.Event{Kind: protocol.Measured, Step: step,
			Metrics: []protocol.Metric{{Name: "eval/" + levels[i].Name + "/accuracy", Value: v}}}
		if i == 0 {
			e.Metrics = append(e.Metrics,
				protocol.Metric{Name: "eval/id/kl_base_policy_nats", Value: 10 * v})
		}
		l.Add(e)
	}
}

func TestVerdictOfTheFirstExhibit(t *testing.T) {
	base := [3]float64{.47, .45, .96}
	v := Of(question, []Lane{measured("SFT", base, [3]float64{.994, .119, 0}),
		measured("GRPO", base, [3]float64{.979, .967, .855})})
	want := "Both lanes got better at rule A; SFT got much worse at rule B and sorting; GRPO got " +
		"better at rule B but worse at sorting."
	if v.Headline != want {
		t.Errorf("headline %q, want %q", v.Headline, want)
	}
	var rows []string
	for _, r := range v.Rows {
		row := r.Title + " (" + r.Note + ")"
		for _, c := range r.Cells {
			row += " | " + c.Text + " " + string(c.Change)
		}
		rows = append(rows, row)
	}
	const table = `Rule A (practised) | 47 → 99_% better | 47 → 98_% better
Rule B (not practised) | 45 → 12_% much worse | 45 → 97_% better
Sorting (not practised) | 96 → 0_% much worse | 96 → 86_% worse
Distance from the base (KL(base‖policy), nats per response) | 9.9  | 9.8 `
	if got := strings.ReplaceAll(strings.Join(rows, "\n"), "\u202f", "_"); got != table {
		t.Errorf("the table is\n%s\nwant\n%s", got, table)
	}
}

// Each lane is compared with its own base.
func TestLanesHaveTheirOwnBases(t *testing.T) {
	v := Of(question, []Lane{measured("A", [3]float64{.3, .3, .3}, [3]float64{.6, .3, .3}),
		measured("B", [3]float64{.9, .3, .3}, [3]float64{.6, .3, .3})})
	if want := "A got better at rule A; B got worse at rule A."; v.Headline != want ||
		v.Rows[0].Cells[0].Text != "30 → 60\u202f%" || v.Rows[0].Cells[1].Text != "90 → 60\u202f%" {
		t.Errorf("%q, %+v; want %q", v.Headline, v.Rows[0], want)
	}
}

// A change within both intervals is no change, and one beyond them is.
func TestNoVerdictFromLuck(t *testing.T) {
	for range 2000 {
		base, now := float64(rand.IntN(prompts+1))/prompts, float64(rand.IntN(prompts+1))/prompts
		v := Of(question, []Lane{measured("L", [3]float64{base}, [3]float64{now})})
		baseLow, baseHigh := eval.Wilson(base, prompts)
		low, high := eval.Wilson(now, prompts)
		// base and now are nothing at the other levels
		want, change := "L did not differ clearly from the base.", same
		if low > baseHigh {
			want, change = "L got better at rule A.", better
		} else if high < baseLow && 3*now < base {
			want, change = "L got much worse at rule A.", muchWorse
		} else if high < baseLow {
			want, change = "L got worse at rule A.", worse
		}
		if v.Headline != want || v.Rows[0].Cells[0].Change != change ||
			v.Rows[1].Cells[0].Change != same {
			t.Fatalf("from %v to %v: %q and %+v, want %q and %s", base, now, v.Headline, v.Rows,
				want, change)
		}
	}
}

// Nothing is said before every lane has been measured whole after an update.
func TestNothingIsSaidTooEarly(t *testing.T) {
	done := measured("A", [3]float64{.1, .1, .1}, [3]float64{.9, .9, .9})
	fresh := Lane{Name: "B"}
	started := Lane{Name: "D"}
	told(&started, 0, [3]float64{.1, .1, .1})
	half := started
	half.Add(protocol.Event{Kind: protocol.Measured, Step: 120,
		Metrics: []protocol.Metric{{Name: "eval/id/accuracy", Value: .5}}})
	for _, other := range []Lane{fresh, half, started} {
		if v := Of(question, []Lane{done, other}); v.Headline != "" || v.Rows != nil {
			t.Errorf("with lane %s half known the verdict is %+v", other.Name, v)
		}
	}
	if v := Of(question, nil); v.Headline != "" {
		t.Errorf("of no lanes: %+v", v)
	}
}

// While a lane is measured again, level after level, the verdict stays what it was.
func TestAMeasurementCountsOnceItIsWhole(t *testing.T) {
	l := measured("A", [3]float64{.1, .1, .1}, [3]float64{.9, .1, .1})
	want := fmt.Sprint(Of(question, []Lane{l}))
	for i, v := range [3]float64{.1, .9, .1} {
		if got := fmt.Sprint(Of(question, []Lane{l})); got != want {
			t.Errorf("with %d levels measured again the verdict is %s, want %s", i, got, want)
		}
		l.Add(protocol.Event{Kind: protocol.Measured, Step: 120,
			Metrics: []protocol.Metric{{Name: "eval/" + levels[i].Name + "/accuracy", Value: v}}})
	}
	if v := Of(question, []Lane{l}); v.Headline != "A got better at rule B." {
		t.Errorf("measured again, the verdict is %q", v.Headline)
	}
}

// A lane that has not been started does not change the verdict on the others.
func TestWaitingLanesAreLeftOut(t *testing.T) {
	a := measured("A", [3]float64{.1, .1, .1}, [3]float64{.9, .1, .1})
	b := measured("B", [3]float64{.1, .1, .1}, [3]float64{.1, .9, .1})
	wait := Lane{Name: "C", Waiting: true}
	want, v := Of(question, []Lane{a, b}), Of(question, []Lane{a, wait, b})
	if v.Headline != want.Headline || len(v.Rows) != len(want.Rows) {
		t.Errorf("with a lane that waits: %+v, want %+v", v, want)
	}
	for i, r := range v.Rows {
		if r.Cells[0] != want.Rows[i].Cells[0] || r.Cells[1] != (Cell{Text: "–"}) ||
			r.Cells[2] != want.Rows[i].Cells[1] {
			t.Errorf("%s: the cells are %v", r.Title, r.Cells)
		}
	}
	if v := Of(question, []Lane{a, a, wait}); v.Headline != "A and A got better at rule A." {
		t.Errorf("two lanes with a third that waits: %q", v.Headline)
	}
	if v := Of(question, []Lane{wait}); v.Headline != "" || v.Rows != nil {
		t.Errorf("when all wait: %+v", v)
	}
}

// Events that are added again change nothing.
func TestAddingAgainChangesNothing(t *testing.T) {
	l := measured("A", [3]float64{.1, .2, .3}, [3]float64{.9, .8, .7})
	l.Add(protocol.Event{Kind: protocol.Updated, Step: 2, Cost: protocol.Cost{Labels: 7},
		Metrics: []protocol.Metric{{Name: "train/score_mean", Value: 2}}})
	l.Add(protocol.Event{Kind: protocol.Updated, Step: 1,
		Metrics: []protocol.Metric{{Name: "train/score_mean", Value: 1}}})
	want := fmt.Sprint(l)
	told(&l, 0, [3]float64{.1, .2, .3})
	told(&l, 100, [3]float64{.9, .8, .7})
	if got := fmt.Sprint(l); got != want {
		t.Errorf("after the past was told again: %s, want %s", got, want)
	}
}

// The verdict on a run that taught nothing has the reason, which follows from the lane's data and
// rewards.
func TestIdle(t *testing.T) {
	const active, earned, moved = "train/active_share_so_far", "train/reward_mean_so_far",
		"weights/update_norm"
	groups := func(n int) []objective.Collect { return []objective.Collect{{Group: n}} }
	for _, c := range []struct {
		now      map[string]float64
		collects []objective.Collect
		want     string
	}{
		{map[string]float64{moved: 0, active: 0, earned: .4}, groups(1),
			"No update changed a weight: each prompt was answered once (group=1), and this " +
				"method compares an answer with others to the same prompt. Try group=8."},
		{map[string]float64{moved: 0, active: 0, earned: 0}, groups(8),
			"No update changed a weight: no answer earned a reward, so there was none to make " +
				"likelier. Try a base that succeeds now and then, or demonstrations " +
				"before reward."},
		{map[string]float64{moved: 0, active: 0, earned: 1}, groups(8),
			"No update changed a weight: every answer earned the full reward, so none was better " +
				"than another. Try a harder task or a weaker base."},
		{map[string]float64{moved: 0, active: 0, earned: .01}, groups(2),
			"No update changed a weight: in every group all answers earned the same reward, so " +
				"none was better than another. Try a larger group."},
		{map[string]float64{moved: 0, active: 0, earned: .5},
			[]objective.Collect{{Group: 2, Label: objective.InPairs}},
			"No update changed a weight: in every pair both answers earned the same reward, so " +
				"neither could be preferred. Try a larger group."},
		{map[string]float64{moved: 0, active: 0}, []objective.Collect{{Demos: 1}},
			"No update changed a weight: there was nothing to learn from."},
		{map[string]float64{moved: 0, active: 1}, []objective.Collect{{Demos: 1}},
			"The weights ended where they began, although the updates changed them: blend=1 " +
				"undoes a stage."},
		{map[string]float64{moved: 3, active: .04, earned: .02}, groups(8),
			"Fewer than one prompt in twenty taught anything: hardly any answer earned a reward, " +
				"so there was none to make likelier. Try a base that succeeds now and then, or " +
				"demonstrations before reward."},
		{map[string]float64{moved: 3, active: .01, earned: .3}, groups(2),
			"Fewer than one prompt in twenty taught anything: in nearly every group all answers " +
				"earned the same reward, so none was better than another. Try a larger group."},
		{map[string]float64{moved: 3, active: .06, earned: .02}, groups(8), ""},
		{map[string]float64{"eval/id/overlap": .5}, nil, ""}, // two densities
	} {
		l := measured("GRPO", [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5})
		for name, v := range c.now {
			l.Now[name] = v
		}
		l.Collects = c.collects
		if got := l.Idle(); got != c.want {
			t.Errorf("%v: %q, want %q", c.now, got, c.want)
		}
		v := Of(question, []Lane{measured("SFT", [3]float64{.5, .5, .5}, [3]float64{.9, .5, .5}),
			l})
		if told := len(v.Idle) == 1 && v.Idle[0] == (Idle{1, c.want}); told != (c.want != "") {
			t.Errorf("%v: the verdict has %+v", c.now, v.Idle)
		}
		if norm, known := c.now[moved]; strings.Contains(v.Headline,
			"GRPO learned nothing") != (known && norm == 0) {
			t.Errorf("%v: the headline is %q", c.now, v.Headline)
		}
	}
}

// What decides an exhibit is said first: of two lanes by comparing them, of more by their ends, and
// of those that do not differ together.
func TestDecided(t *testing.T) {
	of := func(metric string, values ...float64) Verdict {
		var lanes []Lane
		for i, v := range values {
			l := measured(string(rune('A'+i)), [3]float64{.5, .5, .5}, [3]float64{.5, .5, .5})
			l.Base[metric], l.Now[metric] = 0.8, v
			lanes = append(lanes, l)
		}
		return Of(Question{levels, prompts, []string{metric}}, lanes)
	}
	for _, c := range []struct {
		v        Verdict
		headline string
		ahead    string
		row      string
	}{
		{of("eval/ood/accuracy", .2, .9), "B did better at rule B than A.", "[1]",
			"Rule B (not practised): 80 → 20_%, 80 → 90_%"},
		{of("eval/ood/accuracy", .9, .88, .2), "A and B did best at rule B, C worst.", "[0 1]",
			"Rule B (not practised): 80 → 90_%, 80 → 88_%, 80 → 20_%"},
		{of("eval/ood/accuracy", .5, .6, .9), "C did best at rule B, A worst.", "[2]",
			"Rule B (not practised): 80 → 50_%, 80 → 60_%, 80 → 90_%"},
		{of("eval/id/entropy_nats", .31, .3), "Both lanes kept about the same entropy.", "[0 1]",
			"Entropy (rule A, nats per token): 0.80 → 0.31, 0.80 → 0.30"},
		{of("eval/ood/pass_at_64", .31, .9), "B solved more prompts of rule B in 64 tries than A.",
			"[1]", "Pass@64 (rule B): 80 → 31_%, 80 → 90_%"},
		// who is alone is ahead of nobody
		{of("eval/ood/accuracy", .2), "A got much worse at rule B.", "[]",
			"Rule B (not practised): 80 → 20_%"},
	} {
		first := c.v.Rows[0]
		row := first.Title + " (" + first.Note + "): "
		for i, cell := range first.Cells {
			row += strings.Repeat(", ", min(i, 1)) + cell.Text
		}
		if row = strings.ReplaceAll(row, "\u202f", "_"); c.v.Headline != c.headline ||
			fmt.Sprint(c.v.Ahead) != c.ahead || row != c.row {
			t.Errorf("%q, %v, %q; want %q, %s, %q", c.v.Headline, c.v.Ahead, row, c.headline,
				c.ahead, c.row)
		}
	}
}
