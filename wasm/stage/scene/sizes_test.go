package scene

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// grown has the tasks whose problems grow with the model.
var grown = []string{"addition", "cards", "compose", "countdown", "lock", "parity", "refusal"}

// phone and desk are places of pictures on a telephone and on a desktop, for two lanes.
var phone, desk = [2]float64{334, 420}, [2]float64{742, 440}

// demonstrated returns samples of the expert's responses to one prompt, in all styles and each with
// one symbol changed at a place of its own, and what an update might have made of them.
func demonstrated(t *testing.T, k task.Task, level string) (samples []protocol.Sample) {
	t.Helper()
	p := k.EvalPrompts(level, 1)[0]
	for i := range 12 {
		r := num.NewRand(uint64(i), "test", "sizes")
		v := param.Defaults(k.Knobs)
		for _, knob := range k.Knobs {
			if knob.Name == "style" && len(knob.Choices) > 1 {
				if err := v.Set("style", knob.Choices[i%2]); err != nil {
					t.Fatal(err)
				}
			}
		}
		letters := []byte(k.Demonstrate(&r, p, v))
		if i > 3 {
			letters[r.IntN(len(letters))] = k.Alphabet[r.IntN(len(k.Alphabet))]
		}
		s := protocol.Sample{Level: level, Prompt: p.Prompt, Response: string(letters),
			Finished: true, Mark: protocol.Right, Reward: 1, Source: "rollout"}
		for range len(letters) + 1 {
			s.Logp = append(s.Logp, -0.1)
			s.Pushes = append(s.Pushes, protocol.Push{Mask: 1, Ratio: 1, Share: 0.1,
				Advantage: 1, Coefficient: r.Float64() - 0.5})
		}
		samples = append(samples, s)
	}
	return samples
}

// eachGrown calls f for problems of every task that grows, at the sizes of larger models, with a
// record of two lanes.
func eachGrown(t *testing.T, f func(t *testing.T, k task.Task, all []protocol.Sample, r *Record)) {
	for _, name := range grown {
		for i, k := range atSizes(t, name)[1:] {
			for _, level := range k.Levels {
				t.Run(fmt.Sprint(name, " ", []string{"full", "large"}[i], " ", level.Name),
					func(t *testing.T) {
						samples := demonstrated(t, k, level.Name)
						r := NewRecord(Recipe{Task: name, Lanes: []Lane{{"SFT", 9}, {"GRPO", 9}},
							Levels: []Level{{Name: "id", Metric: "eval/id/accuracy"}}})
						for lane := range 2 {
							r.Add(lane, protocol.Event{Kind: protocol.Looked, Samples: samples})
							r.Add(lane, protocol.Event{Kind: protocol.Explained, Samples: samples})
						}
						f(t, k, samples, r)
					})
			}
		}
	}
}

// inside fails unless all of a picture lies within its edges, with no word upon another.
func inside(t *testing.T, p *Picture, what string) {
	t.Helper()
	checkFinite(t, p)
	places(p, func(part string, at Point, around float64) {
		if at.X < around-0.01 || at.Y < around-0.01 || at.X > p.w-around+0.01 ||
			at.Y > p.h-around+0.01 {
			t.Errorf("%s: %s: %v is not inside %.0f x %.0f", what, part, at, p.w, p.h)
		}
	})
	for a, word := range p.Words {
		for _, other := range p.Words[:a] {
			if word.Box().Meets(other.Box()) {
				t.Errorf("%s: %q and %q lie upon each other", what, word.Text, other.Text)
			}
		}
	}
}

// shown returns the words of a picture whose keys begin with a text, one after the other.
func shown(p *Picture, key string) string {
	var b strings.Builder
	for _, w := range p.Words {
		if strings.HasPrefix(w.Key, key) {
			b.WriteString(w.Text)
		}
	}
	return b.String()
}

// Problems as large as those of larger models have their whole prompt and responses in the
// pictures, also on a telephone.
func TestLargerProblems(t *testing.T) {
	eachGrown(t, func(t *testing.T, k task.Task, all []protocol.Sample, r *Record) {
		for _, size := range [][2]float64{phone, desk} {
			prompt, first := all[0].Prompt, all[0].Response
			p := drawTree(r, View{}, size[0], size[1])
			inside(t, &p, "tree")
			if got := shown(&p, "tree 0 prompt"); got != prompt {
				t.Errorf("the tree is of %q, want %q", got, prompt)
			}
			if got := shown(&p, "tree 0 "); len(got) < len(prompt)+len(first)/3 {
				t.Errorf("%v: in the tree can be read: %q", size, got)
			}
			p = drawTokens(r, View{}, size[0], size[1])
			inside(t, &p, "tokens")
			if got := shown(&p, "tokens 0 0 "); got != first+endSymbol && got != first+"·" {
				t.Errorf("%v: the tokens are %q, want %q", size, got, first)
			}
			if got := shown(&p, "tokens 0 "); !strings.Contains(got, prompt) {
				t.Errorf("%v: the tokens are of %q, want %q", size, got, prompt)
			}
			if boards[k.Name] == nil {
				continue
			}
			p = drawWorld(r, View{}, size[0], size[1])
			inside(t, &p, "world")
			drawn := strings.Count(keys(p), "world 0 card ")
			if k.Name == "lock" && prompt[0] == 'L' {
				drawn = strings.Count(keys(p), "world 0 dial ") / len(lockSettings)
			}
			if want := len(prompt) - 2; drawn != want && (k.Name == "cards" || prompt[0] == 'L') {
				t.Errorf("%v: of %s %d cards or dials are drawn, want %d", size, prompt, drawn,
					want)
			}
		}
	})
}

// A hand of any size fits on the table in cards that are as wide as their faces need.
func TestHandsOfAnySize(t *testing.T) {
	for hand := 1; hand <= 12; hand++ {
		prompt := "B" + "7QK30J981254"[:hand] + "="
		for _, box := range []Box{{4, 5, 150, 133}, {4, 5, 320, 320}, {4, 5, 180, 100}} {
			p := Picture{w: 400, h: 400}
			if !p.cards("world 0 ", 0, box, prompt, nil) {
				t.Fatalf("%s is not drawn", prompt)
			}
			inside(t, &p, prompt)
			for _, l := range p.Lines {
				if wide := l.Points[1].X - l.Points[0].X; wide < 20 || math.IsNaN(wide) {
					t.Errorf("%s in %v: a card is %.1f wide", prompt, box, wide)
				}
			}
			if got, want := shown(&p, "world 0 card"), 2*hand; len(strings.ReplaceAll(got,
				"counts ", "")) != want && box.H > 100 {
				t.Errorf("%s in %v: %q says too little", prompt, box, got)
			}
		}
	}
}
