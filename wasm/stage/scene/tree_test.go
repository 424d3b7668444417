package scene

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// A branch is as thick as it is probable, its children together are no thicker, and no two branches
// overlap.
func TestLay(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		root := grow(randomSamples(r, 1+r.IntN(200)))
		box := Box{10, 20, 100 + r.Float64()*500, 60 + r.Float64()*500}
		before := len(root.ends())
		unit, left := lay(root, box, root.columns([]float64{1, 1}))
		const slack = 1e-6
		if root.extent > box.H+slack || unit <= 0 {
			t.Fatalf("seed %d: %v high in a box of %v, with a unit of %v", seed, root.extent, box.H,
				unit)
		}
		if shown := len(root.ends()); shown+left != before ||
			left > 0 && float64(shown) < box.H/leastSlot-1 {
			t.Fatalf("seed %d: of %d responses %d are shown and %d left out in %v", seed, before,
				shown, left, box.H)
		}
		thickness := map[*branch]float64{}
		root.each(func(parent, b *branch) {
			if math.Abs(b.wide-unit*b.p) > slack {
				t.Fatalf("seed %d: %q has probability %v and is %v thick, with %v to 1", seed,
					b.prefix, b.p, b.wide, unit)
			}
			if thickness[parent] += b.wide; thickness[parent] > parent.wide+slack {
				t.Fatalf("seed %d: what follows %q is thicker than it", seed, parent.prefix)
			}
			if b.y-b.extent/2 < parent.y-parent.extent/2-slack ||
				b.y+b.extent/2 > parent.y+parent.extent/2+slack {
				t.Fatalf("seed %d: %q leaves the place of %q", seed, b.prefix, parent.prefix)
			}
			if b.x <= parent.x || b.x > box.X+box.W+slack {
				t.Fatalf("seed %d: %q ends at %v after %v in %v", seed, b.prefix, b.x, parent.x,
					box)
			}
			for i, c := range b.children[:max(len(b.children)-1, 0)] {
				if next := b.children[i+1]; c.y+c.extent/2 > next.y-next.extent/2+slack ||
					c.symbol > next.symbol {
					t.Fatalf("seed %d: %q and %q overlap or change places", seed, c.prefix,
						next.prefix)
				}
			}
		})
	}
}

// The probabilities in a tree equal the samples'.
func TestGrow(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		samples := randomSamples(r, 64)
		root := grow(samples)
		drawn := 0
		for _, b := range root.ends() {
			drawn += b.drawn
			found := false
			for _, s := range samples {
				total := 0.0
				for _, x := range s.Logp {
					total += x
				}
				found = found || s.Response == b.prefix && s.Finished != b.cut &&
					math.Abs(math.Exp(total)-b.p) < 1e-12
			}
			if !found {
				t.Fatalf("seed %d: no sample is %q with probability %v", seed, b.prefix, b.p)
			}
		}
		if drawn != len(samples) || root.drawn != drawn {
			t.Fatalf("seed %d: %d of %d samples are in the tree", seed, drawn, len(samples))
		}
	}
}

// Both extremes are legible: a policy that always gives the same response, and one that never
// repeats one.
func TestTreeExtremes(t *testing.T) {
	r := NewRecord(Recipe{Lanes: []Lane{{"SFT", 300}, {"GRPO", 300}}})
	var same, different []protocol.Sample
	symbols := rand.New(rand.NewPCG(5, 5))
	for range 64 {
		same = append(same, protocol.Sample{Prompt: "A7K3J=", Response: "770012345678",
			Finished: true, Reward: 1, Mark: protocol.Right, Logp: make([]float64, 13)})
		s := protocol.Sample{Prompt: "A7K3J=", Finished: true, Mark: protocol.Wrong,
			Logp: make([]float64, 13)}
		for k := range 12 {
			s.Response += string("0123456789JQKABS="[symbols.IntN(17)])
			s.Logp[k] = -2.8
		}
		different = append(different, s)
	}
	r.Add(0, protocol.Event{Kind: protocol.Looked, Step: 40, Samples: same})
	r.Add(1, protocol.Event{Kind: protocol.Looked, Step: 40, Samples: different})
	for _, size := range [][2]float64{{820, 520}, {360, 620}} {
		p := drawTree(r, View{}, size[0], size[1])
		letters, ticks, crosses := map[string]int{}, 0, 0
		for _, w := range p.Words {
			if w.Mono {
				letters[w.Key[:6]]++
			}
		}
		for _, d := range p.Dots {
			switch {
			case d.Shape == Tick && d.Role == Good:
				ticks++
			case d.Shape == Cross && d.Role == Bad:
				crosses++
			}
		}
		if letters["tree 0"] != 13 || ticks != 1 {
			t.Errorf("%v: of the only path 12 symbols and the prompt should be readable, and one "+
				"tick: %d, %d", size, letters["tree 0"], ticks)
		}
		if letters["tree 1"] < 5 || crosses != 64 {
			t.Errorf("%v: of 64 paths some symbols and 64 crosses: %d, %d", size, letters["tree 1"],
				crosses)
		}
		text := ""
		for _, w := range p.Words {
			text += w.Text + "\n"
		}
		for _, want := range []string{"A7K3J=", "after 40 updates",
			"64 drawn, 64 right, 1 different", "64 drawn, 0 right, 64 different", "1.00"} {
			if !strings.Contains(text, want) {
				t.Errorf("%v: %q is not written in\n%s", size, want, text)
			}
		}
	}
}

// The end of a branch has a tip.
func TestTreeHover(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		p := drawTree(record, View{}, 900, 600)
		for _, d := range p.Dots {
			if d.Shape != Tick && d.Shape != Cross {
				continue
			}
			tip := p.Point(d.At).Tip
			if tip == nil || !strings.HasPrefix(tip.Rows[0].Text, "A7K3J=") ||
				tip.Rows[len(tip.Rows)-1].Text != "reward" {
				t.Errorf("at %v there is %v", d.At, tip)
			}
		}
	})
}
