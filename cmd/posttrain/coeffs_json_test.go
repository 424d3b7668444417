package main

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
)

const fullBatch = `{"groups":[[
	{"source":"chosen","reward":0.5,"logp":[-1,-2],"old_logp":[-1.5,-2],"ref_logp":[-1,-2.5],"teacher_logp":[0,-1e-3],
	 "value":[1,2],"old_value":[3,4],"entropy":[0.1,0.2],
	 "dist":[[-1,-0.5,-9],[-2,-0.1,-3]],"ref_dist":[[-1,-1,-1],[-2,-2,-2]],"teacher_dist":[[0,-1,-2],[-3,-4,-5]]},
	{"logp":[-1]}], [], [{}, {"source":"demo","logp":[],"old_logp":null}]]}`

func TestDecodeBatch(t *testing.T) {
	got, err := decodeBatch(strings.NewReader(fullBatch))
	if err != nil {
		t.Fatal(err)
	}
	want := []objective.Group{{
		{Source: objective.Chosen, Reward: 0.5, Logp: []float64{-1, -2},
			OldLogp: []float64{-1.5, -2}, RefLogp: []float64{-1, -2.5},
			TeacherLogp: []float64{0, -1e-3}, Value: []float64{1, 2}, OldValue: []float64{3, 4},
			Entropy:     []float64{0.1, 0.2},
			Dist:        []float64{-1, -0.5, -9, -2, -0.1, -3},
			RefDist:     []float64{-1, -1, -1, -2, -2, -2},
			TeacherDist: []float64{0, -1, -2, -3, -4, -5}},
		{Source: objective.Rollout, Logp: []float64{-1}},
	}, {}, {{}, {Source: objective.Demo, Logp: []float64{}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("decoded %+v", got)
	}
	if c := got[0][0]; c.Len() != 2 || c.Vocab() != 3 {
		t.Errorf("T = %d, V = %d", c.Len(), c.Vocab())
	}
}

func TestDecodeBatchRefuses(t *testing.T) {
	for text, want := range map[string][]string{
		``:                               {"the batch is not JSON"},
		`{"groups":[`:                    {"the batch is not JSON", "byte 11"},
		`{"groups":[]} extra`:            {"the batch is not JSON"},
		`[]`:                             {"the batch: expected an object with groups"},
		`{}`:                             {"groups: expected a list of groups"},
		`{"groups":null}`:                {"groups: expected a list of groups"},
		`{"groups":{}}`:                  {"groups: expected a list of groups"},
		`{"group":[]}`:                   {`unknown field "group"`, "did you mean groups?"},
		`{"groups":[],"Groups":[]}`:      {`unknown field "Groups"`},
		`{"groups":[3]}`:                 {"groups[0]: expected a list of completions"},
		`{"groups":[[],[3]]}`:            {"groups[1][0]: expected an object"},
		`{"groups":[[null]]}`:            {"groups[0][0]: expected an object"},
		`{"groups":[[{"oldlogp":[1]}]]}`: {`groups[0][0]: unknown field "oldlogp": did you mean old_logp?`, "teacher_logp"},
		`{"groups":[[{"source":"robot"}]]}`: {`groups[0][0].source: "robot" is not a source`,
			"rollout, demo, chosen, rejected"},
		`{"groups":[[{"source":1}]]}`:     {"groups[0][0].source: 1 is not a source"},
		`{"groups":[[{"reward":"1"}]]}`:   {"groups[0][0].reward: expected a number"},
		`{"groups":[[{"reward":1e999}]]}`: {"groups[0][0].reward: expected a number"},
		`{"groups":[[{"reward":1e31}]]}`: {"groups[0][0].reward: expected a number between " +
			"-1e30 and 1e30"},
		`{"groups":[[{"logp":-1}]]}`:                                               {"groups[0][0].logp: expected a list"},
		`{"groups":[[{"logp":[0,null]}]]}`:                                         {"groups[0][0].logp[1]: expected a number"},
		`{"groups":[[{"logp":[[0]]}]]}`:                                            {"groups[0][0].logp[0]: expected a number"},
		`{"groups":[[{"logp":[0]},{"logp":[0],"ref_logp":[0,0]}]]}`:                {"groups[0][1].ref_logp: 2 tokens, but logp has 1"},
		`{"groups":[[{"logp":[0,0],"dist":[[0,0]]}]]}`:                             {"groups[0][0].dist: 1 tokens, but logp has 2"},
		`{"groups":[[{"logp":[0,0],"dist":[[0,0],[0]]}]]}`:                         {"groups[0][0].dist[1]: 1 entries"},
		`{"groups":[[{"logp":[0],"dist":[[]]}]]}`:                                  {"groups[0][0].dist[0]: 0 entries"},
		`{"groups":[[{"dist":[[0,0]]}]]}`:                                          {"groups[0][0].dist: needs logp"},
		`{"groups":[[{"logp":[0],"dist":[[0]]},{"logp":[0],"ref_dist":[[0,0]]}]]}`: {"groups[0][1].ref_dist: a vocabulary of 2, but groups[0][0].dist has one of 1"},
	} {
		_, err := decodeBatch(strings.NewReader(text))
		if err == nil {
			t.Errorf("%s: accepted", text)
			continue
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q does not say %q", text, err, w)
			}
		}
	}
}

func TestEncodeCoeffs(t *testing.T) {
	b, err := decodeBatch(strings.NewReader(`{"groups":[[{"logp":[0,0]},{}],[]]}`))
	if err != nil {
		t.Fatal(err)
	}
	c := objective.NewCoeffs(b)
	c[0][0].Logp[1] = -0.125
	var out bytes.Buffer
	if err := encodeCoeffs(&out, c); err != nil {
		t.Fatal(err)
	}
	want := `{"groups":[[{"logp":[0,-0.125],"entropy":[0,0],"kl":[0,0],"value":[0,0]},{"logp":[],"entropy":[],"kl":[],"value":[]}],[]]}` + "\n"
	if out.String() != want {
		t.Errorf("encoded %s", out.String())
	}
	out.Reset()
	c[0][0].NeedDense(4)[3] = 2
	if err := encodeCoeffs(&out, append(c[:1:1], []objective.Coeff{{}})); err != nil ||
		!strings.Contains(out.String(), `"dense":[[0,0],[0,2]]`) {
		t.Errorf("encoded %s, %v", out.String(), err)
	}
	if err := encodeCoeffs(&out, objective.Coeffs{{{Logp: []float64{math.NaN()}}}}); err == nil {
		t.Error("encoded NaN")
	}
}

// Whatever decodes and has what a method needs gives finite numbers that encode.
func FuzzDecodeBatch(f *testing.F) {
	f.Add(fullBatch)
	f.Add(`{"groups":[[{"logp":[-1],"old_logp":[-1e30],"ref_logp":[1e30],"reward":-1e30}]]}`)
	f.Add(`{"groups":[[{"source":"demo","logp":[0]}],[{"reward":1}]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		b, err := decodeBatch(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, m := range method.All() {
			if m.CheckNeeds(m.Defaults(), b) != nil {
				continue
			}
			coeffs := objective.NewCoeffs(b)
			m.Build(m.Defaults()).Add(coeffs, b)
			if err := encodeCoeffs(&bytes.Buffer{}, coeffs); err != nil {
				t.Errorf("%s: %v", m.Name, err)
			}
		}
	})
}
