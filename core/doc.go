// Package core has no code: it is the map of the packages below it.
//
// # Packages
//
// Arrows point downwards: a package imports those of lower rows only, but for recipe, which reads
// checkpoints, and eval, which verifies responses by reward. Lowest first, rows apart:
//
//	param                  settings: a knob is declared once; its flag, its link key and its documentation follow
//	num                    deterministic float32 kernels, elementary functions in float32 and float64, addressed random numbers
//	protocol               what a lane is told and what it tells: commands, events, the ledger of costs
//	prose                  what sentences and tables share: lists in words, percentages
//	safetensors            the file format in which the field keeps weights
//	tfevents               the files that TensorBoard shows
//	num/asm                the generator of num's amd64 kernels
//	num/simd128            the generator of num's WebAssembly kernels
//
//	task                   verifiable toy problems: alphabet, levels, sampler, demonstrations, verifier; a file each
//	glossary               the words of the playground, each explained once
//	objective              what methods are made of: one gradient coefficient per token, from rewards, ratios, masks and averages
//	objective/knob         the settings that methods share
//	method                 the catalogue of post-training methods
//	model                  a Llama-style decoder over one flat block of weights: forward, backward, decoding
//
//	optim                  AdamW, schedules, clipping
//	rollout                responses sampled from a policy, and responses scored under one
//	hf                     models as folders that transformers opens, and back
//	density                post-training without a network: one normal density or two learn a mode of a target
//
//	reward                 rewards for responses
//	eval                   measurements, the dictionary that defines them, intervals
//	gradient               the gradient of a network's weights, from the coefficients that an objective has written
//
//	verdict                what lanes have done to their base, in words
//	train                  a lane of stages, advanced by bounded units of work; pretraining; the cost ledger
//	dataset                demonstrations, preference pairs and rollouts in the field's columns
//	workload               the fixed work that speed is quoted on
//
//	checkpoint             files: a model, or a lane in the middle of its run
//	recipe                 the catalogue of all that links can name; what to run as one value and as a link
//
//	trl                    recipes translated into settings of Hugging Face's TRL
//	study                  recipes run natively, in folders that survive interruption; statistics over seeds
//
//	internal/parallel      items spread over workers
//	internal/fd            finite differences, for tests
//	internal/lab           random batches of completions and what objectives write for them, for tests
//	internal/extreme       settings at the ends of knobs, for tests
//	internal/archtest      the rules of the tree, as tests
//	internal/contributing  the prose at the top of the tree held to the code, as tests
//
// Methods and tasks see numbers and texts only, never a tensor or the model. Nothing under core
// reads a clock, the environment or the network; only checkpoint and study open files.
//
// # How a step goes
//
// docs/architecture.md shows it in one picture and names the file for each part.
//
// # Letters
//
// Shapes in comments, such as (N,C), use one letter for one thing throughout:
//
//	B  sequences of a batch
//	N  tokens of all sequences of a batch laid end to end
//	P  tokens of a prompt
//	T  tokens of one sequence, or of one response where a prompt stands apart from it
//	V  vocabulary
//	C  channels of the residual stream
//	L  layers
//	H  attention heads
//	D  channels of a head, C/H
//	F  hidden width of the MLP
//	G  completions of a group
//
// In formulas π is the policy, ρ a ratio of probabilities, A an advantage, r a reward, β the weight
// of a KL.
//
// # Words
//
// Package [github.com/posttrain/posttrain/core/glossary] explains the terms of the field and of the
// playground; docs/glossary.md is the same as a page. Only the code uses these:
//
//   - Logp, OldLogp, RefLogp: log-probabilities under the policy, the behaviour policy and the
//     reference model.
//   - seam: the one function where coefficients become gradients at the logits.
//   - mark: how people are shown a reward: a tick for the full one, a cross for less, a number at
//     levels where an answer can be partly right. The trainer sets it, and whatever shows a response
//     follows it.
//   - value, score: the number that a critic gives at every token, and the one that a reward model
//     gives after the last.
//   - key: what decides whether a problem is held out. Two problems with one key are the same problem
//     in other words.
//   - KL: always with a direction and an estimator. An exact KL, such as KL(base‖policy) in
//     measurements, is summed over the vocabulary. k1 and k3 are estimators from sampled tokens:
//     k1 = log(π_old/π_ref) of KL(π_old‖π_ref), and k3 = π_ref/π − log(π_ref/π) − 1 of KL(π‖π_ref).
//     All in nats.
//   - address: (seed, purpose, name, indices), from which random numbers follow.
package core
