package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

// advantages are the settings of the dial advantage.
var advantages = []part{
	{name: "one", title: "1, so all count alike", ofDemos: true, blind: true,
		add: func(_ param.Values, r *objective.Row) {
			r.Advantage = objective.PerCompletion(func(*objective.Completion) float64 { return 1 })
		}},
	{name: "reward", title: "the reward", formula: "A_i = r_i", kl: lessReward,
		add: eachBy(func(_ param.Values, r rewardOf) rewardOf { return r })},
	{name: "signed", title: "the reward, stretched to −1 to 1", formula: "A_i = 2r_i − 1",
		kl:  lessReward,
		add: eachBy(func(_ param.Values, r rewardOf) rewardOf { return stretched(r) })},
	{name: "weighted", title: "lambda times the reward, less what is missing of it",
		formula: "A_i = lambda·r_i − (1 − r_i)", kl: lessReward, reads: []string{"lambda"},
		add: eachBy(func(v param.Values, r rewardOf) rewardOf {
			return weighted(v.Float("lambda"), r)
		})},
	{name: "mean", title: "the reward less the mean of the group",
		formula: "A_i = r_i − mean(r in the group)", kl: lessReward,
		add: inGroup(func(param.Values) objective.Normaliser { return objective.Centred })},
	{name: "z_score",
		title:   "the reward less the mean of the group, divided by the standard deviation",
		formula: "A_i = (r_i − mean)/(std + 1e-4) in the group", kl: lessReward,
		add: inGroup(func(param.Values) objective.Normaliser { return objective.ZScore })},
	{name: "over_mean", title: "the reward less the mean, divided by the mean",
		formula: "A_i = (r_i − mean)/mean in the group, 0 where the mean is 0", kl: lessAdvantage,
		add: taxed(func(param.Values) objective.Advantage {
			return objective.InGroup(objective.Rollout, objective.Reward, OverMean)
		})},
	{name: "damped", title: "the reward less the mean, divided by 1 + tau",
		formula: "A_i = (r_i − mean)/(1 + tau) in the group", kl: lessReward,
		reads: []string{"tau"},
		add: inGroup(func(v param.Values) objective.Normaliser {
			return damped(v.Float("tau"), objective.Mean)
		})},
	{name: "leave_one_out", title: "the reward less the mean of the others",
		formula: "A_i = r_i − mean(r of the others)", kl: lessReward,
		add: inGroup(func(param.Values) objective.Normaliser { return objective.LeaveOneOut })},
	{name: "long_mean",
		title:   "the reward less the mean of the group, in which long answers count more",
		formula: "A_i = r_i − Σ_j T_j·r_j/Σ_j T_j over the group", kl: lessReward,
		add: func(v param.Values, r *objective.Row) {
			r.Advantage = overLongMean(objective.PenalisedReward(v, objective.Reward))
		}},
	{name: "greedy", title: "the reward less that of the likeliest answer",
		formula: "A_i = r_i − r(greedy answer to the same prompt)", kl: lessReward,
		add: func(v param.Values, r *objective.Row) {
			r.Advantage = overGreedy(objective.PenalisedReward(v, objective.Reward))
			r.Requires |= objective.Greedies
		}},
	{name: "best", title: "1 for the best answers of the group, 0 for others",
		formula: "A_i = 1[r_i = max > 0] in the group", kl: lessReward,
		add: inGroup(func(param.Values) objective.Normaliser { return best })},
	{name: "right", title: "1 for right answers, 0 for others", formula: "A_i = 1[r_i = 1]",
		kl:  lessAdvantage,
		add: taxed(func(param.Values) objective.Advantage { return objective.IfCorrect })},
	{name: "passk", title: "what the answer does for k attempts together",
		formula: "with c of G answers right, R = 1 − C(G−c,k)/C(G,k), s = √(R(1−R)) + 1e-4: " +
			"A_i = (1−R)/s if right, (1 − R − C(G−c−1,k−1)/C(G−1,k−1))/s if wrong",
		kl: lessAdvantage, reads: []string{"k"},
		add: taxed(func(v param.Values) objective.Advantage {
			return objective.InGroup(objective.Rollout, objective.BinaryReward,
				passAtKAdvantage(v.Int("k")))
		})},
	{name: "solve_rate", title: "for right answers the share of wrong ones, for wrong ones less " +
		"the share of right ones",
		formula: "A_i = 1 − q if right, −q if wrong, q = share of right answers in the group, " +
			"held within 0.02 and 0.98",
		add: func(_ param.Values, r *objective.Row) {
			r.Advantage = objective.InGroup(objective.Rollout, objective.BinaryReward,
				nftWeights(1, 1))
		}},
	{name: "returns", title: "the reward still to come, standardised over the batch",
		formula: "A = (R − mean)/(std + 1e-4) over the tokens of the batch, R_it = Σ_{s≥t} " +
			"gamma^(s−t)·r_is, r_is = r_i at the last token and 0 before",
		kl: lessEveryReward, byToken: true, reads: []string{"gamma"},
		add: func(v param.Values, r *objective.Row) {
			r.Advantage = objective.Whitened(returns(v.Float("gamma"),
				objective.RewardK1Weight(v)))
		}},
	{name: "implicit", title: "the slope of a squared error: of the policy's own reward to the " +
		"answer's",
		formula: "A_i = −d/dx (σ(0.1·x) − r_i)² at x = log π/π_ref(y_i)", ofDemos: true,
		add: func(_ param.Values, r *objective.Row) {
			r.Advantage = objective.PerCompletion(
				squaredErrorSlope(knob.Sharpness.Default.(float64)))
			r.Requires |= objective.Logp | objective.RefLogp
		}},
	{name: "teacher", title: "how much likelier the token is under the teacher",
		formula: "A_it = log π_T(a_it|s_it) − log π(a_it|s_it)", ofDemos: true, blind: true,
		byToken: true,
		add: func(_ param.Values, r *objective.Row) {
			r.Advantage = objective.PerToken(teacherLogRatio)
			r.Requires |= objective.Logp | objective.TeacherLogp
		}},
}

// How a KL in the reward enters the advantage, in formulas.
const (
	lessReward      = "β·Σ_t log(π_old/π_ref) is taken from r_i"
	lessEveryReward = "β·log(π_old/π_ref) is taken from every r_is"
	lessAdvantage   = "β·(κ_i − mean κ in the group) is taken from A_i, κ_i = Σ_t log(π_old/π_ref)"
)

// rewardOf returns the reward of a completion.
type rewardOf = func(*objective.Completion) float64

// eachBy adds an advantage that depends on the completion's own reward alone.
func eachBy(f func(param.Values, rewardOf) rewardOf) func(param.Values, *objective.Row) {
	return func(v param.Values, r *objective.Row) {
		r.Advantage = objective.PerCompletion(f(v,
			objective.PenalisedReward(v, objective.Reward)))
	}
}

// inGroup adds an advantage that compares the rewards of a group.
func inGroup(n func(param.Values) objective.Normaliser) func(param.Values, *objective.Row) {
	return func(v param.Values, r *objective.Row) {
		r.Advantage = objective.InGroup(objective.Rollout,
			objective.PenalisedReward(v, objective.Reward), n(v))
	}
}

// taxed adds an advantage that is computed from which answers are right.
func taxed(a func(param.Values) objective.Advantage) func(param.Values, *objective.Row) {
	return func(v param.Values, r *objective.Row) {
		r.Advantage = objective.PenalisedAdvantage(v, a(v))
	}
}
