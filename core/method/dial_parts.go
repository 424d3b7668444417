package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// sources are the settings of the dial source.
var sources = []part{
	{name: "rollouts", title: "answers that the policy samples", formula: "answers"},
	{name: "varied", title: "sampled answers, where not all of a prompt have the same reward",
		formula: "answers to prompts whose rewards differ"},
	{name: "demos", title: "demonstrations", formula: "demonstrations",
		add: func(_ param.Values, r *objective.Row) { r.From = objective.Demo }},
}

// denominators are the settings of the dial denominator.
var denominators = []part{
	{name: "policy", title: "the policy itself, so the ratio is 1"},
	{name: "behaviour", title: "the policy when it sampled", formula: "π/π_old",
		add: over(objective.OverBehaviour)},
	{name: "reference", title: "the reference model", formula: "π/π_ref",
		add: over(objective.OverReference)},
	{name: "one", title: "1, so the ratio is the probability", formula: "π",
		add: over(objective.OverOne)},
}

func over(d objective.Denom) func(param.Values, *objective.Row) {
	return func(_ param.Values, r *objective.Row) { r.Denom = d }
}

// spans are the settings of the dial span. The formula has a %s for the ratio of a token.
var spans = []part{
	{name: "token", title: "each token by itself", formula: "ρ = %s"},
	{name: "mean", title: "the answer, as the geometric mean over its tokens",
		formula: "ρ_i = (Π_t %s)^(1/T_i)", add: spanning(objective.OfMean)},
	{name: "answer", title: "the answer, as the product over its tokens",
		formula: "ρ_i = Π_t %s", add: spanning(objective.OfAnswer)},
}

func spanning(s objective.Span) func(param.Values, *objective.Row) {
	return func(_ param.Values, r *objective.Row) { r.Span = s }
}

// limits are the settings of the dial limit. In formulas ρ is the ratio, and f(ρ) is what becomes
// of it.
var limits = []part{
	{name: "free", title: "not limited"},
	{name: "clip", title: "a token is no longer pushed once it has moved past eps_low or eps_high",
		reads: []string{"eps_low", "eps_high", "dual_clip"},
		add: func(v param.Values, r *objective.Row) {
			r.Mask = objective.DualClip(v.Float("dual_clip"),
				objective.Clip(v.Float("eps_low"), v.Float("eps_high")))
		}},
	{name: "cap", title: "at most 1 + eps_high, and the token is still pushed",
		formula: "f(ρ) = min(ρ, 1+eps_high)", reads: []string{"eps_high"},
		add: func(v param.Values, r *objective.Row) { r.Ratio = atMost(1 + v.Float("eps_high")) }},
	{name: "taper", title: "1 where the advantage is above 0, at most 1 elsewhere",
		formula: "f(ρ) = 1 where A > 0, min(ρ, 1) elsewhere",
		add:     func(_ param.Values, r *objective.Row) { r.Ratio = taper }},
	{name: "power", title: "raised to a power, and at most 16",
		formula: "f(ρ) = min(ρ^power, 16)", reads: []string{"power"},
		add: func(v param.Values, r *objective.Row) { r.Ratio = raised(v.Float("power")) }},
	{name: "gate", title: "multiplied by a gate that closes the further it is from 1",
		formula: "f(ρ) = 4p·(1 − p)·ρ, p = σ(τ·(ρ − 1)), τ = tau_pos where A > 0, tau_neg " +
			"elsewhere",
		reads: []string{"tau_pos", "tau_neg"},
		add: func(v param.Values, r *objective.Row) {
			r.Ratio = softGate(v.Float("tau_pos"), v.Float("tau_neg"))
		}},
	{name: "curve", title: "weighed by a curve that is 1 at 1 and falls on either side",
		formula: "f(ρ) = ρ^k·e^(λ·(1 − ρ)), k = k_pos and λ = lambda_pos where A ≥ 0, k_neg and " +
			"lambda_neg elsewhere",
		reads: []string{"k_pos", "lambda_pos", "k_neg", "lambda_neg"},
		add:   func(v param.Values, r *objective.Row) { r.Ratio = curveAt(v) }},
	{name: "ease", title: "eased off for wrong answers that have become unlikely",
		formula: "f(ρ) = 1 for right answers, ρ/max(1, (1 − q·ρ)/(1 − q)) for wrong ones",
		add: func(_ param.Values, r *objective.Row) {
			r.Ratio = ofWrongOnly
			selecting(r, objective.Logp|objective.OldLogp, easeOffWrong)
		}},
}

// tokenChoices are the settings of the dial tokens. The formula is the factor m, or a term.
var tokenChoices = []part{
	{name: "all", title: "all of them", ofDemos: true},
	{name: "entropy", title: "those at which the policy is most undecided",
		formula: "m_it = 1 where H_it is in the highest share, else 0", ofDemos: true,
		reads: []string{"share"},
		add: func(v param.Values, r *objective.Row) {
			selecting(r, objective.Entropy, objective.TopShare(v.Float("share"), r.From, entropyAt))
		}},
	{name: "gained", title: "those that have become likelier than under the reference model",
		formula: "m_it = 1 where log π/π_ref is in the highest share, else 0", ofDemos: true,
		reads: []string{"share"},
		add: func(v param.Values, r *objective.Row) {
			selecting(r, objective.Logp|objective.RefLogp,
				objective.TopShare(v.Float("share"), r.From, gainAt))
		}},
	{name: "clip_cov", title: "all but a few that cost entropy, chosen by lot",
		formula: "m = 0 at max(1, share·N) tokens chosen at random where cov_low < cov < " +
			"cov_high, else 1, cov = (A − mean A)·(log π − mean log π)",
		reads: []string{"share", "cov_low", "cov_high"},
		add: func(v param.Values, r *objective.Row) {
			selecting(r, objective.Logp|objective.OldLogp, clipCovSelect{r.Advantage, r.Mask,
				v.Float("share"), v.Float("cov_low"), v.Float("cov_high")}.prepare)
		}},
	{name: "kl_cov", title: "all; those that cost most entropy are held back",
		formula: "cov = (A − mean A)·(log π − mean log π)",
		reads:   []string{"share", "kl_coef"},
		add: func(v param.Values, r *objective.Row) {
			r.Extra = holdBack(r.Advantage, v.Float("share"), v.Float("kl_coef"))
			r.Requires |= objective.Logp | objective.OldLogp
		}},
}

// selecting makes a row push only what s selects of its tokens, besides what it selects already.
func selecting(r *objective.Row, needs objective.Needs, s objective.Select) {
	r.Requires |= needs
	before := r.Select
	if before == nil {
		r.Select = s
		return
	}
	r.Select = func(batch []objective.Group) func(g, i, t int) float64 {
		first, second := before(batch), s(batch)
		return func(g, i, t int) float64 { return first(g, i, t) * second(g, i, t) }
	}
}

// averages are the settings of the dial average. The formula is what stands before a token's term.
var averages = []part{
	{name: "tokens", title: "over the tokens of all answers, so long ones weigh more",
		formula: "(1/N) Σ_i Σ_t", add: reducing(objective.TokenMean)},
	{name: "answers", title: "over the tokens of each answer, then over answers",
		formula: "(1/n) Σ_i (1/T_i) Σ_t", add: reducing(objective.SeqMean)},
	{name: "sum", title: "the sum over the tokens of each answer, then the mean over answers",
		formula: "(1/n) Σ_i Σ_t", add: reducing(objective.SeqSum)},
}

func reducing(k objective.Reduce) func(param.Values, *objective.Row) {
	return func(_ param.Values, r *objective.Row) { r.Reduce = k }
}
