package method

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/extreme"
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// extremes returns a method's settings with each knob at each of its ends by itself, with all of
// them lowest and all of them highest, and with random pairs of knobs at random ends.
func extremes(m Method, pairs int) (all []param.Values) {
	set := func(v param.Values, k param.Knob, text string) {
		if err := v.Set(k.Name, text); err != nil {
			panic(err)
		}
	}
	lowest, highest := m.Defaults(), m.Defaults()
	for _, k := range m.Knobs {
		texts := extreme.Settings(k)
		for _, text := range texts {
			v := m.Defaults()
			set(v, k, text)
			all = append(all, v)
		}
		set(lowest, k, texts[0])
		set(highest, k, texts[min(1, len(texts)-1)])
	}
	r := rand.New(rand.NewPCG(5, 13))
	for range pairs {
		v := m.Defaults()
		for range 2 {
			k := m.Knobs[r.IntN(len(m.Knobs))]
			texts := extreme.Settings(k)
			set(v, k, texts[r.IntN(len(texts))])
		}
		all = append(all, v)
	}
	return append(all, lowest, highest)
}

// stripped leaves of a batch what the trainer gathers for an objective with these needs, and
// nothing else.
func stripped(needs objective.Needs, batch []objective.Group) []objective.Group {
	out := lab.CloneBatch(batch)
	for g, group := range out {
		for _, c := range group {
			n := c.Len()
			for _, f := range c.Fields() {
				if !needs.Has(f.Need) {
					*f.Values = nil
				}
			}
			if c.Logp == nil { // its length is always there
				c.Logp = make([]float64, n)
			}
		}
		out[g] = slices.DeleteFunc(group, func(c *objective.Completion) bool {
			return !needs.Has(objective.SourceNeed(c.Source))
		})
	}
	return out
}

// At every allowed setting a method reads no more than it says, and its coefficients are finite: at
// the ends of every knob, at 0, alone and in pairs.
func TestExtremeSettings(t *testing.T) {
	for _, m := range All() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			for _, v := range extremes(m, 40) {
				for seed := range uint64(4) {
					o := m.Build(v)
					for _, step := range []int{0, 1, 99} {
						now := o
						if timed, ok := o.(objective.Scheduled); ok {
							now = timed.At(objective.Progress{Step: step, Steps: 100,
								Imitation: slices.Repeat([]float64{1}, step), Draw: 0.5})
						}
						batch := stripped(o.Needs(), lab.New(seed, m.Defaults()).Batch)
						got := objective.NewCoeffs(batch)
						now.Add(got, batch)
						if err := lab.Finite(got); err != nil {
							t.Fatalf("%v, seed %d, step %d: %v", v.Changed(), seed, step, err)
						}
						if _, timed := o.(objective.Scheduled); !timed {
							break
						}
					}
				}
				for name, batch := range degenerate() {
					if name == "absurd numbers" {
						continue
					}
					if err := lab.Finite(lab.Add(m.Build(v), batch)); err != nil {
						t.Errorf("%v, %s: %v", v.Changed(), name, err)
					}
				}
			}
		})
	}
}
