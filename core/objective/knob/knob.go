// Package knob declares the settings that methods share. A method lists those that apply to it, and
// may give one a default of its own with [param.Knob.With].
//
// A name means the same in every method, with one exception: papers on preferences use beta for
// something else ([Sharpness]) than the others do ([Beta]).
package knob

import "github.com/posttrain/posttrain/core/param"

// The knobs that are listed one by one.
var (
	LR = param.Number("lr", "", 3e-4, 1e-6, 1e-1,
		"Learning rate: how far one update moves the weights. "+
			"Too small and nothing happens, too large and the model breaks.").
		Logarithmic().Called("learning rate").ShownFirst()
	Batch = param.Integer("batch", "prompts", 16, 1, 512,
		"Prompts per update; for rft, right answers per update. "+
			"More prompts give a steadier direction and cost more arithmetic. They need no "+
			"gradient accumulation: a batch passes through the network a few sequences at a time, "+
			"and the gradient is the same to the bit.").
		Logarithmic().Called("prompts per update")
	Group = param.Integer("group", "rollouts", 8, 1, 64,
		"Answers sampled for each prompt: the size of a group. "+
			"A method that compares the answers of a group learns nothing from a group of one.").
		Logarithmic().Called("answers per prompt").ShownFirst()
	Epochs = param.Integer("epochs", "updates", 1, 1, 16,
		"Updates made with each batch before the next one is gathered. Where answers are sampled, "+
			"more updates save sampling, but the later ones learn from answers that the policy "+
			"would no longer give.").Called("updates per batch")
	EpsLow = param.Number("eps_low", "", 0.2, 0, 1,
		"Lower end of the clip. A token of a bad answer is no longer pushed down once its "+
			"probability has fallen by this share since its batch was gathered: at 0.2, to 80 %.").
		Logarithmic().Called("clip below")
	EpsHigh = param.Number("eps_high", "", 0.2, 0, 10,
		"Upper end of the clip. A token of a good answer, or of a demonstration, is pushed up no "+
			"more, or not harder, once its probability has risen by this share since "+
			"its batch was "+
			"gathered: at 0.2, to 120 %.").Logarithmic().Called("clip above")
	DualClip = param.Number("dual_clip", "", 0, 0, 100,
		"Upper end of the clip for bad answers. A token of a bad answer is no longer pushed down "+
			"once it is more than this many times as likely as when its batch was gathered. "+
			"Without this end it is pushed the harder, the likelier it has become, which may be "+
			"too hard. 0 switches it off; other values should be well above 1.").
		Logarithmic().Called("clip above for bad answers")
	Beta = param.Number("beta", "", 0, 0, 10,
		"Weight of the KL to the reference model, a copy of the policy from the start of "+
			"the stage. "+
			"The larger beta is, the more strongly the policy is held to what it was. "+
			"0 switches it off.").Logarithmic().Called("KL to the reference (beta)").ShownFirst()
	Sharpness = param.Number("beta", "", 0.1, 1e-3, 10,
		"How much one nat of log-probability counts as reward, for methods that use the policy "+
			"itself as a reward model: an answer's reward is beta times its "+
			"log-probability, minus "+
			"that under the reference model where the method has one. The smaller beta is, the "+
			"further the policy has to move before its rewards agree with the labels. Papers call "+
			"1/beta a temperature. It is not the weight of a KL.").
		Logarithmic().Called("reward per nat (beta)").ShownFirst()
	KL = param.Choice("kl", "loss", []string{"loss", "reward", "exact"},
		"How the KL to the reference model, whose weight is beta, is estimated and where "+
			"it counts. "+
			"loss: at every token, by the estimate k3 = π_ref/π − log(π_ref/π) − 1. "+
			"reward: an answer's reward is reduced by the estimate k1 = log(π_old/π_ref), summed "+
			"over its tokens; where tokens have rewards of their own, each token's reward is "+
			"reduced by its own estimate. "+
			"exact: at every token, by KL(π‖π_ref) over the whole vocabulary.").
		Naming("k3 in the loss", "k1 in the reward", "exact, in the loss").Called("form of the KL")
	Temp = param.Number("temp", "", 1, 0.1, 2,
		"Sampling temperature. Below 1 the likeliest tokens are sampled more often than "+
			"the model's "+
			"probabilities say; above 1 less often, so that the policy explores more.").
		Called("sampling temperature")
	Tempered = param.Flag("tempered", true,
		"Whether the objective, too, uses probabilities at the temperature temp, for the policy, "+
			"the reference model and a teacher alike. Then the policy that learns is the one that "+
			"sampled. With false the objective uses temperature 1, as where sampled answers are "+
			"data to be imitated or compared. At temp=1 both are the same. Scores are always "+
			"measured at temperature 1.").Called("learn at the sampling temperature")
	Entropy = param.Number("entropy", "", 0, 0, 1,
		"Weight of a bonus for the entropy of the next token, in nats. It rewards the policy for "+
			"staying undecided, which keeps it exploring. 0 switches it off.").
		Logarithmic().Called("entropy bonus")
	Mu = param.Number("mu", "", 0.1, 0, 1,
		"Share of imitation in a method that both imitates and learns from reward; if the share "+
			"changes during the stage, its value at the start. 0 learns from reward alone, "+
			"1 imitates only.").Called("share of imitation")
)

// Temperature returns the temperature at which a stage with these settings scores every sequence,
// under every model: what logits are divided by before they become the probabilities that the
// objective uses.
func Temperature(v param.Values) float64 {
	if v.Has("tempered") && v.Flag("tempered") {
		return v.Float("temp")
	}
	return 1
}
