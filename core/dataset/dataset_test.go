package dataset_test

import (
	"encoding/json"
	"iter"
	"testing"

	"github.com/posttrain/posttrain/core/dataset"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

// Every task's demonstrations are read back as they were, in both formats and every style: all
// prompts, with the answers.
func TestDemonstrationsAreReadBack(t *testing.T) {
	const n = 50
	for _, k := range task.All() {
		for _, style := range styles(k) {
			for _, format := range []dataset.Format{dataset.Completion, dataset.Messages} {
				text, answers := "", map[string]string{}
				for row := range dataset.Demonstrations(k, style, 1, n) {
					text += string(row.JSON(format))
					answers[row.Prompt] = row.Completion
				}
				d, err := k.ReadData("rows.jsonl", text)
				if err != nil {
					t.Errorf("%s: %v", k.Name, err)
					continue
				}
				if d.Len() != n || d.Dropped != 0 {
					t.Errorf("%s: %d rows are read, and %d left out", k.Name, d.Len(), d.Dropped)
				}
				for row := range dataset.Demonstrations(k.With(d), style, 1, n) {
					if row.Completion != answers[row.Prompt] {
						t.Errorf("%s: %s is answered by %s, want %s", k.Name, row.Prompt,
							row.Completion, answers[row.Prompt])
					}
				}
			}
		}
	}
}

// styles returns the settings of a task's demonstrations that a choice of a knob makes.
func styles(k task.Task) []param.Values {
	all := []param.Values{param.Defaults(k.Knobs)}
	for _, knob := range k.Knobs {
		for _, choice := range knob.Choices {
			v := param.Defaults(k.Knobs)
			if err := v.Set(knob.Name, choice); err != nil {
				panic(err)
			}
			all = append(all, v)
		}
	}
	return all
}

// sampling returns how a task's base answers.
func sampling(t *testing.T, k task.Task) dataset.Sampling {
	t.Helper()
	params, err := recipe.Standard().LoadBase(k.Base)
	if err != nil {
		t.Fatal(err)
	}
	return dataset.Sampling{Task: k, Model: params, Group: 4, Temp: 1, Seed: 1, Threads: 1}
}

// first returns the first n values.
func first[T any](seq iter.Seq[T], n int) (all []T) {
	for v := range seq {
		if all = append(all, v); len(all) == n {
			break
		}
	}
	return all
}

// The verifier says the same of the texts as of the tokens that they were made from.
func TestRewardsAreTheVerifiers(t *testing.T) {
	const n = 40
	for _, k := range task.All() {
		s := sampling(t, k)
		score := func(prompt, response string) float64 {
			p, err := k.Problem(prompt)
			if err != nil {
				t.Fatal(err)
			}
			return k.Reward(p, response)
		}
		for _, row := range first(s.Rollouts(), n) {
			want := 0.0
			if row.Rollout.Finished {
				want = score(row.Prompt, row.Completion)
			}
			if row.Rollout.Reward != want {
				t.Errorf("%s: %+v has reward %v, want %v", k.Name, row, row.Rollout.Reward, want)
			}
		}
		pairs := first(s.Pairs(), 5)
		if len(pairs) == 0 {
			t.Errorf("%s: there are no pairs", k.Name)
		}
		for _, row := range pairs {
			if score(row.Prompt, row.Chosen) <= score(row.Prompt, row.Rejected) {
				t.Errorf("%s: %+v", k.Name, row)
			}
		}
	}
}

// Where no two answers differ in reward, there are no pairs and no end of looking for them.
func TestPairsEnd(t *testing.T) {
	s := sampling(t, task.Cards)
	s.Task.Reward = func(task.Problem, string) float64 { return 1 }
	s.Task.Prompts, s.Group = 20, 2
	if pairs := first(s.Pairs(), 1); len(pairs) > 0 {
		t.Errorf("got %+v", pairs)
	}
}

// How many threads sample changes nothing, and the second round of prompts is answered anew.
func TestRolloutsAreTheSameOnAnyThreads(t *testing.T) {
	s := sampling(t, task.Cards)
	s.Task.Prompts, s.Group = 10, 2
	one := first(s.Rollouts(), 40)
	s.Threads = 3
	for i, row := range first(s.Rollouts(), 40) {
		if string(row.JSON(dataset.Completion)) != string(one[i].JSON(dataset.Completion)) {
			t.Fatalf("row %d is %+v, want %+v", i, row, one[i])
		}
	}
	same := 0
	for i := range 20 {
		if one[i].Prompt != one[i+20].Prompt {
			t.Fatalf("row %d is about %s, want %s", i+20, one[i+20].Prompt, one[i].Prompt)
		}
		if one[i].Completion == one[i+20].Completion {
			same++
		}
	}
	if same == 20 {
		t.Error("the second round has the answers of the first")
	}
}

// The columns of the field, by kind and format.
func TestColumns(t *testing.T) {
	for _, c := range []struct {
		row    dataset.Row
		format dataset.Format
		want   string
	}{
		{dataset.Row{Prompt: "p<", Completion: "c"}, dataset.Completion,
			`{"prompt":"p<","completion":"c"}`},
		{dataset.Row{Prompt: "p", Completion: "c", Rollout: &dataset.Rollout{Reward: 0.5}},
			dataset.Completion, `{"prompt":"p","completion":"c","reward":0.5,"finished":false}`},
		{dataset.Row{Prompt: "p", Completion: "c", Rollout: &dataset.Rollout{Finished: true}},
			dataset.Messages, `{"messages":[{"role":"user","content":"p"},` +
				`{"role":"assistant","content":"c"}],"reward":0,"finished":true}`},
		{dataset.Row{Prompt: "p", Chosen: "c"}, dataset.Completion,
			`{"prompt":"p","chosen":"c","rejected":""}`},
		{dataset.Row{Prompt: "p", Chosen: "c", Rejected: "r"}, dataset.Messages,
			`{"prompt":[{"role":"user","content":"p"}],` +
				`"chosen":[{"role":"assistant","content":"c"}],` +
				`"rejected":[{"role":"assistant","content":"r"}]}`},
	} {
		got := string(c.row.JSON(c.format))
		if got != c.want+"\n" || !json.Valid([]byte(got)) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
