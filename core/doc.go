// Package core has no code. Its documentation is a map of the packages below it.
//
// # Packages
//
// The packages are listed in rows, the lowest row first. A package imports only packages of earlier
// rows, with two exceptions: recipe reads checkpoints, and eval verifies responses by reward.
//
//	param                  settings: a knob is declared once; its flag, its link key and its documentation follow
//	num                    deterministic float32 kernels, elementary functions in float32 and float64, addressed random numbers
//	protocol               the commands to a lane and the events that it returns; the ledger of costs
//	prose                  lists in words and percentages, for sentences and tables
//	safetensors            the file format in which the field keeps weights
//	tfevents               the files that TensorBoard shows
//	num/asm                the generator of num's amd64 kernels
//	num/simd128            the generator of num's WebAssembly kernels
//
//	task                   verifiable toy problems: vocabulary, levels, sampler, demonstrations, verifier; a file each
//	stats                  the statistics of studies: intervals over bases, seeds and prompts, power, frontiers
//	glossary               the words of the playground, each explained once
//	objective              what methods are made of: one gradient coefficient per token, from rewards, ratios, masks and averages
//	objective/knob         the settings that methods share
//	guide                  which method suits a situation, from what studies measured
//	method                 the catalogue of post-training methods
//	model                  a Llama-style decoder over one flat block of weights: forward, backward, decoding
//
//	optim                  AdamW, SGD, Lion, Muon; schedules, clipping
//	rollout                responses sampled from a policy, and responses scored under one
//	hf                     models as folders that transformers opens, and back
//	density                post-training without a network: a mixture of one or two normal densities learns a mode of a target
//
//	reward                 rewards for responses
//	eval                   measurements, the dictionary that defines them, intervals
//	gradient               the gradient of a network's weights, from the coefficients of an objective
//
//	verdict                sentences about how lanes have changed their base
//	script                 rewards that users write in Starlark
//	annotation             what a reward model learned from a person's labels
//	qrcode                 links as QR codes, for paper
//	signal                 runs that go wrong, recognised by their metrics, with a cure for each
//	train                  a lane of stages, advanced by bounded units of work; pretraining; the cost ledger
//	dataset                demonstrations, preference pairs and rollouts in the field's columns
//	workload               the fixed work whose speed docs/performance.md quotes
//
//	checkpoint             files: a model, or a lane in the middle of its run
//	recipe                 recipes and their links; the catalogue of everything that a link can name
//
//	trl                    recipes translated into settings of Hugging Face's TRL
//	study                  recipes run natively, in folders from which they can be resumed; statistics over seeds
//	study/design           what a study computes and claims, read from its file; what was registered before
//	lesson                 lessons in Markdown, and the sheets that students hand in after them
//	study/cells            the smallest pieces of a study's work, computed; the folder with their results
//	study/analysis         hypotheses judged by the results of cells
//	study/evidence         what package guide needs of the results of a study
//	study/queue            cells spread over workers on one machine or many, by NATS JetStream
//	study/report           what a study found as one HTML file, and in words
//
//	article                what is known of each thing in the catalogue, as text, as Markdown and as pages of the site
//
//	internal/parallel      items spread over workers
//	internal/fd            finite differences, for tests
//	internal/lab           random batches of completions and what objectives write for them, for tests
//	internal/extreme       settings at the ends of knobs, for tests
//	internal/archtest      tests of the rules in CONTRIBUTING.md
//	internal/contributing  tests that README.md and CONTRIBUTING.md agree with the code
//
// Methods and tasks see numbers and texts only, never a tensor or the model. Nothing under core
// reads a clock, the environment or the network, apart from study/queue; only checkpoint and study
// open files.
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
//	T  tokens of one sequence, or of one response if its prompt is counted by P
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
// playground; docs/glossary.md is the same as a page. These words are used in the code only:
//
//   - Logp, OldLogp, RefLogp: log-probabilities under the policy, the behaviour policy and the
//     reference model.
//   - seam: the one function where coefficients become gradients at the logits.
//   - mark: how a reward is shown: a tick for the full reward, a cross for less, a number at levels
//     where an answer can be partly right. The trainer sets it; tables and pictures follow it.
//   - value, score: a value is the output of a critic at a token, a score that of a reward model
//     after the last token.
//   - key: the text by which a problem is held out or not. Problems with the same key are the same
//     problem in other words.
//   - KL: always with a direction and an estimator. An exact KL, such as KL(base‖policy) in
//     measurements, is summed over the vocabulary. k1 and k3 are estimators from sampled tokens:
//     k1 = log(π_old/π_ref) of KL(π_old‖π_ref), and k3 = π_ref/π − log(π_ref/π) − 1 of KL(π‖π_ref).
//     All in nats.
//   - address: the arguments of num.NewRand, (seed, purpose, name, indices). An address always gives
//     the same random numbers.
package core
