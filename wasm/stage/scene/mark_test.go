package scene

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// marked is a record of one lane whose responses to a prompt were judged so, looked at and learned
// from.
func marked(samples ...protocol.Sample) *Record {
	for i := range samples {
		s := &samples[i]
		s.Prompt, s.Finished, s.Source = "A7K3J=", true, "rollout"
		s.Logp, s.Pushes = make([]float64, len(s.Response)+1), make([]protocol.Push,
			len(s.Response)+1)
	}
	r := NewRecord(Recipe{Task: "cards", Lanes: []Lane{{"RLHF", 9}}})
	r.Add(0, protocol.Event{Kind: protocol.Looked, Step: 3, Samples: samples})
	r.Add(0, protocol.Event{Kind: protocol.Explained, Step: 3, Samples: samples})
	return r
}

// drawn are the ticks and crosses of a picture, and its words.
func drawn(p Picture) (ticks, crosses int, words string) {
	for _, d := range p.Dots {
		switch d.Shape {
		case Tick:
			ticks++
		case Cross:
			crosses++
		}
	}
	for _, w := range p.Words {
		words += w.Text + "\n"
	}
	return ticks, crosses, words
}

// Every picture marks an answer as the lane has marked it, whatever its reward: a tick, a cross or
// a number.
func TestMarks(t *testing.T) {
	for _, s := range []Scene{tree, tokens, world} {
		verified := marked(protocol.Sample{Response: "7", Reward: 1, Mark: protocol.Right},
			protocol.Sample{Response: "8", Reward: 0.9, Mark: protocol.Wrong})
		if ticks, crosses, words := drawn(s.Picture(verified, View{}, 800, 500)); ticks != 1 ||
			crosses != 1 || strings.Contains(words, ".90") {
			t.Errorf("%s: of a right and a wrong answer %d ticks and %d crosses are drawn, with "+
				"the words\n%s", s.Name, ticks, crosses, words)
		}
		graded := marked(protocol.Sample{Response: "7", Reward: 1, Mark: protocol.Graded},
			protocol.Sample{Response: "8", Reward: 0.28, Mark: protocol.Graded})
		if ticks, crosses, words := drawn(s.Picture(graded, View{}, 800, 500)); ticks+
			crosses != 0 || !strings.Contains(words, "1.00\n") ||
			!strings.Contains(words, ".28\n") {
			t.Errorf("%s: of graded answers %d ticks and %d crosses are drawn, with the words\n%s",
				s.Name, ticks, crosses, words)
		}
	}
}

// A tree counts right answers; what graded answers earn is no number of answers.
func TestTreeCountsTheRight(t *testing.T) {
	half := func(m protocol.Mark) (all []protocol.Sample) {
		for range 28 {
			all = append(all, protocol.Sample{Response: "7", Reward: 0.5, Mark: m})
		}
		return all
	}
	if _, _, words := drawn(tree.Picture(marked(half(protocol.Wrong)...), View{}, 800,
		500)); !strings.Contains(words, "28 drawn, 0 right") {
		t.Errorf("28 wrong answers that earn a half each: %s", words)
	}
	if _, _, words := drawn(tree.Picture(marked(half(protocol.Graded)...), View{}, 800,
		500)); strings.Contains(words, "right") ||
		!strings.Contains(words, "mean reward .50 (gold)") {
		t.Errorf("28 graded answers that earn a half each: %s", words)
	}
}

// Where an update learned from another judge than the task's verifier, both are named.
func TestTwoJudges(t *testing.T) {
	r := marked(protocol.Sample{Response: "7", Reward: 0.28, Mark: protocol.Graded,
		Judge: "reward model", Judged: 1.5})
	p := tokens.Picture(r, View{}, 800, 500)
	if _, _, words := drawn(p); !strings.Contains(words, ".28\ngold\nreward model 1.50\n") {
		t.Errorf("the words are\n%s", words)
	}
	table := tokens.Table(r, View{})
	if row := strings.Join(table.Rows[0], "|"); !strings.Contains(row,
		"|.28|reward model|1.50|7|") {
		t.Errorf("the row is %s", row)
	}
	tip := p.Point(Point{160, 80}).Tip
	if tip == nil || tip.Rows[2] != (Row{Text: "gold reward", Value: "0.28", Role: Soft}) ||
		tip.Rows[3] != (Row{Text: "reward model", Value: "1.5", Role: Soft}) {
		t.Errorf("the tip is %+v", tip)
	}
}
