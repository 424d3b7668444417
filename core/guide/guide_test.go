package guide

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A method that is far worse in what is needed is behind, and the best one is first.
func TestKnownRanking(t *testing.T) {
	s := study("s",
		arm("Foreign", both(foreign, ends{0.9, 0.2, 0.3, 8}, 0)),
		arm("Own", both(demos, ends{0.9, 0.85, 0.6, 6}, 1)),
		arm("Reward", both(verifier, ends{0.9, 0.9, 0.9, 6}, 2)))
	f := only(t, ask(t, Asked{Need: "ood,retain"}, s))
	same(t, "first", f.first(), "Reward")
	if len(f.Rows[0].Behind) == 0 || len(f.Rows[1].Behind) == 0 {
		t.Fatalf("nothing shows that the others are behind: %+v", f.Rows)
	}
	for _, b := range f.Rows[0].Behind {
		if b.Difference < 0.25 || b.Interval == nil || b.Interval.Low > b.Difference ||
			b.Interval.High < b.Difference {
			t.Errorf("behind by %+v", b)
		}
	}
	f = only(t, ask(t, Asked{Need: "id"}, s))
	same(t, "first in id", f.first(), "Foreign", "Own", "Reward")
	for _, r := range f.Rows {
		if r.Link == "" || r.Configs != 1 || len(r.Values[0].ByBase) != 5 {
			t.Errorf("%+v", r)
		}
	}
}

// Equal methods whose means differ by chance are not ranked.
func TestNoiseIsNotRanked(t *testing.T) {
	to := ends{0.8, 0.7, 0.6, 6}
	var arms []Arm
	for i, name := range []string{"A", "B", "C", "D"} {
		l := both(verifier, to, i)
		l.varies = 3
		arms = append(arms, arm(name, l))
	}
	f := only(t, ask(t, Asked{Need: "id,ood,retain,short"}, study("s", arms...)))
	same(t, "first", f.first(), "A", "B", "C", "D")
	if f.Comparisons != 6*4 {
		t.Errorf("%d comparisons, want those of 6 pairs in 4 columns", f.Comparisons)
	}
	if texts := f.Ranking(); len(texts) != 1 || !strings.HasPrefix(texts[0], "None of these") {
		t.Errorf("%q", texts)
	}
}

// Of two methods each of which is better in something, both are first.
func TestTradeOff(t *testing.T) {
	f := only(t, ask(t, Asked{Need: "ood,retain"}, study("s",
		arm("Keeps", both(verifier, ends{0.9, 0.6, 0.9, 6}, 0)),
		arm("Learns", both(demos, ends{0.9, 0.9, 0.5, 6}, 1)))))
	same(t, "first", f.first(), "Keeps", "Learns")
	text := strings.Join(f.Ranking(), "\n")
	for _, want := range []string{"In ood alone nothing is shown to be better than Learns.",
		"In retain alone nothing is shown to be better than Keeps."} {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", text, want)
		}
	}
}

// A method that is shown to be worse in one need, and is a little better in another one by chance,
// is behind: what chance adds does not save it.
func TestChanceDoesNotSave(t *testing.T) {
	f := only(t, ask(t, Asked{Need: "ood,retain"}, study("s",
		arm("Poor", both(verifier, ends{0.9, 0.3, 0.91, 6}, 0)),
		arm("Good", both(demos, ends{0.9, 0.9, 0.9, 6}, 1)))))
	same(t, "first", f.first(), "Good")
}

// What speaks for an arm counts without the correction, which would hide it among many comparisons.
func TestTheCorrectionHidesNoTradeOff(t *testing.T) {
	m := matrix{
		{0, 1, 0}: {difference: 0.3, p: 0.001, corrected: 0.01},
		{1, 0, 0}: {difference: -0.3, p: 0.001, corrected: 0.01},
		{0, 1, 1}: {difference: -0.04, p: 0.02, corrected: 0.12},
		{1, 0, 1}: {difference: 0.04, p: 0.02, corrected: 0.12},
	}
	values := []Value{{Known: true, Mean: 0.6}, {Known: true, Mean: 0.6}}
	rows := []Row{{Values: values}, {Values: values}}
	v := view{columns: []column{{Column{Share: true}, 0}, {Column{Share: true}, 1}}}
	if why := m.behind(rows, 1, 0, v); why != nil {
		t.Errorf("behind, because %+v", why)
	}
	for _, at := range [][3]int{{0, 1, 1}, {1, 0, 1}} {
		d := m[at]
		d.p = 0.2
		m[at] = d
	}
	if why := m.behind(rows, 1, 0, v); len(why) != 1 {
		t.Errorf("behind, because %+v", why)
	}
}

// The config is chosen on the tuning part, however the judged part is.
func TestConfigsAreTuned(t *testing.T) {
	poor, good := ends{0.5, 0.5, 0.5, 6}, ends{0.9, 0.9, 0.9, 6}
	a := arm("A", lane{inputs: verifier, tune: poor, judge: good, flops: 1e11},
		lane{inputs: verifier, tune: good, judge: poor, flops: 1e11})
	f := only(t, ask(t, Asked{Need: "ood"}, study("s", a)))
	if r := f.Rows[0]; r.Lane != "a,lr=2e-4" || r.Configs != 2 || r.Values[0].Mean > 0.6 {
		t.Errorf("%s has %v", r.Lane, r.Values[0].Mean)
	}
	// the lowest of the needed shares decides
	a = arm("A", both(verifier, ends{0.9, 0.95, 0.3, 6}, 0),
		both(verifier, ends{0.9, 0.7, 0.7, 6}, 0))
	f = only(t, ask(t, Asked{Need: "ood,retain"}, study("s", a)))
	if f.Rows[0].Lane != "a,lr=2e-4" {
		t.Errorf("chose %s", f.Rows[0].Lane)
	}
	f = only(t, ask(t, Asked{Need: "ood"}, study("s", a)))
	if f.Rows[0].Lane != "a,lr=1e-4" {
		t.Errorf("chose %s", f.Rows[0].Lane)
	}
}

// What a method needs and the situation does not have excludes it, with the reason.
func TestMissingInputs(t *testing.T) {
	s := study("s",
		arm("Foreign", both(foreign, ends{0.9, 0.2, 0.3, 8}, 0)),
		arm("Own", both(demos, ends{0.9, 0.8, 0.6, 6}, 1)),
		arm("Reward", both(verifier, ends{0.9, 0.9, 0.9, 6}, 2)),
		arm("Hybrid", both([]Input{OwnDemos, Verifier}, ends{0.9, 0.9, 0.9, 6}, 3)))
	for _, c := range []struct {
		have            string
		rows, sentences []string
	}{
		{"", []string{"Foreign", "Own", "Reward", "Hybrid"}, nil},
		{"demos,verifier", []string{"Foreign", "Own", "Reward", "Hybrid"}, nil},
		{"own_demos", []string{"Own"}, []string{
			"Foreign needs demonstrations in a foreign style.", "Reward needs a verifier.",
			"Hybrid needs a verifier."}},
		{"nothing", nil, []string{
			"Foreign needs demonstrations in a foreign style.",
			"Own needs demonstrations in the base's own style.", "Reward needs a verifier.",
			"Hybrid needs demonstrations in the base's own style and a verifier."}},
	} {
		f := only(t, ask(t, Asked{Have: c.have, Need: "ood"}, s))
		var rows, sentences []string
		for _, r := range f.Rows {
			rows = append(rows, r.Title)
		}
		for _, e := range f.Excluded {
			sentences = append(sentences, e.Sentence())
		}
		same(t, c.have, rows, c.rows...)
		same(t, c.have, sentences, c.sentences...)
	}
	a := ask(t, Asked{Have: "demos,teacher", Need: "ood"}, s)
	same(t, "unused", a.Unused, "teacher")
}

// Runs are looked at at the last measurement within the budget.
func TestBudget(t *testing.T) {
	cheap, dear := both(demos, ends{0.8, 0.8, 0.8, 6}, 0), both(verifier, ends{1, 1, 0.9, 6}, 1)
	cheap.flops, dear.flops = 4e10, 4e11
	cheap.spends, dear.spends = costDemos, costChecks
	s := study("s", arm("Cheap", cheap), arm("Dear", dear))
	f := only(t, ask(t, Asked{Need: "ood"}, s))
	same(t, "without a budget", f.first(), "Dear")
	f = only(t, ask(t, Asked{Need: "ood", Budget: "1.9e11flops"}, s))
	same(t, "with a budget", f.first(), "Cheap")
	for i, want := range []struct {
		steps, flops float64
		cut          int
	}{{40, 4e10, 0}, {10, 1e11, 15}} {
		if r := f.Rows[i]; r.Steps != want.steps || r.FLOPs != want.flops || r.Cut != want.cut {
			t.Errorf("%s is looked at after %v steps and %v FLOPs, cut %d", r.Title, r.Steps,
				r.FLOPs, r.Cut)
		}
	}
	f = only(t, ask(t, Asked{Need: "ood", Budget: "1e10flops"}, s))
	if len(f.Rows) != 1 || len(f.Excluded) != 1 || f.Excluded[0].Title != "Dear" ||
		!strings.Contains(f.Excluded[0].Sentence(), "after what may be spent") {
		t.Errorf("%+v", f.Excluded)
	}
	f = only(t, ask(t, Asked{Have: "demos=250,verifier=100", Need: "ood"}, s))
	if f.Rows[0].Steps != 20 || f.Rows[1].Steps != 10 {
		t.Errorf("after %v and %v steps", f.Rows[0].Steps, f.Rows[1].Steps)
	}
	text := strings.Join(f.Caveats(Situation{Limits: []Limit{{costDemos, 250}}}), "\n")
	if !strings.Contains(text, "Cheap is looked at when it has seen 250 demonstrations.") {
		t.Error(text)
	}
}

// A cost is compared where runs reach the target, and only if all of them do.
func TestCostToTheTarget(t *testing.T) {
	quick, slow := both(demos, ends{1, 0.8, 0.8, 6}, 0), both(verifier, ends{1, 0.9, 0.9, 6}, 1)
	never := both(foreign, ends{0.6, 0.3, 0.3, 6}, 2)
	quick.flops, slow.flops = 4e10, 4e11
	s := study("s", arm("Quick", quick), arm("Slow", slow), arm("Never", never))
	f := only(t, ask(t, Asked{Need: "cheap", Target: 0.8}, s))
	same(t, "first", f.first(), "Quick")
	if len(f.Rows) != 2 || f.Excluded[0].Sentence() != "No run of Never reaches the target." {
		t.Errorf("%+v", f.Excluded)
	}
	if f.Rows[0].Steps >= 40 {
		t.Errorf("looked at after %v steps, which is the end", f.Rows[0].Steps)
	}
	slow.judge.id = 0.79 // so that only some runs do
	f = only(t, ask(t, Asked{Need: "cheap", Target: 0.8}, study("s", arm("Quick", quick),
		arm("Slow", slow))))
	if v := f.Rows[1].Values; v[0].Mean <= 0 || v[0].Mean >= 1 || v[1].Known {
		t.Errorf("%+v", v)
	}
	text := strings.Join(f.Caveats(Situation{Need: []string{"cheap"}}), "\n")
	if !strings.Contains(text, "Not known in cheap: Slow, because some of their runs do not "+
		"reach the target.") {
		t.Error(text)
	}
}

// A method that never takes demonstrations is better in that, which is no sample.
func TestCostsOfNothing(t *testing.T) {
	with, without := both(demos, ends{1, 0.8, 0.8, 6}, 0), both(verifier, ends{1, 0.8, 0.8, 6}, 0)
	with.spends, without.spends = costDemos, costChecks
	f := only(t, ask(t, Asked{Need: "few_demos", Target: 0.5}, study("s", arm("With", with),
		arm("Without", without))))
	same(t, "first", f.first(), "Without")
}

// What nothing measures is said, with the study that would.
func TestNotMeasured(t *testing.T) {
	s := study("done", arm("Reward", both(verifier, ends{0.9, 0.9, 0.9, 6}, 2)))
	planned := study("planned", arm("Reward", both(verifier, ends{}, 0)))
	planned.Results = ""
	planned.Experiments[0].Columns = append(planned.Experiments[0].Columns,
		Column{Need: "diversity", Metric: "eval/id/pass_at_16", Title: "pass@16", Share: true})
	a := ask(t, Asked{Have: "verifier", Need: "ood,diversity,safety"}, s, planned)
	f := only(t, a)
	same(t, "unmeasured there", f.Unmeasured, "diversity", "safety")
	if len(a.Gaps) != 2 || a.Gaps[0].Need != "diversity" || len(a.Gaps[0].Studies) != 1 ||
		len(a.Gaps[1].Studies) != 0 {
		t.Fatalf("%+v", a.Gaps)
	}
	same(t, "sentences", a.GapSentences(),
		"Not measured with what you have: diversity and safe refusals (safety).",
		"What would measure diversity: the study planned, with 100 runs: posttrain study run "+
			"planned --out out/planned.",
		"No study that is part of the program would measure safety in this situation.")
	a = ask(t, Asked{Have: "demos", Need: "ood"}, s, planned)
	if len(a.Gaps) != 1 || len(a.Gaps[0].Studies) != 0 {
		t.Errorf("nobody can do it with demonstrations: %+v", a.Gaps)
	}
	a = ask(t, Asked{Application: "safety"}, s, planned)
	if len(a.Found) != 0 || len(a.Gaps) != 3 {
		t.Errorf("nothing is about safety: %+v", a)
	}
}

// What is measured at the end alone is not known where a budget ends before.
func TestMeasuredAtTheEnd(t *testing.T) {
	s := study("s", arm("Reward", both(verifier, ends{0.9, 0.9, 0.9, 6}, 2)))
	e := &s.Experiments[0]
	e.Columns[1] = Column{Need: "diversity", Metric: "eval/id/pass_at_16", Share: true}
	c := &e.Arms[0].Configs[0]
	for _, runs := range [][]Run{c.Tune, c.Judge} {
		for i := range runs {
			runs[i].Values[1] = Numbers{0.5, runs[i].Values[0][quarters] - 0.1}
		}
	}
	if v := only(t, ask(t, Asked{Need: "diversity"}, s)).Rows[0].Values[0]; !v.Known ||
		v.Mean < 0.75 || v.AgainstBase == 0 {
		t.Errorf("%+v", v)
	}
	a := ask(t, Asked{Need: "diversity", Budget: "6e10flops"}, s)
	if v := only(t, a).Rows[0].Values[0]; v.Known || len(a.Gaps) != 1 {
		t.Errorf("%+v", v)
	}
}

// Arms of two studies with the same runs are one; other bases are another setting.
func TestStudiesAreJoined(t *testing.T) {
	a := arm("A", both(verifier, ends{0.9, 0.9, 0.9, 6}, 0))
	b := arm("B", both(demos, ends{0.9, 0.5, 0.9, 6}, 1))
	other := study("other", a)
	other.Experiments[0].Judge = Part{[]uint64{201, 202, 203, 204, 205}, []uint64{201, 202, 203}}
	answer := ask(t, Asked{Need: "ood"}, study("one", a), study("two", a, b), other)
	if len(answer.Found) != 2 {
		t.Fatalf("%d settings", len(answer.Found))
	}
	f := answer.Found[0]
	same(t, "studies", f.Studies, "one", "two")
	if len(f.Rows) != 2 {
		t.Fatalf("%d rows", len(f.Rows))
	}
	same(t, "studies of A", f.Rows[0].Studies, "one", "two")
	same(t, "studies of B", f.Rows[1].Studies, "two")

	// arms of one name with other configs are told apart
	b.Title = a.Title
	f = only(t, ask(t, Asked{Need: "ood"}, study("one", a), study("two", b)))
	same(t, "titles", []string{f.Rows[0].Title, f.Rows[1].Title}, "A (one/a)", "A (two/b)")
}

// What would change the answer is found by asking again.
func TestChanges(t *testing.T) {
	cheap, dear := both(demos, ends{0.8, 0.8, 0.3, 6}, 0), both(verifier, ends{1, 1, 0.9, 6}, 1)
	cheap.flops, dear.flops = 4e10, 4e11
	s := study("s", arm("Cheap", cheap), arm("Dear", dear))
	f := only(t, ask(t, Asked{Have: "demos,verifier", Need: "ood,retain", Budget: "1e11flops"}, s))
	changed := map[string][]string{}
	for _, c := range f.Changes {
		if !c.Same {
			changed[c.Title] = c.First
		}
	}
	want := map[string][]string{
		"without retain":         {"Cheap"},
		"without demonstrations": {"Dear"},
		"without a verifier":     {"Cheap"},
		"without ood":            {"Dear"},
		// Dear has no measurement by then
		"with half the FLOPs":             {"Cheap"},
		"at equal arithmetic, 4e10 FLOPs": {"Cheap"},
	}
	same(t, "first", f.first(), "Cheap", "Dear")
	if !reflect.DeepEqual(changed, want) {
		t.Errorf("changes %v, want %v", changed, want)
	}
	f = only(t, ask(t, Asked{Have: "own_demos", Need: "ood"}, s))
	if !slices.ContainsFunc(f.Changes, func(c Change) bool {
		return c.Title == "with a verifier too" && slices.Equal(c.First, []string{"Dear"})
	}) {
		t.Errorf("%+v", f.Changes)
	}
}

// The base before training is there to compare with.
func TestAgainstTheBase(t *testing.T) {
	f := only(t, ask(t, Asked{Need: "ood,retain"}, study("s",
		arm("Reward", both(verifier, ends{0.9, 0.9, 0.4, 6}, 2)),
		arm("Idle", both(demos, ends{0.45, 0.45, 0.95, 6}, 2)))))
	if v := f.Rows[0].Values; v[0].AgainstBase != 1 || v[1].AgainstBase != -1 {
		t.Errorf("%+v", v)
	}
	if v := f.Rows[1].Values; v[0].AgainstBase != 0 || v[1].AgainstBase != 0 {
		t.Errorf("%+v", v)
	}
	text := strings.Join(f.AgainstBase(), "\n")
	want := "Shown to be worse in retain than the base before training: Reward."
	if !strings.Contains(text, want) {
		t.Error(text)
	}
}

// JSON has null only for what was not said and for what is not known.
func TestAnswersHaveNoNull(t *testing.T) {
	s := study("s", arm("Reward", both(verifier, ends{0.9, 0.9, 0.9, 6}, 2)),
		arm("Own", both(demos, ends{0.9, 0.8, 0.6, 6}, 1)))
	for _, a := range []Asked{{Need: "ood,safety", Have: "verifier"},
		{Need: "ood", Have: "nothing"}, {Application: "safety", Have: "demos"}} {
		text, err := json.Marshal(ask(t, a, s))
		if err != nil || strings.Contains(string(text), "null") {
			t.Errorf("%v: %s", err, text)
		}
	}
}

// Costs are compared by their ratio: what takes eight times as much is behind by a factor of eight.
func TestCostsAreCompared(t *testing.T) {
	cheap, dear := both(verifier, ends{0.95, 0.9, 0.9, 6}, 0), both(verifier,
		ends{0.95, 0.9, 0.9, 6}, 1)
	dear.flops *= 8
	f := only(t, ask(t, Asked{Need: "cheap"}, study("s", arm("Cheap", cheap), arm("Dear", dear))))
	same(t, "first", f.first(), "Cheap")
	if len(f.Rows[1].Behind) != 1 {
		t.Fatalf("%+v", f.Rows[1].Behind)
	}
	b := f.Rows[1].Behind[0]
	if b.Ratio < 7 || b.Ratio > 9 || b.Interval.Low > b.Ratio || b.Interval.High < b.Ratio ||
		b.Interval.Low < 5 {
		t.Errorf("%+v %+v", b, b.Interval)
	}
	if text := f.Ranking()[1]; !strings.HasPrefix(text, "Dear is behind Cheap by a factor of 8") {
		t.Error(text)
	}
	for _, r := range f.Rows {
		for _, v := range r.Values {
			if v.Interval != nil && v.Interval.Low < 0 {
				t.Errorf("a cost below nothing: %+v", v.Interval)
			}
		}
	}
}

// Studies of failures are not asked, and settings with more to compare come first.
func TestWhichStudiesAreAsked(t *testing.T) {
	one := both(verifier, ends{0.9, 0.8, 0.9, 6}, 0)
	few, many, failure := study("few", arm("A", one)), study("many", arm("B", one),
		arm("C", one)), study("failure", arm("Broken", one), arm("D", one), arm("E", one))
	few.Experiments[0].Recipe, failure.Experiments[0].Recipe = "cards?x", "cards?y"
	failure.Failure = true
	a := ask(t, Asked{Need: "id"}, few, many, failure)
	var names []string
	for _, f := range a.Found {
		names = append(names, f.Studies...)
	}
	same(t, "asked", names, "many", "few")
}
