package study

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// edited returns the file of a result after a change to the result.
func edited(t testing.TB, data []byte, change func(r *Result)) []byte {
	t.Helper()
	var r Result
	if err := json.Unmarshal(data, &r); err != nil {
		t.Fatal(err)
	}
	change(&r)
	return []byte(inJSON(t, r))
}

// What the recipe cannot have given is refused, with the field and the value.
func TestResultsThatAreRefused(t *testing.T) {
	path := finished(t)
	r := parse(t, tinyLink)
	whole := []byte(files(t, path)[resultFile])
	if _, err := decodeResult(whole, r); err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(r *Result){
		`event is "step", want "done"`:                    func(r *Result) { r.Event = "step" },
		fmt.Sprintf("engine is 7, want %d", train.Engine): func(r *Result) { r.Engine = 7 },
		`link is "lock", want "cards?v=`:                  func(r *Result) { r.Link = "lock" },
		`seed is 3, want 1`:                               func(r *Result) { r.Seed = 3 },
		`the number of lanes is 1, want 2`:                func(r *Result) { r.Lanes = r.Lanes[:1] },
		`the number of lanes is 0, want 2`:                func(r *Result) { r.Lanes = nil },
		`base: metrics has "x", which is no metric`:       func(r *Result) { r.Base["x"] = 1 },
		`base: eval/id/accuracy is 2, want a share`:       func(r *Result) { r.Base["eval/id/accuracy"] = 2 },
		`lane 1: label is "dpo", want "sft~grpo"`:         func(r *Result) { r.Lanes[0].Label = "dpo" },
		`lane 1: label is "rft", want "sft~grpo"`: func(r *Result) {
			slices.Reverse(r.Lanes)
		},
		`lane 1: digest is "z", want 64 hexadecimal digits`: func(r *Result) { r.Lanes[0].Digest = "z" },
		`lane 2: digest is "", want`:                        func(r *Result) { r.Lanes[1].Digest = "" },
		`lane 2: digest is "ZZ`:                             func(r *Result) { r.Lanes[1].Digest = strings.Repeat("Z", 64) },
		`lane 2: digest is "\x1b[31m`:                       func(r *Result) { r.Lanes[1].Digest = "\x1b[31m" },
		`lane 1: step is 4, want 5`:                         func(r *Result) { r.Lanes[0].Step = 4 },
		`lane 2: step is -1, want 3`:                        func(r *Result) { r.Lanes[1].Step = -1 },
		`lane 1: metrics has no eval/ood/accuracy`: func(r *Result) {
			delete(r.Lanes[0].Metrics, "eval/ood/accuracy")
		},
		`lane 1: metrics has no eval/id/accuracy`:             func(r *Result) { r.Lanes[0].Metrics = nil },
		`lane 1: eval/id/accuracy is -0.5, want a share`:      func(r *Result) { r.Lanes[0].Metrics["eval/id/accuracy"] = -0.5 },
		`lane 1: metrics has "eval/x/accuracy", but the task`: func(r *Result) { r.Lanes[0].Metrics["eval/x/accuracy"] = 0.5 },
		`lane 2: cost has labels of -3, want at least 0`:      func(r *Result) { r.Lanes[1].Cost.Labels = -3 },
		`lane 2: cost has seconds of -1, want at least 0`:     func(r *Result) { r.Lanes[1].Cost.Seconds = -1 },
	} {
		if _, err := decodeResult(edited(t, whole, change), r); err == nil ||
			!strings.Contains(err.Error(), says) || strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("the error is %v, want %q", err, says)
		}
	}
	for text, says := range map[string]string{
		string(whole) + string(whole):                               "something follows it",
		strings.Replace(string(whole), `"seed"`, `"sead"`, 1):       `unknown field "sead"`,
		strings.Replace(string(whole), `"seed":1`, `"seed":-1`, 1):  "seed",
		strings.Replace(string(whole), `"step":5`, `"step":"5"`, 1): "step",
		"[]": "cannot unmarshal array", "": "EOF", "{}": "event is", "null": "event is",
	} {
		if _, err := decodeResult([]byte(text), r); err == nil ||
			!strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: the error is %v, want %q", text, err, says)
		}
	}
}

// Whatever stands in the file, what is accepted can be printed, and is kept as it was read.
func FuzzResults(f *testing.F) {
	r := parse(f, tinyLink)
	f.Add([]byte(files(f, finished(f))[resultFile]))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, data []byte) {
		result, err := decodeResult(data, r)
		if err != nil {
			return
		}
		again, err := decodeResult([]byte(inJSON(t, result)), r)
		if err != nil || inJSON(t, again) != inJSON(t, result) {
			t.Fatalf("accepted once and then not: %v", err)
		}
		for i, label := range r.Labels() {
			lane := result.Lanes[i]
			if lane.Label != label || len(lane.Digest) != 64 || lane.Step <= 0 {
				t.Errorf("accepted lane %+v", lane)
			}
			for _, level := range r.Task.Levels {
				if low, high := eval.Wilson(lane.Metrics[level.Metric()],
					r.EvalPrompts()); !(low <= high) {
					t.Errorf("%s is %v", level.Metric(), lane.Metrics[level.Metric()])
				}
			}
		}
		if s := summarise([]*Result{result, again}); len(s.Lanes) != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// The result of every exhibit is accepted when it is read again, here after a single step.
func TestEveryExhibitsResultIsAccepted(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		r := parse(t, e.Name)
		for _, setting := range [][2]string{{"steps", "1"}, {"eval_prompts", "4"}, {"passk", "4"},
			{"batch", "2"}, {"group", "2"}, {"samples", "4"}, {"pairs", "8"}, {"steps_reward",
				"1"}} {
			_ = r.Set(setting[0], setting[1]) // an exhibit has some of them
		}
		result, err := Run(context.Background(), r, Options{Threads: 2})
		if err != nil {
			t.Fatalf("exhibit %s: %v", e.Name, err)
		}
		if _, err := decodeResult([]byte(inJSON(t, result)), r); err != nil {
			t.Errorf("exhibit %s: %v", e.Name, err)
		}
	}
}
