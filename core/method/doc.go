// Package method turns scored completions into gradient coefficients, one number per token.
//
// It sees numbers only: no tensors, no model, no tokenizer. Everything a post-training method decides is written into
// [objective.Coeffs], and the network is trained along the ascent direction
//
//	∇J = Σ_i Σ_t  Logp·∇log π(a_t|s_t) + Entropy·∇H_t + KL·∇KL_t(π‖π_ref) + Value·∇V_t + Σ_v Dense_v·∇log π(v|s_t)
//
// where i runs over completions and t over their tokens. The trainer never sees a loss, and a method never touches the
// backward pass: the two meet in [objective.Seam] alone. A method is a [Method] value that builds an [objective.Objective] from parts:
//
//	Row       mask × ratio × advantage, the unified policy gradient (arXiv:2509.04419, Table 1)
//	Pairwise  a loss on the margin between a preferred and a dispreferred completion
//	Sum, Gate weighted sums of objectives, and routing of whole groups
//
// or from a small type of its own. Coefficients need the whole batch of a step (normalisers, z-scores, pairs), so
// the trainer scores everything first, asks for coefficients, and runs backward in pieces that never split a group.
//
// Three policies have three names. The policy (Logp) is being trained; the behaviour policy (OldLogp) sampled the
// rollouts; the reference model (RefLogp) is frozen, and a KL penalty pulls towards it.
//
// Letters in comments: T tokens of a completion, V vocabulary, G completions of a group, β the weight of a KL, ρ the
// ratio π/π_old, A the advantage. Log-probabilities are natural logarithms and finite; KL and entropy are in nats.
//
// A method is a file of its own, name.go, that registers a value; beside it, name_test.go holds its objective a second
// time, from its paper. The coefficients must be that objective's finite differences, deliberate mistakes must be
// noticed, and a method without that entry fails the tests. Nothing else is edited to add one.
package method
