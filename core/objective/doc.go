// Package objective holds what post-training methods are made of. An [Objective] turns scored
// completions into gradient coefficients, one number per token.
//
// It sees numbers only: no tensors, no model, no tokenizer. Everything a method decides is written
// into [Coeffs], and the network is trained along the ascent direction
//
//	∇J = Σ_i Σ_t  Logp·∇log π(a_t|s_t) + Entropy·∇H_t + ExactKL·∇KL_t(π‖π_ref) + Value·∇V_t + Σ_v Dense_v·∇log π(v|s_t)
//
// where i runs over completions and t over their tokens. The trainer never sees a loss, and a
// method never touches the backward pass: the two meet in [Seam] alone. Start with [Row], the
// unified policy gradient; the others are
//
//	Pairwise   a loss on the margin between a preferred and a dispreferred completion
//	Dense      a coefficient for every symbol of the vocabulary
//	Sum, Gate  weighted sums of objectives, and routing of whole groups
//	Schedule   an objective that changes during a stage
//
// A type of your own with the methods Needs and Add is an objective as well. Coefficients need the
// whole batch of a step (normalisers, z-scores, pairs), so the trainer scores everything first,
// asks for coefficients, and runs backward in pieces that never split a group. What it gathers for
// a step is described by [Collect].
//
// Three policies have three names. The policy (Logp) is being trained; the behaviour policy
// (OldLogp) sampled the rollouts; the reference model (RefLogp) is frozen, and a KL penalty pulls
// towards it.
//
// Letters in comments: T tokens of a completion, V vocabulary, G completions of a group, β the
// weight of a KL, ρ the ratio π/π_old, A the advantage. Log-probabilities are natural logarithms
// and finite; KL and entropy are in nats.
package objective
