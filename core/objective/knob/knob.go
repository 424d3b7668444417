// Package knob declares the settings that methods share. A method lists those that apply to it, and may choose a default of its
// own with [param.Knob.With]. A name means one thing wherever it stands, except beta: papers on preferences give it another
// meaning (Sharpness) than others do (Beta).
package knob

import "github.com/posttrain/posttrain/core/param"

// The knobs that are listed one by one.
var (
	LR = param.Number("lr", "", 3e-4, 1e-6, 1e-1,
		"Learning rate: how far one update moves the parameters. Too small and nothing happens, too large and the model breaks.").Logarithmic().Called("learning rate")
	Batch = param.Integer("batch", "prompts", 16, 1, 512,
		"Prompts per step; for rft, the number of right answers per step. More give a steadier direction and cost more computation.").Logarithmic().Called("prompts per step")
	Group = param.Integer("group", "rollouts", 8, 1, 64,
		"Answers sampled for each prompt. A method that compares them with each other learns nothing from a group of one.").Logarithmic().Called("samples per prompt")
	Epochs = param.Integer("epochs", "updates", 1, 1, 16,
		"Updates made with each batch before the next one is gathered. Where answers are sampled, more updates save sampling, but the later ones learn from answers that the model would no longer give.")
	EpsLow = param.Number("eps_low", "", 0.2, 0, 1,
		"How much less likely than when its batch was gathered a token of a bad answer may become before its push stops: 0.2 stops at 80 %.").Logarithmic()
	EpsHigh = param.Number("eps_high", "", 0.2, 0, 10,
		"How much likelier than when its batch was gathered a token of a good answer, or of a demonstration, may become before its push stops, or stops growing: at 0.2, that is at 120 %.").Logarithmic()
	Beta = param.Number("beta", "", 0, 0, 10,
		"How strongly the model is held to what it was: the weight of the KL to the reference model, the model that training started from. 0 switches it off.").Logarithmic().Called("KL to the reference (beta)")
	Sharpness = param.Number("beta", "", 0.1, 1e-3, 10,
		"How much a nat of log-probability counts as reward, where the policy itself is taken for a reward model: beta times an answer's log-probability, less the reference model's where the method has one. The smaller it is, the further the policy moves until its rewards agree with what it is told; papers call 1/beta a temperature. It is not the weight of a KL.").Logarithmic().Called("reward per nat (beta)")
	KL = param.Choice("kl", "loss", []string{"loss", "reward", "exact"},
		"Where a policy gradient pays for the KL to the reference model, whose weight is beta. loss: at every token, by the estimate k3 = π_ref/π − log(π_ref/π) − 1. "+
			"reward: an answer's reward is less by the estimate k1 = log(π_old/π_ref), summed over its tokens, so it is judged with the rest of the reward; where tokens have rewards of their own, each pays for itself. "+
			"exact: at every token, by KL(π‖π_ref) over the whole vocabulary.")
	Temp = param.Number("temp", "", 1, 0.1, 2,
		"Sampling temperature: below 1 the model prefers its favourite tokens more than it believes in them, above 1 it explores more.")
	Tempered = param.Flag("tempered", true,
		"Whether all probabilities in what is maximised, also those of the reference model and of a teacher, are at the temperature temp: then the policy that learns is the one that sampled. false takes those at temperature 1, as where sampled answers are data to be imitated or compared. At temp=1 both are the same; what is measured is always at temperature 1.")
	Entropy = param.Number("entropy", "", 0, 0, 1,
		"Weight of a bonus for staying undecided, the entropy of the next token in nats. It keeps the model exploring. 0 switches it off.").Logarithmic()
	Mu = param.Number("mu", "", 0.1, 0, 1,
		"Share of imitation where a method both imitates and learns from reward, at first if the share changes: 0 only learns from reward, 1 only imitates.")
)

// Temperature returns the temperature at which a stage with these settings scores every sequence, under every model. The logits are
// divided by it before they become the probabilities that the objective uses.
func Temperature(v param.Values) float64 {
	if v.Has("tempered") && v.Flag("tempered") {
		return v.Float("temp")
	}
	return 1
}
