package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
)

// The parts of a lesson that have runs.
const (
	firstRun  = "first run"
	secondRun = "second run"
	exercise1 = "exercise 1"
	exercise2 = "exercise 2"
)

// taught is a run that docs/teaching.md tells of.
type taught struct {
	lesson, part string
	link         string
	lanes        []string // in place of the link's
	metrics      string   // that are shown of each lane, with blanks between; "" means the lesson's
	// facts are the statements of the text about the numbers that lessons do not make already, with
	// ; between them: LANE METRIC < VALUE or LANE METRIC < LANE METRIC, or with a >.
	facts string
}

func (r taught) command() string {
	words := []string{"posttrain", "run", r.link}
	for _, lane := range r.lanes {
		words = append(words, "--lane", lane)
	}
	return recipe.ShellCommand(words...)
}

// recorded is what a run gave. The long tier computes it again.
type recorded struct {
	Command string             `json:"command"`
	Engine  int                `json:"engine"`
	Base    map[string]float64 `json:"base"` // the metrics that the page needs
	Lanes   []recordedLane     `json:"lanes"`
}

type recordedLane struct {
	Label   string             `json:"label"`
	Digest  string             `json:"digest"`
	Metrics map[string]float64 `json:"metrics"` // the metrics that the page needs
}

// teachingRecord has what the runs of docs/teaching.md gave, so that the page can be written
// without computing them.
var teachingRecord = filepath.Join("testdata", "teaching.json")

// records returns what the runs of docs/teaching.md gave, by command.
func records(t *testing.T) map[string]recorded {
	t.Helper()
	text, err := os.ReadFile(teachingRecord)
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatalf("%s: %v", teachingRecord, err)
	}
	byCommand := map[string]recorded{}
	for _, r := range all {
		byCommand[r.Command] = r
	}
	return byCommand
}

// value returns a metric of a lane, or of the base.
func (r recorded) value(lane, metric string) (v float64, ok bool) {
	if lane == recipe.OfBase {
		v, ok = r.Base[metric]
		return v, ok
	}
	for _, l := range r.Lanes {
		if l.Label == lane {
			v, ok = l.Metrics[metric]
		}
	}
	return v, ok
}

// allTaught returns the runs of a lesson's section in docs/teaching.md.
func allTaught(name string) []taught {
	all := []taught{{lesson: name, part: firstRun, link: name}}
	for _, r := range teachingRuns {
		if r.lesson == name {
			all = append(all, r)
		}
	}
	return all
}

// place is a measured value that a lesson shows.
type place struct{ lane, metric string }

var places = regexp.MustCompile("`=(\\S+) (\\S+)`")

// placesOf returns the values that a lesson shows of its first run, or of its second one, in the
// order in which they come. What is asked of the student to change stands between both.
func placesOf(t *testing.T, name, part string) (all []place) {
	t.Helper()
	source, err := lesson.Source(name)
	if err != nil {
		t.Fatal(err)
	}
	first, second, ok := strings.Cut(string(source), `goal="change `)
	if !ok {
		t.Fatalf("lesson %s has no step in which a setting is changed", name)
	}
	text := first
	if part == secondRun {
		text = second
	}
	for _, found := range places.FindAllStringSubmatch(text, -1) {
		if p := (place{found[1], fullName(found[2])}); !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// fullName returns the name of a metric in the dictionary. A lesson leaves out "eval/".
func fullName(metric string) string {
	if strings.HasPrefix(metric, "cost/") || strings.HasPrefix(metric, "weights/") {
		return metric
	}
	return "eval/" + metric
}

// shown returns the values that docs/teaching.md shows of a run, in the order of its rows.
func (r taught) shown(t *testing.T) (all []place) {
	t.Helper()
	if r.metrics == "" {
		return placesOf(t, r.lesson, r.part)
	}
	for _, label := range r.recipe(t).Labels() {
		for _, metric := range strings.Fields(r.metrics) {
			all = append(all, place{label, fullName(metric)})
		}
	}
	return all
}

// recipe returns the recipe that the run's command makes.
func (r taught) recipe(t *testing.T) *recipe.Recipe {
	t.Helper()
	made, err := recipe.Standard().Parse(r.link, r.lanes...)
	if err == nil {
		err = made.Ready()
	}
	if err != nil {
		t.Fatalf("%s: %v", r.command(), err)
	}
	return made
}

// fact compares two numbers of a run.
type fact struct {
	text        string
	left, right operand
	less        bool
}

// operand is a number, or the place of one.
type operand struct {
	place
	number float64
}

func (r taught) factList(t *testing.T) (all []fact) {
	t.Helper()
	for text := range strings.SplitSeq(r.facts, ";") {
		words := strings.Fields(text)
		if len(words) == 0 {
			continue
		}
		if len(words) < 4 || len(words) > 5 || words[2] != "<" && words[2] != ">" {
			t.Fatalf("%s: the fact %q: want LANE METRIC < VALUE", r.command(), text)
		}
		f := fact{text: strings.Join(words, " "), less: words[2] == "<",
			left: operand{place: place{words[0], fullName(words[1])}}}
		if len(words) == 5 {
			f.right.place = place{words[3], fullName(words[4])}
		} else if _, err := fmt.Sscan(words[3], &f.right.number); err != nil {
			t.Fatalf("%s: the fact %q: %v", r.command(), text, err)
		}
		all = append(all, f)
	}
	return all
}

// of returns the operand's number in a run.
func (o operand) of(r recorded) (float64, bool) {
	if o.metric == "" {
		return o.number, true
	}
	return r.value(o.lane, o.metric)
}

// needs returns the metrics of a run that are recorded.
func (r taught) needs(t *testing.T) (names []string) {
	t.Helper()
	for _, p := range r.shown(t) {
		names = append(names, p.metric)
	}
	for _, f := range r.factList(t) {
		names = append(names, f.left.metric, f.right.metric)
	}
	for _, other := range teachingRuns { // the second run is shown beside the first
		if r.part == firstRun && other.lesson == r.lesson && other.part == secondRun {
			names = append(names, other.needs(t)...)
		}
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return name == "" })
}

// record returns the part of a result that docs/teaching.md needs.
func (r taught) record(t *testing.T, result *study.Result) recorded {
	kept := recorded{Command: r.command(), Engine: train.Engine, Base: map[string]float64{}}
	for _, lane := range result.Lanes {
		l := recordedLane{lane.Label, lane.Digest, map[string]float64{}}
		for _, name := range r.needs(t) {
			if v, ok := lane.Value(name); ok {
				l.Metrics[name] = v
			}
			if v, ok := result.Base[name]; ok {
				kept.Base[name] = v
			}
		}
		kept.Lanes = append(kept.Lanes, l)
	}
	return kept
}

// teachingRuns are the runs of docs/teaching.md beside the first one of each lesson.
var teachingRuns = []taught{
	{lesson: "annotator", part: secondRun, link: "annotator", lanes: []string{
		"dpo,steps=100", "dpo,flip=0.2,steps=100", "dpo,length_bias=-0.3,steps=100"}},
	{lesson: "annotator", part: exercise1, link: "annotator",
		lanes:   []string{"dpo,steps=100", "dpo,flip=0.4,steps=100"},
		metrics: "id/reward id/response_tokens id/kl_base_policy_nats",
		facts: `dpo-2 id/reward < dpo id/reward; dpo-2 id/reward > base id/reward;
			dpo-2 id/response_tokens < 14; dpo-2 id/kl_base_policy_nats < dpo
			id/kl_base_policy_nats`},
	{lesson: "annotator", part: exercise2, link: "annotator",
		lanes: []string{"dpo,length_bias=0.1,steps=100", "dpo,length_bias=0.3,steps=100",
			"dpo,length_bias=1,steps=100"},
		metrics: "id/reward id/response_tokens",
		facts: `dpo id/reward > dpo-2 id/reward; dpo-2 id/reward > dpo-3 id/reward;
			dpo id/response_tokens < dpo-2 id/response_tokens; dpo-2 id/response_tokens < dpo-3
			id/response_tokens`},

	{lesson: "coldstart", part: secondRun, link: "coldstart", lanes: []string{
		"grpo,lr=0.001,beta=0,steps=200", "sft,lr=0.002,steps=30~grpo,lr=0.001,beta=0,steps=180",
		"sft,lr=0.002,steps=40~grpo,lr=0.001,beta=0,steps=160", "superrl,lr=0.001,steps=200"}},
	{lesson: "coldstart", part: exercise1, link: "coldstart",
		lanes:   []string{"grpo,lr=0.001,beta=0,group=32,steps=50"},
		metrics: "id/accuracy id/kl_base_policy_nats cost/verifier_calls",
		facts:   `grpo id/accuracy < 0.001; grpo id/kl_base_policy_nats < 0.1`},
	{lesson: "coldstart", part: exercise2, link: "coldstart",
		lanes:   []string{"sft,lr=0.002,steps=200"},
		metrics: "id/accuracy ood/accuracy shallow/accuracy",
		facts: `sft id/accuracy > 0.95; sft ood/accuracy < 0.05;
			sft shallow/accuracy < 0.05`},

	{lesson: "compose", part: secondRun, link: "compose?seed=2"},
	{lesson: "compose", part: exercise1, link: "compose",
		lanes:   []string{"sft,steps=100", "sft,lr=3e-4,steps=100"},
		metrics: "id/accuracy ood/accuracy four/accuracy id/kl_base_policy_nats",
		facts: `sft-2 ood/accuracy > 0.8; sft ood/accuracy < 0.5; sft-2 id/accuracy > 0.95;
			sft-2 id/kl_base_policy_nats < sft id/kl_base_policy_nats`},
	{lesson: "compose", part: exercise2, link: "compose",
		lanes:   []string{"grpo,beta=0,steps=40", "grpo,beta=0,steps=120"},
		metrics: "id/accuracy ood/accuracy four/accuracy",
		facts: `grpo id/accuracy < grpo-2 id/accuracy; grpo ood/accuracy > grpo-2 ood/accuracy;
			grpo id/accuracy > 0.94`},

	{lesson: "cost", part: secondRun, link: "cost", lanes: []string{
		"sft,lr=0.001,demos=16,steps=25", "grpo,lr=0.001,beta=0,steps=40", "opd,lr=0.001,steps=50",
		"sft,lr=0.001,demos=32,steps=10~grpo,lr=0.001,beta=0,steps=30"}},
	{lesson: "cost", part: exercise1, link: "cost",
		lanes: []string{"sft,lr=1e-3,demos=16,steps=25", "sft,lr=1e-3,demos=64,steps=25",
			"sft,lr=1e-3,demos=500,steps=25"},
		metrics: "id/accuracy cost/demonstrations cost/flops",
		facts: `sft id/accuracy < sft-2 id/accuracy; sft-2 id/accuracy < sft-3 id/accuracy;
			sft id/accuracy < 0.7; sft-3 id/accuracy > 0.95`},
	{lesson: "cost", part: exercise2, link: "cost",
		lanes: []string{"grpo,lr=1e-3,beta=0,group=4,steps=40",
			"grpo,lr=1e-3,beta=0,group=16,steps=40"},
		metrics: "id/accuracy cost/verifier_calls cost/flops",
		facts: `grpo id/accuracy < grpo-2 id/accuracy; grpo id/accuracy > 0.9;
			grpo-2 id/accuracy < 0.98`},

	{lesson: "densities", part: secondRun, link: "densities", lanes: []string{"sft,slow=1",
		"reinforce,slow=1", "sft,modes=one,lr=0.05,steps=500",
		"reinforce,modes=one,lr=0.005,steps=500"}},
	{lesson: "densities", part: exercise1, link: "densities",
		lanes:   []string{"sft", "reinforce", "reinforce,draws=whole"},
		metrics: "id/overlap prior/overlap",
		facts: `reinforce-2 prior/overlap < reinforce prior/overlap; reinforce-2 id/overlap < 0.85;
			reinforce-2 prior/overlap < 0.72; sft prior/overlap > 0.65;
			reinforce id/overlap > 0.9`},
	{lesson: "densities", part: exercise2, link: "densities",
		lanes:   []string{"sft,slow=0.05", "reinforce,slow=0.05"},
		metrics: "id/overlap prior/overlap",
		facts: `reinforce prior/overlap > sft prior/overlap; sft prior/overlap < 0.4;
			reinforce prior/overlap > 0.6`},

	{lesson: "entropy", part: secondRun, link: "entropy", lanes: []string{
		"grpo,beta=0,epochs=2,steps=120", "dapo,epochs=2,steps=120", "clip_cov,epochs=2,steps=120",
		"grpo,beta=0,epochs=2,entropy=0.1,steps=120"}},
	{lesson: "entropy", part: exercise1, link: "entropy",
		lanes:   []string{"grpo,beta=0,epochs=1,steps=120", "grpo,beta=0,epochs=2,steps=120"},
		metrics: "id/entropy_nats id/reward cost/verifier_calls",
		facts: `grpo id/entropy_nats > grpo-2 id/entropy_nats;
			grpo id/reward > grpo-2 id/reward; grpo-2 id/reward > 0.88`},
	{lesson: "entropy", part: exercise2, link: "entropy",
		lanes:   []string{"grpo,beta=0,epochs=2,steps=120", "grpo,beta=0.1,epochs=2,steps=120"},
		metrics: "id/entropy_nats id/reward id/kl_base_policy_nats",
		facts: `grpo-2 id/entropy_nats > 1; grpo-2 id/reward < grpo id/reward;
			grpo-2 id/kl_base_policy_nats < grpo id/kl_base_policy_nats`},

	{lesson: "hacking", part: secondRun, link: "hacking", lanes: []string{
		"rlhf,beta=0,pairs=4000,steps=100", "rlhf,beta=0.3,steps=100", "dpo,group=4,steps=100"}},
	{lesson: "hacking", part: exercise1, link: "hacking",
		lanes:   []string{"rlhf,beta=0,steps=20", "rlhf,beta=0,steps=100"},
		metrics: "id/reward id/kl_base_policy_nats prior/accuracy",
		facts: `rlhf id/reward > base id/reward; rlhf-2 id/reward < base id/reward;
			rlhf prior/accuracy > 0.75; rlhf-2 prior/accuracy < 0.1`},
	{lesson: "hacking", part: exercise2, link: "hacking",
		lanes:   []string{"rlhf,lr=1e-4,beta=0,steps=100", "rlhf,beta=0.3,steps=100"},
		metrics: "id/reward id/kl_base_policy_nats prior/accuracy",
		facts: `rlhf id/reward > base id/reward; rlhf id/reward < rlhf-2 id/reward;
			rlhf id/kl_base_policy_nats < 10; rlhf prior/accuracy < rlhf-2 prior/accuracy`},

	{lesson: "hybrids", part: secondRun, link: "hybrids?seed=3"},
	{lesson: "hybrids", part: exercise1, link: "hybrids",
		lanes:   []string{"sft,steps=60", "sft,steps=15~grpo,beta=0,steps=45"},
		metrics: "id/accuracy ood/accuracy prior/accuracy",
		facts: `sft id/accuracy > 0.95; sft ood/accuracy > 0.9; sft prior/accuracy < 0.6;
			sft~grpo prior/accuracy > sft prior/accuracy`},
	{lesson: "hybrids", part: exercise2, link: "hybrids?seed=3",
		lanes:   []string{"grpo,beta=0,steps=60", "grpo,beta=0,steps=120"},
		metrics: "id/accuracy ood/accuracy prior/accuracy",
		facts:   `grpo ood/accuracy < 0.2; grpo-2 ood/accuracy > 0.9`},

	{lesson: "memorise", part: secondRun, link: "memorise",
		lanes: []string{"sft,lr=0.003,steps=300", "grpo,lr=0.0004,beta=0,steps=150"}},
	{lesson: "memorise", part: exercise1, link: "memorise",
		lanes:   []string{"sft,lr=3e-3,steps=300", "sft,lr=1e-3,steps=300"},
		metrics: "id/accuracy ood/accuracy prior/accuracy id/kl_base_policy_nats",
		facts: `sft-2 ood/accuracy > 0.95; sft ood/accuracy < 0.8; sft-2 prior/accuracy > 0.5;
			sft-2 prior/accuracy < 0.75; sft-2 id/kl_base_policy_nats < sft
			id/kl_base_policy_nats`},
	{lesson: "memorise", part: exercise2, link: "memorise",
		lanes:   []string{"sft,lr=3e-3,style=y,steps=300~grpo,lr=4e-4,beta=0,steps=50"},
		metrics: "id/accuracy ood/accuracy prior/accuracy id/kl_base_policy_nats",
		facts:   `sft~grpo ood/accuracy < 0.2; sft~grpo prior/accuracy < 0.1`},

	{lesson: "parity", part: secondRun, link: "parity", lanes: []string{
		"sft,style=short,steps=100", "sft,steps=100", "grpo,beta=0.1,steps=120"}},
	{lesson: "parity", part: exercise1, link: "parity",
		lanes:   []string{"rft,lr=1e-3,steps=75"},
		metrics: "id/response_tokens id/accuracy id/accuracy_greedy",
		facts: `base id/response_tokens > 5; base id/response_tokens < 6;
			rft id/accuracy < 0.8; rft id/accuracy_greedy > 0.95;
			rft id/response_tokens > base id/response_tokens; rft id/response_tokens < 10`},
	{lesson: "parity", part: exercise2, link: "parity",
		lanes:   []string{"grpo,beta=0.1,steps=120", "grpo,beta=1,steps=120"},
		metrics: "id/response_tokens id/accuracy id/kl_base_policy_nats",
		facts: `grpo-2 id/response_tokens < 9; grpo-2 id/accuracy < 0.75;
			grpo-2 id/kl_base_policy_nats < 0.5`},

	{lesson: "passk", part: secondRun, link: "passk",
		lanes: []string{"grpo,beta=0,steps=240", "rft,steps=100", "sft,steps=100"}},
	{lesson: "passk", part: exercise1, link: "passk",
		lanes:   []string{"grpo,beta=0,steps=30"},
		metrics: "id/pass_at_1 ood/pass_at_1 ood/pass_at_64 five/pass_at_1 five/pass_at_64",
		facts: `grpo ood/pass_at_1 > 0.6; grpo ood/pass_at_64 > 0.98;
			grpo five/pass_at_64 > base five/pass_at_64`},
	{lesson: "passk", part: exercise2, link: "passk",
		lanes:   []string{"grpo,beta=0.3,steps=120"},
		metrics: "id/pass_at_1 ood/pass_at_1 ood/pass_at_64 five/pass_at_1 five/pass_at_64",
		facts:   `grpo ood/pass_at_64 > 0.98; grpo id/pass_at_1 < 0.95; grpo id/pass_at_1 > 0.85`},

	{lesson: "razor", part: secondRun, link: "razor", lanes: []string{
		"sft,lr=0.003,style=y,steps=150", "sft,lr=0.001,steps=150", "rft,lr=0.0005,steps=150",
		"grpo,lr=0.002,beta=0,steps=100"}},
	{lesson: "razor", part: exercise1, link: "razor",
		lanes: []string{"sft,lr=1e-3,steps=50", "sft,lr=1e-3,steps=150",
			"sft,lr=1e-3,steps=300"},
		metrics: "id/accuracy prior/accuracy id/kl_base_policy_nats",
		facts: `sft prior/accuracy > sft-2 prior/accuracy;
			sft-2 prior/accuracy > sft-3 prior/accuracy;
			sft id/kl_base_policy_nats < sft-2 id/kl_base_policy_nats;
			sft-2 id/kl_base_policy_nats < sft-3 id/kl_base_policy_nats; sft id/accuracy > 0.98`},
	{lesson: "razor", part: exercise2, link: "razor",
		lanes: []string{"grpo,lr=4e-4,beta=0,steps=100", "grpo,lr=2e-3,beta=0,steps=100",
			"grpo,lr=2e-3,beta=0.1,steps=100"},
		metrics: "id/accuracy prior/accuracy id/kl_base_policy_nats",
		facts: `grpo-3 id/kl_base_policy_nats < 2.5; grpo-3 prior/accuracy < grpo prior/accuracy;
			grpo-3 prior/accuracy > grpo-2 prior/accuracy; grpo-3 prior/accuracy < 0.6`},

	{lesson: "refusal", part: secondRun, link: "refusal", lanes: []string{
		"sft,lr=0.0002,steps=50", "grpo,beta=0,steps=100", "dpo,steps=100"}},
	{lesson: "refusal", part: exercise1, link: "refusal",
		lanes:   []string{"grpo,beta=0,steps=100", "grpo,lr=1e-3,beta=0,steps=100"},
		metrics: "id/accuracy members/accuracy harmless/accuracy harmless/abstention",
		facts: `base harmless/accuracy > 0.55; base harmless/accuracy < 0.65;
			grpo-2 harmless/accuracy < 0.2; grpo harmless/accuracy > 0.4;
			grpo-2 id/accuracy > 0.97`},
	{lesson: "refusal", part: exercise2, link: "refusal",
		lanes:   []string{"sft,steps=10", "sft,steps=50"},
		metrics: "id/accuracy members/accuracy harmless/accuracy harmless/abstention",
		facts: `sft harmless/accuracy > sft-2 harmless/accuracy; sft harmless/accuracy < 0.35;
			sft id/accuracy > 0.85; sft id/accuracy < 0.95`},

	{lesson: "sparsity", part: secondRun, link: "sparsity", lanes: []string{
		"sft,lr=0.0001,steps=150", "grpo,lr=0.000003,beta=0,steps=150", "sft,lr=0.00001,steps=150",
		"grpo,lr=0.001,beta=0,steps=150"}},
	{lesson: "sparsity", part: exercise1, link: "sparsity",
		lanes:   []string{"sft,lr=3e-6,steps=150", "grpo,lr=3e-6,beta=0,steps=150"},
		metrics: "weights/unchanged_bf16_share weights/unchanged_share id/accuracy",
		facts: `sft weights/unchanged_bf16_share > 0.2; sft weights/unchanged_bf16_share < grpo
			weights/unchanged_bf16_share; sft weights/unchanged_share < 0.01;
			grpo weights/unchanged_share < 0.01; sft id/accuracy < 0.6; grpo id/accuracy < 0.6`},
	{lesson: "sparsity", part: exercise2, link: "sparsity",
		lanes: []string{"grpo,lr=1e-4,beta=0,steps=15", "grpo,lr=1e-4,beta=0,steps=50",
			"grpo,lr=1e-4,beta=0,steps=150"},
		metrics: "weights/unchanged_bf16_share weights/unchanged_share id/accuracy",
		facts: `grpo weights/unchanged_bf16_share > grpo-2 weights/unchanged_bf16_share;
			grpo-2 weights/unchanged_bf16_share > grpo-3 weights/unchanged_bf16_share`},

	{lesson: "whose_words", part: secondRun, link: "whose_words", lanes: []string{
		"sft,lr=0.0003,schedule=cosine,steps=40", "sft,lr=0.0005,schedule=cosine,steps=80",
		"rft,lr=0.0005,schedule=cosine,steps=40",
		"grpo,lr=0.0004,batch=64,group=4,beta=0,schedule=cosine,steps=30"}},
	{lesson: "whose_words", part: exercise1, link: "whose_words",
		lanes: []string{"sft,lr=5e-4,schedule=cosine,style=y,steps=80",
			"sft,lr=1e-3,schedule=cosine,style=y,steps=80"},
		metrics: "id/accuracy more/accuracy prior/accuracy id/kl_base_policy_nats",
		facts: `sft more/accuracy > base more/accuracy; sft-2 more/accuracy < base more/accuracy;
			sft-2 more/accuracy < sft more/accuracy; sft-2 id/accuracy > 0.95;
			sft-2 prior/accuracy < 0.5`},
	{lesson: "whose_words", part: exercise2, link: "whose_words",
		lanes: []string{"grpo,lr=4e-4,batch=64,group=4,beta=0,schedule=cosine,steps=30",
			"grpo,lr=4e-4,batch=16,group=8,beta=0,schedule=cosine,steps=60"},
		metrics: "id/accuracy more/accuracy noop/accuracy cost/verifier_calls",
		facts:   `grpo-2 more/accuracy < grpo more/accuracy`},
}
