// Package eval measures a policy on a task's held-out prompts and defines every metric.
//
// Start with [NewSuite] and [Suite.Measure]. What a metric's number means is in [Dictionary], which
// [Define] looks up.
package eval

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// Definition is an entry of [Dictionary]. In its name LEVEL stands for any level of the task, and
// PART for any part of a reward.
type Definition struct {
	Name      string `json:"name"`
	Title     string `json:"title"` // what the page calls it
	Unit      string `json:"unit"`
	Estimator string `json:"estimator"`
	Doc       string `json:"doc"`
}

// Share is the unit of numbers from 0 (none) to 1 (all).
const Share = "share"

// level and part stand in a name for a level of the task and for a part of a reward.
const (
	level = "LEVEL"
	part  = "PART"
)

// dictionary is what Dictionary returns a copy of.
var dictionary = slices.Concat(definitions(measured), passed(), trained, costs())

// Dictionary returns the definitions of all metrics and of all entries of the ledger.
func Dictionary() []Definition { return slices.Clone(dictionary) }

// responses are what a policy has written to a level's held-out prompts, and rewards for it.
type responses struct {
	sampled []*rollout.Sequence // one to each prompt, at temperature 1
	greedy  []*rollout.Sequence // another to each, the likeliest token at every place
}

// measure is a metric with how it is computed from responses; of is nil where it is computed
// elsewhere.
type measure struct {
	Definition
	of func(responses) float64
}

// measured are the metrics of every measurement.
var measured = []measure{
	{Definition{"eval/LEVEL/accuracy", "accuracy", Share,
		"right responses among those sampled at temperature 1, one per fixed held-out prompt",
		"How often the policy is right when it answers as it trains."},
		func(r responses) float64 { return Accuracy(r.sampled) }},
	{Definition{"eval/LEVEL/accuracy_greedy", "greedy accuracy", Share,
		"right responses among those decoded greedily, one per fixed held-out prompt",
		"How often the policy's likeliest token at each place leads to a right response."},
		func(r responses) float64 { return Accuracy(r.greedy) }},
	{Definition{"eval/LEVEL/reward", "reward", Share,
		"mean reward of the responses that accuracy is measured on",
		"What the task's verifier gives the policy. It differs from accuracy where a response " +
			"can be partly right."}, meanReward},
	{Definition{"eval/LEVEL/entropy_nats", "entropy", "nats per token",
		"mean over the sampled responses' tokens of the exact entropy over the vocabulary",
		"How undecided the policy still is."}, meanEntropy},
	{Definition{"eval/LEVEL/response_tokens", "length of the answers", "tokens",
		"mean length of the sampled responses, End included", "How long the policy thinks."},
		meanTokens},
	{Definition{"eval/LEVEL/kl_base_policy_nats", "KL(base‖policy)", "nats per response",
		"mean over the base's own sampled responses of the sum over tokens of the exact " +
			"KL(base‖policy) over the vocabulary; between two densities by the trapezoidal " +
			"rule, per draw", "How far the policy has moved from the base where the base would " +
			"go; it predicts forgetting (arXiv:2509.04259)."}, nil},
	{Definition{"eval/LEVEL/kl_base_policy_token_nats", "KL(base‖policy) per token",
		"nats per token", "the same sum over all tokens of all those responses, divided by " +
			"their number", "The same distance, whatever the length of the responses."}, nil},
	{Definition{"eval/LEVEL/kl_policy_base_nats", "KL(policy‖base)", "nats per response",
		"mean over the policy's own sampled responses to the first 64 held-out prompts of the " +
			"sum over tokens of the exact KL(policy‖base) over the vocabulary",
		"How far the policy has moved from the base where it goes itself: what a KL penalty " +
			"holds down, and what over-optimisation is drawn against."}, nil},
	{Definition{"eval/LEVEL/kl_policy_base_token_nats", "KL(policy‖base) per token",
		"nats per token", "the same sum over all tokens of all those responses, divided by " +
			"their number", "The same distance, whatever the length of the responses."}, nil},
	{Definition{"eval/LEVEL/calibration_error", "calibration error", Share,
		"expected calibration error with ten classes of equal width: of the responses that " +
			"accuracy is measured on, sorted by the probability that the policy gave the whole " +
			"response, the mean over responses of the distance between mean probability and " +
			"share of right ones in their class",
		"How far the policy's confidence in an answer is from how often such answers are right " +
			"(arXiv:1706.04599). Where a prompt has many right answers, each can be unlikely and " +
			"right, and the error says so too. With 512 responses chance alone makes some " +
			".01 to .03."}, func(r responses) float64 { return Calibration(r.sampled) }},
	{Definition{"eval/LEVEL/abstention", "abstention", Share,
		"responses that decline to answer among those that accuracy is measured on, in " +
			"tasks that tell", "How often the policy says that it does not know, or refuses."},
		nil},
	{Definition{"eval/LEVEL/hallucination", "hallucination", Share,
		"wrong responses that do not decline to answer among those that accuracy is measured on, " +
			"in tasks that tell",
		"How often the policy claims what is wrong, or does what it should not, instead " +
			"of declining."}, nil},
	{Definition{"eval/LEVEL/overlap", "overlap", Share,
		"trapezoidal rule over 1024 cells from -12 to 12",
		"Two densities: which share of a mode of the target, by area, also lies under the " +
			"policy's density. Nothing is sampled."}, nil},
	{Definition{"eval/LEVEL/component_weight", "weight of the component", Share, "exact",
		"Two densities: the weight of that component of the policy's density which started " +
			"for the level."}, nil},
	{Definition{"eval/LEVEL/component_mean", "mean of the component", "", "exact",
		"Two densities: where that component stands, its mean as a number on the line that both " +
			"densities are over."}, nil},
	{Definition{"eval/LEVEL/component_std", "deviation of the component", "", "exact",
		"Two densities: how wide that component is, its standard deviation on the line that both " +
			"densities are over."}, nil},
}

func definitions(all []measure) (defined []Definition) {
	for _, m := range all {
		defined = append(defined, m.Definition)
	}
	return defined
}

// passed returns the metrics of the first and the last measurement, if the recipe asks for pass@k.
func passed() (all []Definition) {
	for k := 1; k <= MaxAnswers; k *= 2 {
		d := Definition{fmt.Sprintf("eval/LEVEL/pass_at_%d", k), fmt.Sprintf("pass@%d", k), Share,
			fmt.Sprintf("mean over the held-out prompts of 1 - C(n-c, %d)/C(n, %d), with c right "+
				"ones of n answers sampled at temperature 1, n as the "+
				"recipe's passk says", k, k), "How many prompts are solved by at least one answer"}
		if d.Doc += fmt.Sprintf(" of %d.", k); k == 1 {
			d.Doc = "How often a single answer is right, as accuracy says, from more answers."
		}
		all = append(all, d)
	}
	return append(all, Definition{"eval/LEVEL/distinct_right", "different right answers", "answers",
		"mean over the held-out prompts of how many different ones are among the right answers " +
			"that pass@k is measured on", "In how many ways the policy solves a prompt that has " +
			"several right answers: diversity that counts."})
}

// costs returns the metrics of the ledger.
func costs() (all []Definition) {
	for _, e := range protocol.Ledger() {
		all = append(all, Definition{"cost/" + e.Name, e.Title, e.Unit, e.Is, e.Doc})
	}
	return all
}

// trained are the metrics of the weights and of an update.
var trained = []Definition{
	{"weights/update_norm", "size of the update", "",
		"Euclidean norm of the policy's weights less the base's, in float32; with LoRA, of the " +
			"merged weights", "How far training has moved the weights, all together."},
	{"weights/update_relative", "relative size of the update", "",
		"the same, divided by the norm of the base's weights",
		"How far that is beside how large the weights are."},
	{"weights/unchanged_share", "unchanged weights", Share,
		"weights that are exactly what they were in the base, in float32",
		"How sparse the update is. What no gradient ever reaches stays the same, such as the " +
			"rows of symbols that do not occur."},
	{"weights/unchanged_bf16_share", "unchanged weights in bfloat16", Share,
		"weights that are the same as in the base once both are rounded to the nearest bfloat16",
		"How sparse the update looks in the format that large models are kept in, with its 8 " +
			"bits of precision: what moves by less than half a step of it disappears " +
			"(arXiv:2509.04259, against arXiv:2505.11711)."},
	{"weights/small_change_share", "hardly changed weights", Share,
		"weights that differ from the base's by at most 1e-5, in float32",
		"How sparse the update is at the tolerance of arXiv:2505.11711. What it says depends on " +
			"how large weights and learning rates are."},
	{"weights/rank_share", "rank of the update", Share,
		"mean over the matrices that have changed of the effective rank of their update, exp of " +
			"the entropy of its singular values as shares of their sum (Roy and Vetterli 2007), " +
			"divided by the most it can be; at the end of a lane",
		"Over how many directions the update is spread."},
	{"weights/rank_99_share", "directions of the update", Share,
		"mean over the matrices that have changed of how many singular values hold 99 % of the " +
			"energy of their update, the sum of squares, divided by how many there are; at the " +
			"end of a lane", "In how many directions nearly all of the update lies. With LoRA " +
			"there are at most as many as its rank."},
	{"train/loss_nats", "loss on demonstrations", "nats per token",
		"mean of -log-probability over the demonstrations' tokens before the update",
		"What imitation pushes down."},
	{"train/reward_mean", "reward in training", Share,
		"mean reward of the step's rollouts before any filter, from the verifier",
		"What reinforcement pushes up, unless a reward model judges instead of the verifier. " +
			"Where steps of a demonstration are sampled it is how like the expert's they are."},
	{"train/score_mean", "score that is learned from", "",
		"mean over the step's rollouts of the reward model's score, the joined one of an " +
			"ensemble, or a reward of the user's own, before any filter",
		"What training pushes up where the verifier's reward is not learned from. When it rises " +
			"while train/reward_mean falls, the policy has found what the score is wrong about."},
	{"train/part/PART/mean", "part of the reward", "",
		"mean over the step's rollouts of a part of the user's own reward, before its weight and " +
			"before any filter", "Which part of a reward is being learned, and which is given up " +
			"for it. PART stands for the name of any part."},
	{"train/reward_nats", "reward in training", "nats",
		"mean over the step's draws of log p_new - log q_new - log beta",
		"Two densities: what reinforcement pushes up. It has no bounds, unlike a " +
			"verifier's reward."},
	{"train/best_reward_mean", "best reward by score", Share,
		"mean over the step's prompts of the verifier's reward for the rollout with the " +
			"highest score", "What it would give to answer several times and let the reward " +
			"model choose."},
	{"train/entropy_nats", "entropy in training", "nats per token",
		"mean exact entropy over the rollouts' tokens under the policy that sampled them",
		"How much the policy still explores."},
	{"train/response_tokens", "length in training", "tokens",
		"mean length of the step's rollouts, End included and given tokens left out",
		"How long the policy thinks while it trains."},
	{"train/truncated_share", "answers cut off in training", Share,
		"the step's rollouts that were as long as they may be without an End, before any filter",
		"How often the policy does not come to an end. Such an answer earns nothing."},
	{"train/reward_spread", "spread of rewards", "",
		"mean over the step's prompts of the population standard deviation of their rollouts' " +
			"rewards, before any filter", "How much a group baseline has to learn from: at 0 all " +
			"answers to a prompt earn the same."},
	{"train/given_tokens", "given tokens", "tokens",
		"mean over the step's rollouts of how many of their first tokens were given, from the " +
			"demonstration", "How much of the way the expert still goes ahead."},
	{"train/kl_ref_k3_nats", "KL to the reference", "nats per token",
		"mean over the step's tokens of the k3 estimate exp(ref-logp)-(ref-logp)-1",
		"How far the policy is from the reference model, on its own tokens."},
	{"train/chosen_logp_nats", "log-probability of the chosen", "nats",
		"mean over the step's chosen answers of log π, summed over the tokens, before the update",
		"How likely the better answers of the pairs are. It differs from step to step with the " +
			"answers; what training does to it is train/chosen_shift_nats."},
	{"train/rejected_logp_nats", "log-probability of the rejected", "nats",
		"mean over the step's rejected answers of log π, summed over the tokens, before the update",
		"How likely the worse answers of the pairs are."},
	{"train/chosen_shift_nats", "shift of the chosen", "nats",
		"mean over the step's chosen answers of log π/π_ref, summed over the tokens, before the " +
			"update; where there is a reference model",
		"Whether the better answers have become likelier than under the reference model, above " +
			"0, or less likely, below 0. A comparison may push both answers of a pair down, as " +
			"long as the worse one falls faster."},
	{"train/rejected_shift_nats", "shift of the rejected", "nats",
		"mean over the step's rejected answers of log π/π_ref, summed over the tokens, before " +
			"the update; where there is a reference model",
		"Whether the worse answers have become less likely than under the reference model, as " +
			"they should."},
	{"train/margin_nats", "margin of the pairs", "nats",
		"mean over the step's pairs of the chosen answer's log π/π_ref less the rejected one's, " +
			"before the update; of log π where there is no reference model; the k-th chosen " +
			"answer to a prompt is paired with the k-th rejected one",
		"How far training has driven the two answers of a pair apart. Times beta it is the " +
			"margin of the implicit rewards in dpo."},
	{"train/pair_accuracy", "pairs ordered as labelled", Share,
		"pairs with a margin above 0 among the step's pairs, and half of those with a margin of " +
			"0; margins as in train/margin_nats",
		"How often the policy, used as a reward model, agrees with the labels: one half at " +
			"first. Where labels are wrong, 1 is too much."},
	{"train/value_error", "error of the critic", "reward",
		"mean over the rollouts' tokens of the distance between the critic's value, before the " +
			"update, and the reward that the rollout got",
		"How far the critic is from knowing what an answer will earn."},
	{"train/sampler_ratio_mean", "ratio of policy and sampler", "",
		"mean over the tokens sampled for the step of π/π_sampler, exact, by the policy before " +
			"the first update with the batch; where rounding or lag makes another copy sample",
		"Whether the two agree. Its expectation is 1 whatever they are, so a mean far from 1 " +
			"comes from too few tokens for how far they differ."},
	{"train/sampler_kl_k3_nats", "KL of sampler and policy", "nats per token",
		"mean over the same tokens of the k3 estimate of KL(π_sampler‖π), r-1-log r with r = " +
			"π/π_sampler",
		"How far the policy is from the copy that sampled. It is 0 only where both are equal."},
	{"train/corrected_share", "corrected tokens", Share,
		"tokens sampled for the step whose ratio is truncated (correct=tis) or masked " +
			"(correct=mis), among all of them",
		"How often the correction for the sampler reaches its cap."},
	{"train/stale_share", "stale answers", Share,
		"rollouts of the step with a mean of log(π_sampler/π) over their tokens above " +
			"mask_stale, before the update",
		"How many answers the policy has moved away from. Those with a negative advantage are " +
			"left out."},
	{"train/active_share", "groups that teach", Share,
		"groups with a coefficient that is not zero among the groups of the step",
		"How many prompts teach anything: a group whose rewards are all equal teaches a group " +
			"baseline nothing."},
	{"train/active_share_so_far", "groups that taught", Share,
		"the same over the groups of all updates of the lane until now; with every measurement",
		"Whether a run taught anything: at 0 no update had anything to learn from."},
	{"train/reward_mean_so_far", "reward in training until now", Share,
		"mean of train/reward_mean over all updates of the lane until now; with every measurement",
		"How often the rollouts of a whole run were right. At 0, and at 1, their rewards tell " +
			"none of them from another."},
	{"train/clipped_share_so_far", "clipped tokens", Share,
		"tokens that the clip stops among those with an advantage, in the second and later " +
			"updates with a batch, over all updates of the lane until now; of the first rollout " +
			"of each group; with every measurement, where batches are used more than once",
		"How much of what further updates with a batch could use the clip leaves out, because " +
			"the policy has already moved past its range."},
	{"train/gradient_norm", "size of the gradient", "",
		"Euclidean norm of the whole step's gradient before clipping", "How hard the step pulls."},
}

// Define returns the dictionary's entry for a metric's name, and whether there is one.
func Define(name string) (Definition, bool) {
	for _, d := range dictionary {
		if d.Name == name {
			return d, true
		}
		for _, placeholder := range []string{level, part} {
			before, after, pattern := strings.Cut(d.Name, placeholder)
			named, ok := strings.CutPrefix(name, before)
			named, fits := strings.CutSuffix(named, after)
			if pattern && ok && fits && named != "" && !strings.Contains(named, "/") {
				return d, true
			}
		}
	}
	return Definition{}, false
}
