package design

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// sample has something of everything.
const sample = `name: sample
title: A sample
question: Which is better?
doc: |
  Nothing is argued here.
experiments:
  - name: hands
    recipe: cards?eval_prompts=64&base=cards,dim=32
    bases: {tune: 11, judge: 101..103}
    seeds: {tune: 21..22, judge: 201|203}
    arms:
      - name: sft
        title: SFT
        lane: sft,lr=1e-3|3e-3,steps=100
      - name: grpo
        lanes:
          - grpo,lr=2e-4,beta=0,steps=50
          - sft,steps=10~grpo,lr=2e-4,beta=0,steps=50
      - name: plain
        lane: sft,style=y,steps=5
      - name: other
        lane: rft|dft,steps=5
  - name: lines
    recipe: densities
    seeds: {judge: 1..3}
    arms:
      - name: seeking
        lane: reinforce
      - name: covering
        lane: sft
hypotheses:
  - name: better
    says: GRPO is better at the other rule
    cite: Chu et al. 2025, arXiv:2501.17161
    metric: eval/ood/accuracy
    higher: grpo
    lower: hands/sft
    by: 0.1
    at: {reach: {eval/id/accuracy: 0.8}}
    choose: {highest: eval/id/accuracy}
  - name: keeps
    says: Seeking keeps more of the old mode
    metric: eval/prior/overlap
    higher: seeking
    lower: covering
    by: 0.05
  - name: law
    says: The further, the less
    law:
      x: eval/id/kl_base_policy_nats
      y: eval/prior/accuracy
      arms: [sft, grpo]
      below: -0.8
analysis: {resamples: 5000, level: 0.9, correction: none}
`

// with returns the sample with a part replaced.
func with(t *testing.T, old, new string) string {
	t.Helper()
	if strings.Count(sample, old) != 1 {
		t.Fatalf("%q is %d times in the sample", old, strings.Count(sample, old))
	}
	return strings.Replace(sample, old, new, 1)
}

func parse(t *testing.T, text string) *Study {
	t.Helper()
	s, err := Parse(recipe.Standard(), []byte(text), Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return s
}

func TestParse(t *testing.T) {
	s := parse(t, sample)
	if s.Name != "sample" || s.Title != "A sample" || s.Question != "Which is better?" ||
		s.Doc != "Nothing is argued here." || s.Analysis != (Analysis{5000, 0.9, NoCorrection}) {
		t.Errorf("read as %+v", s)
	}
	got := fmt.Sprintf("%+v", s.Experiments)
	want := "[{Name:hands Recipe:cards?eval_prompts=64&base=cards,dim=32 " +
		"Bases:{Tune:[11] Judge:[101 102 103]} Seeds:{Tune:[21 22] Judge:[201 203]} Arms:[" +
		"{Name:sft Title:SFT Configs:[sft,steps=100 sft,lr=0.003,steps=100]} " +
		"{Name:grpo Title:grpo Configs:[grpo,lr=0.0002,beta=0,steps=50 " +
		"sft,steps=10~grpo,lr=0.0002,beta=0,steps=50]} " +
		"{Name:plain Title:plain Configs:[sft,steps=5,style=y]} " +
		"{Name:other Title:other Configs:[rft,steps=5 dft,steps=5]}]} " +
		"{Name:lines Recipe:densities Bases:{Tune:[] Judge:[]} Seeds:{Tune:[] Judge:[1 2 3]} " +
		"Arms:[{Name:seeking Title:seeking Configs:[reinforce]} " +
		"{Name:covering Title:covering Configs:[sft]}]}]"
	if got != want {
		t.Errorf("experiments\n%s\nwant\n%s", got, want)
	}
	if got := fmt.Sprint(s.Exploratory()); got != "[hands/plain hands/other]" {
		t.Errorf("exploratory arms %s", got)
	}
	for i, want := range []string{
		"eval/ood/accuracy of grpo is above that of sft by more than 0.1, where " +
			"eval/id/accuracy reaches 0.8. Of each arm the config counts whose eval/id/accuracy " +
			"is highest there in the tuning part.",
		"eval/prior/overlap of seeking is above that of covering by more than 0.05, at the end " +
			"of the run.",
		"Over all runs of sft and grpo on one base, the rank correlation of " +
			"eval/id/kl_base_policy_nats and eval/prior/accuracy at their ends is below -0.8, as " +
			"the mean over bases.",
	} {
		if got := s.Hypotheses[i].Words(); got != want {
			t.Errorf("in words:\n%s\nwant\n%s", got, want)
		}
	}
}

// A study needs no more than this.
func TestShortestStudy(t *testing.T) {
	s := parse(t, `{name: a, title: A, question: A?, experiments: [{name: e, recipe: cards,
  bases: {judge: 3}, seeds: {judge: 4}, arms: [{name: b, lane: sft}]}]}`)
	if len(s.Cells()) != 1 || s.Analysis != (Analysis{2000, 0.95, Holm}) {
		t.Errorf("%+v", s)
	}
}

// Editors of other systems write files in their own way.
func TestEditors(t *testing.T) {
	want := parse(t, sample).Lock()
	for _, text := range []string{strings.ReplaceAll(sample, "\n", "\r\n"), "\ufeff" + sample,
		"---\n" + sample, "# a comment\n\n" + sample + "\n...\n",
		"# " + strings.Repeat("- [", 300) + strings.Repeat("-", 300) + "\n" + sample} {
		if got := parse(t, text).Lock(); got != want {
			t.Errorf("read as\n%s", got.Text)
		}
	}
}

func TestWords(t *testing.T) {
	for change, want := range map[string]string{
		"by: 0.05": "above that of covering by more than 0.05",
		"by: 0":    "of seeking is above that of covering, at",
		"by: -0.1": "of seeking is not below that of covering by 0.1 or more, at",
		"ratio: 2": "of seeking is more than 2 times that of covering, at",
	} {
		s := parse(t, with(t, "by: 0.05", change))
		if got := s.Hypotheses[1].Words(); !strings.Contains(got, want) {
			t.Errorf("%s: %s", change, got)
		}
	}
	for change, want := range map[string]string{
		"lower: 0.5":  "eval/prior/overlap of seeking is above 0.55, at the end of the run.",
		"lower: base": "eval/prior/overlap of seeking is above that of the base by more than 0.05",
	} {
		s := parse(t, with(t, "lower: covering", change))
		if got := s.Hypotheses[1].Words(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", change, got)
		}
	}
}

func TestExpand(t *testing.T) {
	for lane, want := range map[string]string{
		"sft":             "sft",
		"sft|dft,lr=1e-3": "sft,lr=1e-3 dft,lr=1e-3",
		"sft,lr=1|2,steps=3..5": "sft,lr=1,steps=3 sft,lr=1,steps=4 sft,lr=1,steps=5 " +
			"sft,lr=2,steps=3 sft,lr=2,steps=4 sft,lr=2,steps=5",
		"sft,steps=1|2~grpo,group=4": "sft,steps=1~grpo,group=4 sft,steps=2~grpo,group=4",
		"sft,style=x|y,lr=0,001":     "sft,style=x,lr=0,001 sft,style=y,lr=0,001",
	} {
		got, err := expand(lane)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q (%v), want %s", lane, got, err, want)
		}
	}
}
