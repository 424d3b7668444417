package method

import (
	"math"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// What methods are said to have in common, held as equations between their coefficients.

// built returns a registered method's objective with some settings changed.
func built(t *testing.T, name string, settings ...string) objective.Objective {
	t.Helper()
	m, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	v := m.Defaults()
	for i := 0; i < len(settings); i += 2 {
		if err := v.Set(settings[i], settings[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return m.Build(v)
}

// judged returns a batch of rollouts that are right or wrong, some of either kind in every group;
// fresh ones are as likely as when they were sampled.
func judged(seed uint64, fresh bool) (b []objective.Group) {
	for _, group := range lab.New(seed, mustDefaults("grpo")).Batch {
		group = slices.DeleteFunc(group,
			func(c *objective.Completion) bool { return c.Source != objective.Rollout })
		for i, c := range group {
			c.Reward = [...]float64{1, 0, float64(seed % 2), 0}[i]
			if fresh {
				c.OldLogp = slices.Clone(c.Logp)
			}
		}
		if len(group) > 1 {
			b = append(b, group)
		}
	}
	return b
}

// proportional checks that every coefficient of a is k(g) times that of b.
func proportional(t *testing.T, batch []objective.Group, a, b objective.Objective,
	k func(g int) float64) {
	t.Helper()
	x, y := lab.Add(a, batch), lab.Add(b, batch)
	for g := range x {
		for i := range x[g] {
			for n, want := range y[g][i].Logp {
				if want *= k(g); math.Abs(x[g][i].Logp[n]-want) > 1e-12*(1+math.Abs(want)) {
					t.Fatalf("[%d][%d] token %d: %v, want %v", g, i, n, x[g][i].Logp[n], want)
				}
			}
		}
	}
}

// tokensPerAnswer turns an average over tokens into one over answers.
func tokensPerAnswer(b []objective.Group) float64 {
	tokens, answers := 0.0, 0.0
	lab.Each(b, objective.Rollout, func(_, _ int, c *objective.Completion) {
		tokens, answers = tokens+float64(len(c.Logp)), answers+1
	})
	return tokens / answers
}

func TestOnFreshSamples(t *testing.T) {
	once := func(int) float64 { return 1 }
	for seed := range uint64(50) {
		b := judged(seed, true)
		scale := 1 / tokensPerAnswer(b)
		plain := objective.Row{From: objective.Rollout,
			Advantage: objective.InGroup(objective.Rollout, objective.Reward, objective.ZScore)}
		t.Run("nft mode 1 is dr_grpo", func(t *testing.T) {
			proportional(t, b, built(t, "nft", "mode", "1"), built(t, "dr_grpo"),
				func(int) float64 { return scale })
		})
		t.Run("nft mode 2 is grpo", func(t *testing.T) {
			proportional(t, b, built(t, "nft", "mode", "2"), plain, func(g int) float64 {
				_, std := meanStd(b[g])
				return (std + 1e-4) / std
			})
		})
		t.Run("kl_cov is not clipped and holds nothing back",
			func(t *testing.T) { proportional(t, b, built(t, "kl_cov"), plain, once) })
		t.Run("dapo and cispo differ in nothing",
			func(t *testing.T) { proportional(t, b, built(t, "dapo"), built(t, "cispo"), once) })
		t.Run("gspo is grpo", func(t *testing.T) {
			proportional(t, b, built(t, "gspo"), built(t, "grpo", "beta", "0"), once)
		})
		t.Run("gmpo and sapo are grpo", func(t *testing.T) {
			proportional(t, b, built(t, "gmpo"), built(t, "grpo", "beta", "0"), once)
			proportional(t, b, built(t, "sapo"), built(t, "grpo", "beta", "0"), once)
		})
		t.Run("vespo and magic are dapo", func(t *testing.T) {
			proportional(t, b, built(t, "vespo"), built(t, "dapo"), once)
			proportional(t, b, built(t, "magic"), built(t, "dapo"), once)
		})
		t.Run("luspo is dr_grpo over the deviation", func(t *testing.T) {
			proportional(t, b, built(t, "luspo"), built(t, "dr_grpo"), func(g int) float64 {
				_, std := meanStd(b[g])
				return 1 / (std + 1e-4)
			})
		})
		t.Run("gpg is reinforce, since no group is all right or all wrong", func(t *testing.T) {
			proportional(t, b, built(t, "gpg"), built(t, "reinforce"),
				func(int) float64 { return scale })
		})
		t.Run("kimi is reinforce", func(t *testing.T) {
			proportional(t, b, built(t, "opmd", "form", "kimi"), built(t, "reinforce"),
				func(int) float64 { return scale })
		})
		t.Run("opmd is reinforce, damped", func(t *testing.T) {
			proportional(t, b, built(t, "opmd", "tau", "3"), built(t, "reinforce"),
				func(int) float64 { return scale / 4 })
		})
		t.Run("topr with token ratios is w_reinforce with lambda 1", func(t *testing.T) {
			proportional(t, b, built(t, "topr", "ratio", "token"),
				built(t, "w_reinforce", "lambda", "1"), once)
		})
	}
}

func TestOnAnySamples(t *testing.T) {
	once := func(int) float64 { return 1 }
	for seed := range uint64(50) {
		b := judged(seed, false)
		t.Run("one attempt is grpo", func(t *testing.T) {
			proportional(t, b, built(t, "passk", "k", "1"), built(t, "grpo", "beta", "0"), once)
		})
		t.Run("maxrl has the mean for a deviation", func(t *testing.T) {
			proportional(t, b, built(t, "maxrl"), built(t, "dr_grpo"), func(g int) float64 {
				m, _ := meanStd(b[g])
				return 1 / m
			})
		})
		t.Run("w_reinforce is psr and nsr", func(t *testing.T) {
			proportional(t, b, built(t, "w_reinforce", "lambda", "0.3"),
				objective.Sum{{Weight: 0.3, Objective: built(t, "psr")},
					{Weight: 1, Objective: built(t, "nsr")}}, once)
		})
		t.Run("all tokens fork", func(t *testing.T) {
			proportional(t, b, built(t, "forking_tokens", "share", "1"), built(t, "dapo"), once)
		})
		t.Run("entropy that counts for nothing", func(t *testing.T) {
			proportional(t, b, built(t, "entropy_adv", "alpha", "0"), built(t, "dapo"), once)
		})
		// where something is right, so nothing is imitated
		t.Run("superrl is hpt without a deviation", func(t *testing.T) {
			proportional(t, b, built(t, "superrl"), built(t, "grpo", "beta", "0"), once)
			proportional(t, b, built(t, "hpt", "entropy", "0"), built(t, "dr_grpo"),
				func(int) float64 { return 1 / tokensPerAnswer(b) })
		})
		t.Run("a mixture without imitation", func(t *testing.T) {
			proportional(t, b, built(t, "mix", "mu", "0"), built(t, "grpo", "beta", "0"), once)
		})
	}
}

func TestAdvantagesSumToZero(t *testing.T) {
	for seed := range uint64(50) {
		b := judged(seed, false)
		for name, a := range map[string]objective.Advantage{
			"passk": objective.InGroup(objective.Rollout, objective.BinaryReward,
				passAtKAdvantage(2)),
			"maxrl":   objective.InGroup(objective.Rollout, objective.Reward, OverMean),
			"dr_grpo": objective.InGroup(objective.Rollout, objective.Reward, objective.Centred),
			"luffy": objective.InUnion(objective.RolloutsAndDemos(), objective.Reward,
				objective.Centred),
		} {
			of := a(b)
			for g, group := range b {
				s := 0.0
				for i := range group {
					s += of(g, i)[0]
				}
				if math.Abs(s) > 1e-11 {
					t.Errorf("seed %d: %s: the advantages of group %d sum to %v", seed, name, g, s)
				}
			}
		}
	}
}

// Methods of imitation, compared in what reaches the logits: a constant on a whole row of a dense
// channel does not.
func TestImitationsThatAreTheSame(t *testing.T) {
	for seed := range uint64(50) {
		l := lab.New(seed, param.Values{})
		same := func(name string, a, b objective.Objective, k float64) {
			x, y := lab.Add(a, l.Batch), lab.Add(b, l.Batch)
			for g, samples := range l.Samples {
				for i, s := range samples {
					for n, want := range lab.Ascent(y[g][i], s) {
						if got := lab.Ascent(x[g][i], s)[n]; math.Abs(got-k*want) > 1e-12 {
							t.Fatalf("seed %d: %s: [%d][%d] logit %d: %v, want %v", seed, name, g,
								i, n, got, k*want)
						}
					}
				}
			}
		}
		same("gem with tau 1 is sft", built(t, "gem", "tau", "1"), built(t, "sft"), 1)
		same("asft without an anchor is dft", built(t, "asft", "beta", "0"), built(t, "dft"), 1)
		same("sft_kl without a KL is sft", built(t, "sft_kl", "beta", "0"), built(t, "sft"), 1)
		same("one-token rollouts at temperature 1 are dft",
			built(t, "otr", "kappa", "1", "miss", "-0.4"), built(t, "dft"), 1.4)
		same("nothing is left out", built(t, "tailsft", "filtered", "0"), built(t, "sft"), 1)
		same("all tokens are clean", built(t, "token_cleaning", "share", "1"), built(t, "sft"), 1)

		for _, group := range l.Batch { // before the first update
			for _, c := range group {
				c.RefLogp, c.RefDist = slices.Clone(c.Logp), slices.Clone(c.Dist)
				c.OldLogp = slices.Clone(c.Logp)
			}
		}
		same("at first nothing has moved", built(t, "psft"), built(t, "sft"), 1)
		same("at first all demonstrations weigh the same", built(t, "iw_sft"), built(t, "sft"), 1)
		same("at first nothing is learned yet", built(t, "tailsft"), built(t, "sft"), 1)
		same("at first no token is dirty", built(t, "token_cleaning"), built(t, "sft"), 1)
		same("at first the anchor does not pull", built(t, "sft_kl", "beta", "3"), built(t, "sft"),
			1)
	}
}
