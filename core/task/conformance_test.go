package task

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
)

// eachTask runs a subtest for every task.
func eachTask(t *testing.T, f func(t *testing.T, k Task)) {
	for _, k := range All() {
		t.Run(k.Name, func(t *testing.T) { f(t, k) })
	}
}

// problems draws n problems of every level.
func problems(k Task, n int) []Problem {
	var all []Problem
	for _, l := range k.Levels {
		for i := range n {
			r := num.NewRand(7, "conformance", k.Name+"/"+l.Name, uint64(i))
			all = append(all, k.Sample(&r, l.Name))
		}
	}
	return all
}

// settings is every combination of a few settings of each knob: all choices,
// both flags, the ends and the default of a number.
func settings(t *testing.T, k Task) []param.Values {
	combinations := []param.Values{param.Defaults(k.Knobs)}
	for _, knob := range k.Knobs {
		texts := knob.Choices
		switch knob.Type {
		case param.TypeFlag:
			texts = []string{"true", "false"}
		case param.TypeNumber, param.TypeInteger:
			texts = []string{fmt.Sprint(knob.Min), fmt.Sprint(knob.Default), fmt.Sprint(knob.Max)}
		}
		var more []param.Values
		for _, v := range combinations {
			for _, text := range texts {
				c := v.Clone()
				if err := c.Set(knob.Name, text); err != nil {
					t.Fatal(err)
				}
				more = append(more, c)
			}
		}
		combinations = more
	}
	return combinations
}

func TestDeclarationIsComplete(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for what, text := range map[string]string{"name": k.Name, "title": k.Title, "cite": k.Cite,
			"doc": k.Doc} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("no %s", what)
			}
		}
		if err := k.Check(); err != nil {
			t.Error(err)
		}
		for _, l := range k.Levels {
			if l.Title == "" || l.Doc == "" {
				t.Errorf("level %s has no title or doc", l.Name)
			}
		}
		if k.HasLevel("nonsense") {
			t.Error("has a level that does not exist")
		}
	})
}

func TestCheckRefuses(t *testing.T) {
	levels := func(names ...string) (all []Level) {
		for _, name := range names {
			all = append(all, Level{Name: name})
		}
		return all
	}
	for want, change := range map[string]func(*Task){
		`"" cannot name a task`:    func(k *Task) { k.Name = "" },
		`"a b" cannot name a task`: func(k *Task) { k.Name = "a b" },
		"alphabet is empty":        func(k *Task) { k.Alphabet = "" },
		"alphabet has 'a' twice":   func(k *Task) { k.Alphabet = "aba" },
		"alphabet has ','":         func(k *Task) { k.Alphabet = "a,b" },
		"list of words is empty": func(k *Task) {
			k.Alphabet, k.Words = "", []string{}
		},
		`words has "ab" twice`: func(k *Task) {
			k.Alphabet, k.Words = "", []string{"ab", "ab"}
		},
		`words has "a b", which`: func(k *Task) {
			k.Alphabet, k.Words = "", []string{"a b"}
		},
		"words has an empty":      func(k *Task) { k.Alphabet, k.Words = "", []string{""} },
		"want one of them":        func(k *Task) { k.Words = []string{"a"} },
		`there is no level "ood"`: func(k *Task) { k.Levels = levels("id", "prior") },
		`is "ood": want id`:       func(k *Task) { k.Levels = levels("ood", "id", "prior") },
		`level "id" is there`:     func(k *Task) { k.Levels = levels("id", "ood", "id", "prior") },
		`level "a/b" is`: func(k *Task) {
			k.Levels = levels("id", "ood", "prior", "a/b")
		},
		"MaxResponse is left out": func(k *Task) { k.MaxResponse = 0 },
		"Prompts is left out":     func(k *Task) { k.Prompts = 0 },
		"Form is left out":        func(k *Task) { k.Form = "" },
		"Read is left out":        func(k *Task) { k.Read = nil },
		"Sample is left out":      func(k *Task) { k.Sample = nil },
		"Demonstrate is left out": func(k *Task) { k.Demonstrate = nil },
		"Pretrain is left out":    func(k *Task) { k.Pretrain = nil },
		"Reward is left out":      func(k *Task) { k.Reward = nil },
		"knob style is declared": func(k *Task) {
			k.Knobs = append(slices.Clone(k.Knobs), k.Knobs[0])
		},
	} {
		k := Cards
		change(&k)
		if err := k.Check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}

// Every task has an example: its prompt can be read, its response is right and fits, and its steps
// quote both.
func TestExampleIsRight(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		e, text := k.Example, strings.Join(k.Example.Steps, " ")
		p, err := k.Problem(e.Prompt)
		if err != nil {
			t.Fatal(err)
		}
		if response := append(k.MustEncode(e.Response), End); k.Score(p, response) != 1 ||
			len(response) > k.MaxResponse {
			t.Errorf("%s earns %v with %d tokens, want 1 with at most %d",
				k.Join(e.Prompt, e.Response), k.Score(p, response), len(response), k.MaxResponse)
		}
		if len(e.Steps) < 2 || !strings.Contains(text, e.Prompt) ||
			!strings.Contains(text, e.Response) {
			t.Errorf("want at least two steps that quote %s and %s: %q", e.Prompt, e.Response, text)
		}
		for _, step := range e.Steps {
			if !strings.HasSuffix(step, ".") || len(step) > 320 {
				t.Errorf("want a short sentence or a few: %q", step)
			}
		}
	})
}

func TestMark(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, l := range k.Levels {
			p := k.EvalPrompts(l.Name, 1)[0]
			for reward, want := range map[float64]protocol.Mark{1: protocol.Right,
				0.99: protocol.Wrong, 0.5: protocol.Wrong, 0: protocol.Wrong} {
				if l.Graded {
					want = protocol.Graded
				}
				if got := k.Mark(p, reward); got != want {
					t.Errorf("a reward of %v at level %s is marked %s, want %s", reward, l.Name,
						got, want)
				}
			}
		}
	})
}

func TestSamplerIsDeterministicByAddress(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		first, again := problems(k, 500), problems(k, 500)
		if !slices.Equal(first, again) {
			t.Error("the same addresses gave other problems")
		}
		prompts := map[string]bool{}
		for _, p := range first {
			prompts[p.Prompt] = true
		}
		if len(prompts) < len(first)/2 {
			t.Errorf("%d problems have only %d different prompts", len(first), len(prompts))
		}
	})
}

func TestProblemsAreWellFormed(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		levelOf := map[string]string{}
		for _, p := range problems(k, 3000) {
			if _, err := k.Encode(p.Prompt); err != nil || p.Prompt == "" || p.Key == "" {
				t.Fatalf("%+v: %v", p, err)
			}
			if !k.HasLevel(p.Level) {
				t.Fatalf("%+v: its level is not declared", p)
			}
			if l, ok := levelOf[p.Prompt]; ok && l != p.Level {
				t.Fatalf("prompt %s is of level %s and of level %s: the model could not tell",
					p.Prompt, l, p.Level)
			}
			levelOf[p.Prompt] = p.Level
		}
	})
}

func TestSampleKeepsToTheLevelNamed(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, l := range k.Levels {
			for i := range 300 {
				r := num.NewRand(3, "level", k.Name+"/"+l.Name, uint64(i))
				if p := k.Sample(&r, l.Name); p.Level != l.Name {
					t.Fatalf("asked for level %s, got %+v", l.Name, p)
				}
			}
		}
	})
}

func TestDemonstrationsEarnTheFullRewardAndFit(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, v := range settings(t, k) {
			for i, p := range problems(k, 3000) {
				r, same := num.NewRand(1, "demonstrate", k.Name, uint64(i)), num.NewRand(1,
					"demonstrate", k.Name, uint64(i))
				text := k.Demonstrate(&r, p, v)
				tokens, err := k.Encode(text)
				if err != nil {
					t.Fatalf("%v: %+v: %v", v.Changed(), p, err)
				}
				tokens = append(tokens, End)
				if played, _ := k.PlayTurns(p, tokens); !slices.Equal(played, tokens) {
					t.Fatalf("%v: %+v: in demonstration %q the world does not speak in its turn",
						v.Changed(), p, text)
				}
				if score := k.Score(p, tokens); score != 1 {
					t.Fatalf("%v: %+v: demonstration %q earns %v", v.Changed(), p, text, score)
				}
				if len(tokens) > k.MaxResponse {
					t.Fatalf("%v: %+v: demonstration %q has %d tokens with its End, at most %d fit",
						v.Changed(), p, text, len(tokens), k.MaxResponse)
				}
				if again := k.Demonstrate(&same, p, v); again != text {
					t.Fatalf("%v: %+v: demonstration %q, then %q", v.Changed(), p, text, again)
				}
			}
		}
	})
}

func TestRewardIsWithinItsRangeAndMustBeFinished(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for i, p := range problems(k, 1500) {
			r := num.NewRand(2, "babble", k.Name, uint64(i))
			tokens := make([]int32, r.IntN(2*k.MaxResponse))
			for j := range tokens {
				tokens[j] = int32(1 + r.IntN(k.Vocab()-1))
			}
			if score := k.Score(p, tokens); score != 0 {
				t.Fatalf("%+v: a response without End earns %v", p, score)
			}
			score := k.Score(p, append(slices.Clone(tokens), End))
			if !(score >= 0 && score <= 1) {
				t.Fatalf("%+v: %v earns %v", p, tokens, score)
			}
			if tail := k.Score(p,
				append(append(slices.Clone(tokens), End), 1, 2, End)); tail != score {
				t.Fatalf("%+v: what stands after End changes the reward from %v to %v", p, score,
					tail)
			}
		}
	})
}

// references are the verifiers written again from the rules, on the prompt and tokens alone, by
// task: each is entered beside the task's own tests, and a task without one fails.
var references = map[string]func(t testing.TB, prompt string, tokens []int32) float64{}

// enter adds a reference while the package is initialised.
func enter(name string, reference func(t testing.TB, prompt string,
	tokens []int32) float64) struct{} {
	references[name] = reference
	return struct{}{}
}

// readResponse is the text of tokens up to the first End, and whether there was one.
func readResponse(symbols string, tokens []int32) (text string, ended bool) {
	for _, tok := range tokens {
		if tok == 0 {
			return text, true
		}
		text += symbols[tok-1 : tok]
	}
	return text, false
}

func TestEveryTaskHasAReference(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		if references[k.Name] == nil {
			t.Errorf("no verifier is written a second time: enter one in %s_test.go", k.Name)
		}
	})
}

// FuzzReward scores any token string on any level's problems.
func FuzzReward(f *testing.F) {
	f.Add(uint8(0), uint64(0), []byte{})
	f.Add(uint8(0), uint64(1), []byte{1, 2, 3, 4, 0})
	f.Add(uint8(2), uint64(2), []byte{10, 9, 8, 7, 0, 5})
	f.Add(uint8(1), uint64(3), []byte{16, 17, 0})
	f.Add(uint8(0), uint64(4), []byte{1, 2, 0})
	f.Fuzz(func(t *testing.T, level uint8, index uint64, raw []byte) {
		for _, k := range All() {
			name := k.Levels[int(level)%len(k.Levels)].Name
			r := num.NewRand(0, "fuzz", k.Name+"/"+name, index)
			p := k.Sample(&r, name)
			tokens := make([]int32, len(raw))
			for i, b := range raw {
				tokens[i] = int32(int(b) % k.Vocab())
			}
			score := k.Score(p, tokens)
			if !(score >= 0 && score <= 1) || score != k.Score(p, tokens) {
				t.Fatalf("%s: %+v: %v earns %v", k.Name, p, tokens, score)
			}
			if !slices.Contains(tokens, End) && score != 0 {
				t.Fatalf("%s: %+v: a response without End earns %v", k.Name, p, score)
			}
			if want := references[k.Name](t, p.Prompt, tokens); score != want {
				t.Fatalf("%s: %+v: %v earns %v, by the rules %v", k.Name, p, tokens, score, want)
			}
			if text, _ := k.Decode(tokens); k.Abstains != nil {
				first, again := k.Abstains(p, text), k.Abstains(p, text)
				if first != again {
					t.Fatalf("%s: %+v: %q abstains and does not", k.Name, p, text)
				}
			}
		}
	})
}

// Prompts are read as the sampler meant them. A sum of five digits may be one of four, so that a
// few may belong to another level; even then what is right is the same.
func TestPromptsAreReadAsTheyWereMeant(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		all := problems(k, 2000)
		otherwise := 0
		for i, p := range all {
			read, err := k.Problem(p.Prompt)
			if err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
			if read.Prompt != p.Prompt {
				t.Fatalf("%+v is read as %+v", p, read)
			}
			if read.Level != p.Level || read.Key != p.Key {
				otherwise++
			}
			r := num.NewRand(1, "demonstrate", k.Name, uint64(i))
			right := k.Demonstrate(&r, read, param.Defaults(k.Knobs))
			spoilt := k.MustEncode(right)
			spoilt[r.IntN(len(spoilt))] = int32(1 + r.IntN(k.Vocab()-1))
			wrong, _ := k.Decode(spoilt)
			for _, response := range []string{right, wrong, ""} {
				if k.Reward(read, response) != k.Reward(p, response) {
					t.Fatalf("%+v is read as %+v, and %q earns another reward", p, read, response)
				}
			}
		}
		if otherwise > len(all)/100 {
			t.Errorf("%d of %d prompts are read as other problems", otherwise, len(all))
		}
	})
}

func TestWhatIsNoPromptIsRefusedWithWhatWouldBeOne(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, prompt := range []string{"", "=", "hello", k.Join(k.Symbols()...),
			strings.Repeat("=", 1000),
			"\xff\xff=", "ü="} {
			_, err := k.Problem(prompt)
			if err == nil || k.Form == "" || !strings.HasSuffix(err.Error(), "want "+k.Form) {
				t.Errorf("prompt %.20q: %v", prompt, err)
			}
		}
		_, example, found := strings.Cut(k.Form, "such as ")
		end := "="
		if k.Words != nil {
			end = "?"
		}
		example, _, _ = strings.Cut(example, end)
		if p, err := k.Problem(example + end); !found || err != nil {
			t.Errorf("the example %q of a prompt: %+v, %v", example, p, err)
		}
	})
}

// FuzzRead reads any text as a prompt; what is one can be demonstrated and judged.
func FuzzRead(f *testing.F) {
	for _, k := range All() {
		for _, p := range problems(k, 3) {
			f.Add(p.Prompt, "0")
		}
	}
	f.Fuzz(func(t *testing.T, prompt, response string) {
		for _, k := range All() {
			p, ok := k.Read(prompt)
			if !ok {
				continue
			}
			if _, err := k.Encode(prompt); err != nil || p.Prompt != prompt || p.Key == "" ||
				!k.HasLevel(p.Level) {
				t.Fatalf("%s: prompt %q is read as %+v: %v", k.Name, prompt, p, err)
			}
			r := num.NewRand(0, "fuzz", prompt)
			for _, v := range settings(t, k) {
				if right := k.Demonstrate(&r, p, v); k.Reward(p, right) != 1 ||
					len(k.MustEncode(right)) >= k.MaxResponse {
					t.Fatalf("%s: %+v: demonstration %q", k.Name, p, right)
				}
			}
			if score := k.Reward(p, response); !(score >= 0 && score <= 1) {
				t.Fatalf("%s: %+v: %q earns %v", k.Name, p, response, score)
			}
		}
	})
}

// The world speaks in its turn and then waits. Playing a response out twice changes nothing, and no
// token of the policy is lost or made up.
func TestTurns(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		spoke := false
		for i, p := range problems(k, 1000) {
			r := num.NewRand(2, "turns", k.Name, uint64(i))
			tokens := make([]int32, r.IntN(k.MaxResponse))
			for j := range tokens {
				tokens[j] = int32(r.IntN(k.Vocab()))
			}
			played, places := k.PlayTurns(p, tokens)
			if k.World == nil {
				if places != nil || !slices.Equal(played, tokens) {
					t.Fatalf("%+v: without a world, %v is played as %v", p, tokens, played)
				}
				continue
			}
			again, same := k.PlayTurns(p, played)
			if !slices.Equal(again, played) || !slices.Equal(same, places) ||
				len(played) > k.MaxResponse {
				t.Fatalf("%+v: %v is played as %v, and that as %v", p, tokens, played, again)
			}
			spoke = spoke || len(places) < len(played)
			var own []int32
			for at, token := range played {
				if _, mine := slices.BinarySearch(places, at); mine {
					own = append(own, token)
				} else if said := k.Reply(p, played[:places[max(0, len(own)-1)]+
					1]); !slices.Contains(said, token) {
					t.Fatalf("%+v: in %v the world says %d, and not %v", p, played, token, said)
				}
			}
			if !slices.Equal(own, k.PolicyTokens(p, tokens)) {
				t.Fatalf("%+v: of %v %v is the policy's own, and not %v", p, tokens, own,
					k.PolicyTokens(p, tokens))
			}
			if text, finished := k.Decode(played); !finished && len(played) < k.MaxResponse &&
				k.World(p, text) != "" {
				t.Fatalf("%+v: after %q the world has more to say", p, text)
			}
		}
		if spoke != (k.World != nil) {
			t.Error("the world never speaks")
		}
	})
}

// The verifier looks at nothing but the final part of a response.
func TestTheFinalPartDecides(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		if k.Final == nil {
			return
		}
		rewards := map[float64]int{}
		for i := range 400 {
			p, response := k.PretrainExample(1, i)
			if i%4 == 0 { // of another problem
				_, response = k.PretrainExample(2, i)
			}
			final := k.Final(p, response)
			reward := k.Reward(p, response)
			rewards[reward]++
			if k.Reward(p, final) != reward || k.Final(p, final) != final {
				t.Errorf("%s earns %v to %s, and its final part %s does not", response, reward,
					p.Prompt, final)
			}
		}
		if len(rewards) < 2 {
			t.Errorf("all responses earn the same: %v", rewards)
		}
	})
}
