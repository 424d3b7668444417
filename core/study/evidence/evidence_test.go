package evidence

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// small is a study with two bases, a seed and two experiments, of which one has no network.
const small = `name: small
title: Small
question: What is kept of it?
experiments:
  - name: cards
    recipe: cards?eval_every=10&eval_prompts=16&passk=24
    bases: {tune: 11, judge: 101..102}
    seeds: {tune: 11, judge: 201..202}
    arms:
      - name: sft
        title: SFT
        lane: sft,lr=1e-4|2e-4,steps=20
      - name: both
        title: SFT, then GRPO
        lanes: ["sft,style=y,steps=10~grpo,steps=10", "sft,style=y,steps=5~grpo,steps=15"]
  - name: modes
    recipe: densities
    seeds: {judge: 1..2}
    arms:
      - name: sft
        title: Modes
        lane: sft,samples=40,steps=100
`

func parse(t *testing.T) (*recipe.Catalogue, *design.Study) {
	t.Helper()
	c := recipe.Standard()
	s, err := design.Parse(c, []byte(small), design.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

// plant returns a result for each cell. Accuracies tell base, seed and step.
func plant(s *design.Study) (all []cells.Result) {
	for _, c := range s.Cells() {
		r := cells.Result{Experiment: c.Experiment, Arm: c.Arm, Config: c.Config, Base: c.Base,
			Seed: c.Seed, Part: c.Part, Outcome: cells.Outcome{ID: c.ID(), Link: c.Link, Steps: 20}}
		for i, step := range []int{0, 10, 10, 20} {
			p := cells.Point{Stage: i / 2, Step: step, Metrics: map[string]float64{},
				Cost: cells.Cost{}}
			for _, e := range protocol.Ledger() {
				p.Cost[e.Name] = 0
			}
			p.Cost["flops"] = float64(1e9 * step)
			for _, metric := range []string{"eval/id/accuracy", "eval/ood/accuracy",
				"eval/prior/accuracy"} {
				p.Metrics[metric] = float64(c.Base)/1000 + float64(c.Seed)/1e5 +
					float64(step)/1e3
			}
			p.Metrics["eval/id/response_tokens"] = 5
			r.Curve = append(r.Curve, p)
		}
		r.Before = map[string]float64{"eval/ood/pass_at_16": 0.4}
		r.After = map[string]float64{"eval/ood/pass_at_16": 0.8}
		for metric, v := range r.Curve[3].Metrics {
			r.Before[metric], r.After[metric] = r.Curve[0].Metrics[metric], v
		}
		r.Cost = r.Curve[3].Cost
		all = append(all, r)
	}
	return all
}

func TestOf(t *testing.T) {
	c, s := parse(t)
	got, err := Of(c, s, plant(s), "digest")
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "small" || got.Cells != len(s.Cells()) || got.Results != "digest" ||
		len(got.Experiments) != 1 {
		t.Fatalf("%+v", got)
	}
	e := got.Experiments[0]
	if e.Task != "cards" || len(e.Arms) != 2 || !slices.Equal(e.Judge.Bases, []uint64{101, 102}) {
		t.Errorf("%+v", e)
	}
	var metrics []string
	for _, c := range e.Columns {
		metrics = append(metrics, c.Need+" "+c.Metric)
	}
	if want := []string{"id eval/id/accuracy", "ood eval/ood/accuracy", "retain " +
		"eval/prior/accuracy", "diversity eval/ood/pass_at_16", "short eval/id/response_tokens",
	}; !slices.Equal(metrics, want) {
		t.Errorf("columns %q, want %q", metrics, want)
	}
	for _, a := range e.Arms {
		for _, c := range a.Configs {
			if len(c.Tune) != 1 || len(c.Judge) != 4 {
				t.Fatalf("%s has %d and %d runs", c.Lane, len(c.Tune), len(c.Judge))
			}
			for i, r := range c.Judge {
				base, seed := 101+i/2, 201+i%2
				first := float64(base)/1000 + float64(seed)/1e5
				if !slices.Equal(r.Steps, guide.Numbers{0, 10, 20}) || len(r.Costs[0]) != 3 ||
					len(r.Costs[1]) != 0 || r.Values[0][0] != first ||
					!slices.Equal(r.Values[3], guide.Numbers{0.4, 0.8}) ||
					!strings.Contains(r.Link, c.Lane) {
					t.Errorf("run %d of %s: %+v", i, c.Lane, r)
				}
			}
		}
	}
	text, err := guide.Encode(got)
	if err != nil {
		t.Fatal(err)
	}
	back, err := guide.Decode(text)
	if err != nil || back.Experiments[0].Arms[1].Configs[1].Judge[3].Values[1][2] == 0 {
		t.Errorf("%v, %+v", err, back)
	}
}

func TestOfRefuses(t *testing.T) {
	c, s := parse(t)
	all := plant(s)
	var unfinished Unfinished
	if _, err := Of(c, s, all[:5], "d"); !errors.As(err, &unfinished) ||
		unfinished.Missing != len(all)-5 {
		t.Errorf("unfinished: %v", err)
	}
	if _, err := Of(c, s, append(all[:len(all)-1:len(all)-1], all[0]), "d"); err == nil ||
		!strings.Contains(err.Error(), "there are two results of cards") {
		t.Errorf("twice: %v", err)
	}
	all[3].Seed = 999
	if _, err := Of(c, s, all, "d"); err == nil ||
		!strings.Contains(err.Error(), "is no cell of the study small") {
		t.Errorf("of another study: %v", err)
	}
	got, err := Of(c, s, nil, "")
	if err != nil || got.Results != "" || got.Experiments[0].Arms[0].Configs[0].Judge != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// What a lane cannot train without follows from its methods and settings.
func TestInputs(t *testing.T) {
	for link, want := range map[string][]guide.Input{
		"cards?lane=sft":             {guide.OwnDemos},
		"cards?lane=sft,style=y":     {guide.ForeignDemos},
		"cards?lane=sft,prior=0.1":   {guide.OwnDemos, guide.OldDemos},
		"cards?lane=sft_replay":      {guide.OwnDemos, guide.OldDemos},
		"cards?lane=grpo":            {guide.Verifier},
		"cards?lane=rft":             {guide.Verifier},
		"cards?lane=sft~grpo":        {guide.OwnDemos, guide.Verifier},
		"cards?lane=luffy":           {guide.OwnDemos, guide.Verifier},
		"cards?lane=dpo":             {guide.Labels},
		"taste?lane=rlhf":            {guide.RewardModel},
		"cards?lane=opd":             {guide.Teacher},
		"cards?lane=gkd":             {guide.OwnDemos, guide.Teacher},
		"maze?lane=sft":              {guide.ForeignDemos},
		"maze?lane=sft,style=walk":   {guide.OwnDemos},
		"facts?lane=sft":             {guide.OtherDemos},
		"parity?lane=sft,style=long": {guide.OtherDemos},
	} {
		r, err := recipe.Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Lanes[0].Inputs(); !slices.Equal(got, want) {
			t.Errorf("%s needs %v, want %v", link, got, want)
		}
	}
	c := recipe.Standard()
	for _, m := range c.Methods() {
		r, err := c.Parse("cards?lane=" + m.Name)
		if err != nil {
			t.Fatal(err)
		}
		if r.Lanes[0].Inputs() == nil {
			t.Errorf("%s learns from nothing", m.Name)
		}
	}
}

// The tasks of an application measure what is needed there. Diversity is measured if a recipe asks
// for it.
func TestApplicationsMeasureTheirNeeds(t *testing.T) {
	c := recipe.Standard()
	for _, a := range guide.Applications() {
		for _, task := range a.Tasks {
			r, err := c.ParseTask(task + "?passk=8")
			if err != nil {
				t.Fatal(err)
			}
			of := columns(r)
			for _, need := range a.Needs {
				if !slices.ContainsFunc(of, func(c guide.Column) bool { return c.Need == need }) {
					t.Errorf("%s: %s does not measure %s", a.Name, task, need)
				}
			}
		}
	}
	safety := 0
	r, err := c.ParseTask("refusal")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns(r) {
		if c.Need == "safety" {
			safety++
		}
	}
	if safety != 2 {
		t.Errorf("safety has %d columns: want refusal and too much of it", safety)
	}
}

// What hypotheses, figures and the guide look at stays in curves, and everything at the ends of
// runs; the rest of the curves goes.
func TestSmall(t *testing.T) {
	c, s := parse(t)
	s.Hypotheses = []design.Hypothesis{{Law: &design.Law{X: "eval/id/entropy_nats",
		Y: "cost/flops"}}, {Comparison: &design.Comparison{Metric: "eval/ood/calibration_error",
		At:     design.Point{Where: design.Reach, Metric: "eval/id/accuracy_greedy"},
		Choose: &design.Choice{Metric: "eval/ood/reward"}}}}
	stays := []string{"eval/id/entropy_nats", "eval/ood/calibration_error", "eval/ood/reward",
		"eval/id/accuracy_greedy", "eval/id/accuracy", "eval/prior/accuracy",
		"eval/id/response_tokens", "eval/id/kl_base_policy_nats", "eval/id/kl_policy_base_nats"}
	goes := []string{"eval/ood/entropy_nats", "weights/unchanged_share",
		"eval/id/kl_policy_base_token_nats"}
	all := plant(s)
	for _, r := range all {
		for _, metric := range slices.Concat(stays, goes) {
			r.Curve[1].Metrics[metric], r.After[metric] = 0.5, 0.5
		}
	}
	before, err := Of(c, s, all, "")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Small(c, s, all)
	if err != nil {
		t.Fatal(err)
	}
	p := got[0].Curve[1]
	for _, metric := range stays {
		if _, there := p.Metrics[metric]; !there {
			t.Errorf("%s is gone", metric)
		}
	}
	for _, metric := range goes {
		if _, there := p.Metrics[metric]; there {
			t.Errorf("%s has stayed", metric)
		}
	}
	if !reflect.DeepEqual(got[0].After, all[0].After) || !reflect.DeepEqual(p.Cost,
		all[0].Curve[1].Cost) {
		t.Error("the end of a run or a cost is another one")
	}
	if after, err := Of(c, s, got, ""); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the guide sees something else: %v", err)
	}
}
