package method

import "posttrain/core/param"

// knob holds the knobs that methods share. A method lists those that apply to it and may choose its own default with
// With; what a name means never changes.
var knob = struct {
	LR, Batch, Group, Epochs, EpsLow, EpsHigh, Beta, KL, Temp, Entropy, Mu param.Knob
}{
	LR: param.Number("lr", "", 3e-4, 1e-6, 1e-1,
		"Learning rate: how far one update moves the parameters. Too small and nothing happens, too large and the model breaks.").Logarithmic(),
	Batch: param.Integer("batch", "prompts", 16, 1, 512,
		"Prompts per step. More prompts give a steadier direction and cost more computation.").Logarithmic(),
	Group: param.Integer("group", "rollouts", 8, 1, 64,
		"Answers sampled for each prompt. They are compared with each other, so a method that subtracts their average learns nothing from a group of one.").Logarithmic(),
	Epochs: param.Integer("epochs", "updates", 1, 1, 16,
		"Updates made with each batch of answers before fresh ones are sampled. More updates save sampling, but the later ones learn from answers that the model would no longer give."),
	EpsLow: param.Number("eps_low", "", 0.2, 0, 1,
		"How much less likely than when it was sampled a token of a bad answer may become before its push stops: 0.2 stops at 80 %.").Logarithmic(),
	EpsHigh: param.Number("eps_high", "", 0.2, 0, 10,
		"How much likelier than when it was sampled a token of a good answer may become before its push stops, or stops growing: at 0.2, that is at 120 %.").Logarithmic(),
	Beta: param.Number("beta", "", 0, 0, 10,
		"How strongly a model is held to what it was: the weight of the KL to the reference model, the model that training started from. For methods that learn from preferences, how sharply a difference in log-probability counts as one in quality. 0 switches it off.").Logarithmic(),
	KL: param.Choice("kl", "loss", []string{"loss", "reward", "exact"},
		"Where a policy gradient pays for the KL to the reference model, whose weight is beta. loss: at every token, by the estimate k3 = π_ref/π − log(π_ref/π) − 1. "+
			"reward: an answer's reward is less by the estimate k1 = log(π_old/π_ref), summed over its tokens, so it is judged with the rest of the reward; where tokens have rewards of their own, each pays for itself. "+
			"exact: at every token, by KL(π‖π_ref) over the whole vocabulary."),
	Temp: param.Number("temp", "", 1, 0.1, 2,
		"Sampling temperature: below 1 the model prefers its favourite tokens more than it believes in them, above 1 it explores more."),
	Entropy: param.Number("entropy", "", 0, 0, 1,
		"Weight of a bonus for staying undecided, the entropy of the next token in nats. It keeps the model exploring. 0 switches it off.").Logarithmic(),
	Mu: param.Number("mu", "", 0.1, 0, 1,
		"Share of imitation where a method both imitates and learns from reward: 0 only learns from reward, 1 only imitates."),
}

// SharedKnobs lists the knobs that methods share, with the defaults that apply where a method does not choose its own.
func SharedKnobs() []param.Knob {
	return []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh, knob.Beta, knob.KL, knob.Temp, knob.Entropy, knob.Mu}
}
