// Package eval measures a policy and keeps the dictionary of all measures.
package eval

import "strings"

// Definition is an entry of the dictionary. In its name LEVEL stands for any
// level of the task.
type Definition struct {
	Name      string `json:"name"`
	Unit      string `json:"unit"`
	Estimator string `json:"estimator"`
	Doc       string `json:"doc"`
}

// Share is the unit of what lies between none and all, 0 and 1.
const Share = "share"

const level = "LEVEL"

// Dictionary defines every metric that is ever emitted.
var Dictionary = []Definition{
	{"eval/LEVEL/accuracy", Share, "right responses among those sampled at temperature 1, one per fixed held-out prompt", "How often the policy is right when it answers as it trains."},
	{"eval/LEVEL/accuracy_greedy", Share, "right responses among those decoded greedily, one per fixed held-out prompt", "How often the policy's likeliest token at each place leads to a right response."},
	{"eval/LEVEL/reward", Share, "mean reward of the responses that accuracy is measured on", "What the task's verifier gives the policy. It differs from accuracy where a response can be partly right."},
	{"eval/LEVEL/entropy_nats", "nats per token", "mean over the sampled responses' tokens of the exact entropy over the vocabulary", "How undecided the policy still is."},
	{"eval/LEVEL/response_tokens", "tokens", "mean length of the sampled responses, End included", "How long the policy thinks."},
	{"eval/LEVEL/kl_base_policy_nats", "nats per response", "mean over the base's own sampled responses of the sum over tokens of the exact KL(base‖policy) over the vocabulary", "How far the policy has moved from the base where the base would go; it predicts forgetting (arXiv:2509.04259)."},
	{"train/loss_nats", "nats per token", "mean of -log-probability over the demonstrations' tokens before the update", "What imitation pushes down."},
	{"train/reward_mean", Share, "mean reward of the step's rollouts before any filter, from the verifier", "What reinforcement pushes up, unless a reward model judges instead of the verifier. Where steps of a demonstration are sampled it is how like the expert's they are."},
	{"train/score_mean", "", "mean over the step's rollouts of the reward model's score, or the joined one of an ensemble, before any filter", "What learning from a reward model pushes up. When it rises while train/reward_mean falls, the policy has found what the reward model is wrong about."},
	{"train/best_reward_mean", Share, "mean over the step's prompts of the verifier's reward for the rollout with the highest score", "What it would give to answer several times and let the reward model choose."},
	{"train/entropy_nats", "nats per token", "mean exact entropy over the rollouts' tokens under the policy that sampled them", "How much the policy still explores."},
	{"train/response_tokens", "tokens", "mean length of the step's rollouts, End included and given tokens left out", "How long the policy thinks while it trains."},
	{"train/given_tokens", "tokens", "mean over the step's rollouts of how many of their first tokens were given, from the demonstration", "How much of the way the expert still goes ahead."},
	{"train/kl_ref_k3_nats", "nats per token", "mean over the step's tokens of the k3 estimate exp(ref-logp)-(ref-logp)-1", "How far the policy is from the reference model, on its own tokens."},
	{"train/value_error", "reward", "mean over the rollouts' tokens of the distance between the critic's value, before the update, and the reward that the rollout got", "How far the critic is from knowing what an answer will earn."},
	{"train/active_share", Share, "groups with a coefficient that is not zero among the groups of the step", "How many prompts teach anything: a group whose rewards are all equal teaches a group baseline nothing."},
	{"train/gradient_norm", "", "Euclidean norm of the whole step's gradient before clipping", "How hard the step pulls."},
}

// Define finds the dictionary entry of an emitted name.
func Define(name string) (Definition, bool) {
	for _, d := range Dictionary {
		before, after, pattern := strings.Cut(d.Name, level)
		if d.Name == name {
			return d, true
		}
		named, ok := strings.CutPrefix(name, before)
		named, fits := strings.CutSuffix(named, after)
		if pattern && ok && fits && named != "" && !strings.Contains(named, "/") {
			return d, true
		}
	}
	return Definition{}, false
}
