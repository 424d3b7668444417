package method

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Methods that compare the answers to a prompt have nothing to compare in a group of one: there
// rewards, whatever they are, change no coefficient of theirs, though in larger groups they do.
func TestComparesWithNone(t *testing.T) {
	var none []string
	for _, m := range All() {
		v := m.Defaults()
		if m.ComparesWithNone(v) {
			t.Errorf("%s: at its defaults it compares nothing", m.Name)
		}
		if !v.Has("group") || v.Set("group", "1") != nil {
			continue
		}
		found := m.ComparesWithNone(v)
		if found {
			none = append(none, m.Name)
		}
		c := m.Collect(v)
		want := c.Label == objective.InPairs || !m.moves(v, c, 1) && m.moves(v, c, 2)
		if found != want {
			t.Errorf("%s: whether it compares nothing is %v, by random rewards it is %v", m.Name,
				found, want)
		}
	}
	for _, name := range []string{"apo", "bread", "cdpo", "chord_mu", "chord_phi", "cispo",
		"clip_cov", "dapo", "dials", "dpo", "dr_grpo", "entropy_adv", "exgrpo", "forking_tokens",
		"gdpo", "gmpo", "gpg", "grpo", "gspo", "ipo", "kl_cov", "length_dpo", "luspo", "magic",
		"maxrl", "mix", "online_dpo", "opmd", "opo", "orpo", "prefix_rft", "rdpo", "reinforce",
		"relift", "rlhf", "rloo", "rpo", "sapo", "simpo", "sppo", "srl", "uft", "vespo"} {
		if !slices.Contains(none, name) {
			t.Errorf("%s has nothing to compare in a group of one, and is not said to", name)
		}
	}
}

// moves reports whether random rewards of groups of n rollouts change a coefficient.
func (m Method) moves(v param.Values, c objective.Collect, n int) bool {
	r := rand.New(rand.NewPCG(1, 2))
	coeffs := func(rewards []float64) objective.Coeffs {
		batch := rewarded(c, n, rewards)
		out := objective.NewCoeffs(batch)
		m.Build(v).Add(out, batch)
		return out
	}
	nothing := coeffs(make([]float64, 2*n))
	for range 20 {
		rewards := make([]float64, 2*n)
		for i := range rewards {
			rewards[i] = float64(r.IntN(5)) / 4
		}
		if !reflect.DeepEqual(coeffs(rewards), nothing) {
			return true
		}
	}
	return false
}
