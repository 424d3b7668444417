package method

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
)

// Every coefficient that a method gives on fixed batches is the same on every platform, to the bit.
// The digests change only when arithmetic changes on purpose; the engine version goes up with them.
func TestSameBitsEverywhere(t *testing.T) {
	for _, m := range All() {
		if want, got := textbook[m.Name].bits, digest(m); got != want {
			t.Errorf("%s: digest %q, its entry says %q", m.Name, got, want)
		}
	}
}

// digest hashes the coefficients of 50 batches. It uses no function of package math, whose results
// differ between platforms.
func digest(m Method) string {
	h := sha256.New()
	o := m.Build(busy(m))
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 11))
		draw := func(n int, scale float64) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = scale * r.Float64()
			}
			return x
		}
		var b []objective.Group
		for range 3 {
			var group objective.Group
			for range 1 + r.IntN(8) {
				n, v := r.IntN(5), 4
				c := &objective.Completion{
					Source: objective.Source(r.IntN(4)), Reward: float64(r.IntN(5)) / 4,
					Logp: draw(n, -3), OldLogp: draw(n, -3), RefLogp: draw(n, -3),
					TeacherLogp: draw(n, -3),
					Value:       draw(n, 1), OldValue: draw(n, 1), Entropy: draw(n, 1),
					Dist: draw(n*v, -3), RefDist: draw(n*v, -3), TeacherDist: draw(n*v, -3),
				}
				if c.Source == objective.Rollout {
					c.HintLen = n / 2
				}
				group = append(group, c)
			}
			if o.Needs().Has(objective.Greedies) {
				group = append(group,
					&objective.Completion{Source: objective.Greedy, Reward: float64(r.IntN(5)) / 4})
			}
			if o.Needs().Has(objective.Replays) {
				n := 1 + r.IntN(4)
				group = append(group,
					&objective.Completion{Source: objective.Replayed, Reward: 1, Logp: draw(n, -3),
						OldLogp: draw(n, -3)})
			}
			b = append(b, group)
		}
		for _, group := range lab.Add(o, b) {
			for _, c := range group {
				for _, x := range lab.Channels(c) {
					for _, v := range x {
						if err := binary.Write(h, binary.LittleEndian,
							math.Float64bits(v)); err != nil {
							panic(err)
						}
					}
				}
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
