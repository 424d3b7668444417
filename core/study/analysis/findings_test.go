package analysis

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/design"
)

func TestUnfinishedStudiesAreNotJudged(t *testing.T) {
	s := parse(t, twoArms, atTarget)
	results := plant(s, reaching)
	f, err := Judge(s, registered(s), results[1:])
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Verdicts) != 0 || len(f.Missing) != 1 || f.Missing[0] != s.Cells()[0] {
		t.Errorf("%d verdicts, and %v is missing", len(f.Verdicts), f.Missing)
	}
	if _, err := Judge(s, registered(s), append(results, results[3])); err == nil ||
		!strings.Contains(err.Error(), "two results") {
		t.Error(err)
	}
	results[0].Base++
	if _, err := Judge(s, registered(s), results); err == nil ||
		!strings.Contains(err.Error(), "is no cell") {
		t.Error(err)
	}
}

// What was not measured is no 0.
func TestMissingMetrics(t *testing.T) {
	s := parse(t, twoArms, against)
	results := plant(s, func(c design.Cell) []at {
		return line(map[string]float64{id: 0.5}, map[string]float64{id: 0.5, prior: 0.7})
	})
	if _, err := Judge(s, registered(s), results); err == nil || !strings.Contains(err.Error(),
		"eval/prior/accuracy was not measured on the base") {
		t.Error(err)
	}
}

// What was registered and is gone, or was changed, still counts in the family. What was not
// registered does not.
func TestFamilies(t *testing.T) {
	s := parse(t, twoArms, against)
	results := plant(s, func(c design.Cell) []at {
		return line(map[string]float64{id: 0.5, prior: 0.2},
			map[string]float64{id: 0.5, prior: 0.7 + float64(c.Base%10)/50})
	})
	standing := registered(s)
	standing.Hypotheses["above"] = design.Unregistered
	standing.Hypotheses["below"] = design.Changed
	standing.Dropped = []string{"lost", "lost, too"}
	f, err := Judge(s, standing, results)
	if err != nil {
		t.Fatal(err)
	}
	base, above, below := f.Verdicts[0], f.Verdicts[1], f.Verdicts[2]
	near(t, "the registered one", base.Corrected, min(1, 4*base.P)) // two lost, one changed
	if base.Exploratory() || base.Family != 4 {
		t.Errorf("exploratory: %v, family %d", base.Exploratory(), base.Family)
	}
	for _, v := range []Verdict{above, below} {
		if !v.Exploratory() || v.Family != 5 || v.Corrected < v.P {
			t.Errorf("%s: exploratory: %v, family %d, p %v and %v", v.Name, v.Exploratory(),
				v.Family, v.P, v.Corrected)
		}
	}
}

// A correction can take away what an interval alone would decide.
func TestCorrected(t *testing.T) {
	s := parse(t, twoArms, further)
	standing := registered(s)
	standing.Dropped = []string{"one", "two"}
	f, err := Judge(s, standing, plant(s, func(c design.Cell) []at {
		v := 7.0
		if c.Arm == "a" {
			v += float64(c.Base - 100)
		}
		return line(map[string]float64{id: 0.5, kl: 0}, map[string]float64{id: 0.5, kl: v})
	}))
	if err != nil {
		t.Fatal(err)
	}
	v := f.Verdicts[0]
	near(t, "P", v.Corrected, 3*0.0241229)
	if v.Outcome != study.Inconclusive || !strings.Contains(v.Why, "correction for 3 hypotheses") {
		t.Errorf("it is %s: %s", v.Outcome, v.Why)
	}
}

// densities has no bases, so that seeds are what is sampled.
const densities = `name: densities
title: Densities
question: Is there a mode left?
experiments:
  - name: one
    recipe: densities
    seeds: {judge: 201..206}
    arms:
      - name: a
        title: A
        lane: sft,steps=20
hypotheses:
HYPOTHESES
`

func TestWithoutBases(t *testing.T) {
	s := parse(t, densities, `  - name: far
    says: It moves
    metric: eval/id/kl_base_policy_nats
    higher: a
    lower: 1
    by: 0
`)
	f := judge(t, s, func(c design.Cell) []at {
		return line(map[string]float64{"eval/id/kl_base_policy_nats": 0},
			map[string]float64{"eval/id/kl_base_policy_nats": 2 + (float64(c.Seed)-203)/10})
	})
	v := f.Verdicts[0]
	if v.Outcome != study.Reproduced || v.Bases != 0 || v.Seeds != 6 {
		t.Errorf("it is %s (%s) on %d bases and %d seeds", v.Outcome, v.Why, v.Bases, v.Seeds)
	}
}

// One base that takes much more than the others would give an interval with costs below nothing.
func TestCostsAreNotNegative(t *testing.T) {
	f := judge(t, parse(t, twoArms, further), func(c design.Cell) []at {
		cost := 10.0
		if c.Base == 105 {
			cost = 1000
		}
		return line(map[string]float64{id: 0.5, kl: 0}, map[string]float64{id: 0.5, kl: 1,
			flops: cost})
	})
	arm := design.ArmName{Experiment: "cards", Arm: "a"}
	m, ok := f.Mean(arm, f.Study.Experiments[0].Arms[0].Configs[0], design.Judge,
		design.Point{Where: design.End}, flops)
	if !ok || m.Interval == nil || m.Interval.Low != 0 || m.Interval.High < 208 {
		t.Errorf("%+v", m)
	}
}
