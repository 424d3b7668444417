package reward

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/rollout"
)

// responses with these rewards; the i-th has i+1 tokens.
func responses(rewards ...float64) rollout.Group {
	var g rollout.Group
	for i, r := range rewards {
		g = append(g, &rollout.Sequence{Completion: objective.Completion{Reward: r},
			Response: make([]int32, i+1)})
	}
	return g
}

func TestACleanAnnotatorPrefersTheBetter(t *testing.T) {
	r := num.NewRand(1, "test", "annotator")
	g := responses(0, 1, 1, 0, 1, 1, 0.5)
	labelled, labels := Label(objective.InPairs, objective.Annotator{}, g, &r)
	if labels != 3 || len(labelled) != 4 {
		t.Fatalf("%d labels and %d halves, want 3 and 4: the third pair is a tie, the seventh "+
			"response has no other", labels, len(labelled))
	}
	for i, want := range []*rollout.Sequence{g[1], g[0], g[2], g[3]} {
		source := []objective.Source{objective.Chosen, objective.Rejected}[i%2]
		if labelled[i] != want || want.Source != source {
			t.Errorf("half %d has reward %v and source %v", i, labelled[i].Reward,
				labelled[i].Source)
		}
	}
	g = responses(0, 1, 0.4, 0.6)
	labelled, labels = Label(objective.OneByOne, objective.Annotator{}, g, &r)
	if labels != 4 || len(labelled) != 4 {
		t.Fatalf("%d labels and %d responses, want 4 and 4", labels, len(labelled))
	}
	for i, want := range []objective.Source{objective.Rejected, objective.Chosen,
		objective.Rejected, objective.Chosen} {
		if g[i].Source != want {
			t.Errorf("reward %v alone is %v", g[i].Reward, g[i].Source)
		}
	}
}

// How often the better of two is chosen is what the model says, within four standard errors of
// 20,000 draws.
func TestAnnotatorsErrAsOftenAsTheirModelSays(t *testing.T) {
	const n = 20000
	for _, a := range []objective.Annotator{{}, {Flip: 0.25}, {Temp: 1}, {Temp: 0.5, Flip: 0.1},
		{Temp: 2, Flip: 0.5}, {LengthBias: 0.25}, {LengthBias: -3, Temp: 1}} {
		r := num.NewRand(1, "test", "frequency")
		better := 0
		for range n {
			g := responses(1, 0)
			if labelled, _ := Label(objective.InPairs, a, g, &r); labelled[0] == g[0] {
				better++
			}
		}
		difference := 1 - a.LengthBias // the first is a symbol shorter
		p := 1.0
		if difference < 0 {
			p = 0
		}
		if a.Temp > 0 {
			p = 1 / (1 + math.Exp(-difference/a.Temp))
		}
		p = (1-a.Flip)*p + a.Flip*(1-p)
		if got := float64(better) / n; math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("%+v: the better one is chosen with frequency %v, want %v", a, got, p)
		}
	}
}
