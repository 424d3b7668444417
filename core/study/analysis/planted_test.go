package analysis

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

const (
	id    = "eval/id/accuracy"
	prior = "eval/prior/accuracy"
	kl    = "eval/id/kl_base_policy_nats"
	flops = "cost/flops"
)

// twoArms is a study with five bases and two seeds. HYPOTHESES stands for its hypotheses.
const twoArms = `name: planted
title: Planted
question: Which arm is better?
experiments:
  - name: cards
    recipe: cards?eval_every=10&eval_prompts=16
    bases: {tune: 11..12, judge: 101..105}
    seeds: {tune: 11, judge: 201..202}
    arms:
      - name: a
        title: A
        lane: sft,lr=1e-4|2e-4,steps=20
      - name: b
        title: B
        lane: grpo,lr=1e-4|2e-4,steps=20
      - name: c
        title: C
        lane: rft,lr=1e-4|2e-4,steps=20
hypotheses:
HYPOTHESES
analysis: {resamples: 200, level: 0.95, correction: holm}
`

func parse(t *testing.T, text, hypotheses string) *design.Study {
	t.Helper()
	text = strings.Replace(text, "HYPOTHESES", hypotheses, 1)
	s, err := design.Parse(recipe.Standard(), []byte(text), design.Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return s
}

// at is a measurement of a planted run.
type at struct {
	step    int
	metrics map[string]float64 // costs too
}

// plant returns a result of every cell, with the measurements that curve returns for it.
func plant(s *design.Study, curve func(c design.Cell) []at) (all []cells.Result) {
	for _, c := range s.Cells() {
		r := cells.Result{Experiment: c.Experiment, Arm: c.Arm, Config: c.Config, Base: c.Base,
			Seed: c.Seed, Part: c.Part, Outcome: cells.Outcome{ID: c.ID(), Link: c.Link}}
		for _, m := range curve(c) {
			p := cells.Point{Step: m.step, Metrics: map[string]float64{}, Cost: cells.Cost{}}
			for _, e := range protocol.Ledger() {
				p.Cost[e.Name] = 0
			}
			for name, v := range m.metrics {
				if cost, ok := strings.CutPrefix(name, "cost/"); ok {
					p.Cost[cost] = v
				} else if _, known := eval.Define(name); known {
					p.Metrics[name] = v
				}
			}
			r.Curve = append(r.Curve, p)
		}
		last := r.Curve[len(r.Curve)-1]
		r.Steps, r.Before, r.After, r.Cost = last.Step, r.Curve[0].Metrics, last.Metrics, last.Cost
		all = append(all, r)
	}
	return all
}

// registered is the standing of a study all of whose hypotheses were registered before.
func registered(s *design.Study) design.Standing {
	standing := design.Standing{Study: design.Registered, Hypotheses: map[string]design.State{}}
	for _, h := range s.Hypotheses {
		standing.Hypotheses[h.Name] = design.Registered
	}
	return standing
}

func judge(t *testing.T, s *design.Study, curve func(c design.Cell) []at) *Findings {
	t.Helper()
	f, err := Judge(s, registered(s), plant(s, curve))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// line returns a curve with a measurement at the start and one at the end.
func line(start, end map[string]float64) []at { return []at{{0, start}, {20, end}} }
