// Package core has no code: it is the map of the packages below it.
//
// # Packages
//
// Arrows point downwards: a package imports those of lower rows only, but for recipe, which reads checkpoints, and eval,
// which verifies responses by reward. Lowest first, rows apart:
//
//	param                  settings: a knob is declared once; its flag, its link key and its documentation follow
//	num                    deterministic float32 kernels, elementary functions in float32 and float64, addressed random numbers
//	protocol               what a lane is told and what it tells: commands, events, the ledger of costs
//	num/asm                the generator of num's amd64 kernels
//	num/simd128            the generator of num's WebAssembly kernels
//
//	task                   verifiable toy problems: alphabet, levels, sampler, demonstrations, verifier; a file each
//	objective              what methods are made of: one gradient coefficient per token, from rewards, ratios, masks and averages
//	objective/knob         the settings that methods share
//	method                 the catalogue of post-training methods
//	model                  a Llama-style decoder over one flat block of weights: forward, backward, decoding
//
//	optim                  AdamW, schedules, clipping
//	rollout                responses sampled from a policy, and responses scored under one
//	density                post-training without a network: one normal density or two learn a mode of a target
//
//	reward                 rewards for responses
//	eval                   measurements, the dictionary that defines them, intervals
//	gradient               the gradient of a network's weights, from the coefficients that an objective has written
//
//	verdict                what lanes have done to their base, in words
//	train                  a lane of stages, advanced by bounded units of work; pretraining; the cost ledger
//	workload               the fixed work that speed is quoted on
//
//	checkpoint             files: a model, or a lane in the middle of its run
//	recipe                 the catalogue of all that links can name; what to run as one value and as a link
//
//	study                  recipes run natively, in folders that survive interruption; statistics over seeds
//
//	internal/parallel      items spread over workers
//	internal/fd            finite differences, for tests
//	internal/lab           random batches of completions and what objectives write for them, for tests
//	internal/extreme       settings at the ends of knobs, for tests
//	internal/archtest      the rules of the tree, as tests
//	internal/contributing  the prose at the top of the tree held to the code, as tests
//
// Methods and tasks see numbers and texts only, never a tensor or the model. Nothing under core reads a clock, the
// environment or the network; only checkpoint and study open files.
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
// In formulas π is the policy, ρ a ratio of probabilities, A an advantage, r a reward, β the weight of a KL.
//
// # Glossary
//
//   - policy: the model in training, as a distribution over responses. Its log-probabilities are called Logp.
//   - temperature: what logits are divided by before they become probabilities. Answers are sampled at temp; knob.Temperature
//     says at which temperature a stage's objective sees its models, and everything is measured at 1.
//   - behaviour policy: the policy at the moment it sampled a response (OldLogp). It is the policy itself until the first
//     update with the batch.
//   - reference model: the frozen model that a KL penalty pulls towards (RefLogp): the policy at the start of the stage.
//   - base: the pretrained model that every lane of a recipe starts from. Metrics measure the KL from it.
//   - prompt, response: what the model is given, and what it writes; a response ends with the token End or is cut off.
//   - completion: a response to a prompt as a method sees it: source, reward and numbers per token, no text.
//   - rollout: a completion that the behaviour policy has sampled.
//   - demonstration: a completion that the task's expert has written; it always earns the full reward.
//   - group: all completions of one prompt in a batch. It is never split.
//   - verifier: the rule of a task that scores a response from 0 to 1. It looks at the finished text alone.
//   - reward: the verifier's score of a whole response.
//   - mark: how people are shown a reward: a tick for the full one, a cross for less, a number at levels where an answer can be
//     partly right. The trainer sets it, and whatever shows a response goes by it.
//   - critic: a copy of the model that says one number at every token, the value: what a rollout will still earn. It is trained
//     beside the policy.
//   - label: what a simulated annotator says of two responses, or of one.
//   - reward model: a copy of the model that says one number after the last token, the score, and was trained to agree with
//     labels. Where the score is the reward, the verifier's is called gold and serves measurement and annotators alone.
//   - advantage: how much better a completion is than expected; often its reward compared with its group's.
//   - coefficient: the number by which a method multiplies the gradient of one token's log-probability (or entropy, KL,
//     value): positive makes the token likelier. The averaging over the step is included.
//   - mask, ratio: factors of a coefficient: whether a token counts at all, and how much likelier it has become since it
//     was sampled.
//   - seam: the one function where coefficients meet the network.
//   - estimator: how a quantity is computed from samples, such as pass@k from answers or a KL from tokens.
//   - KL: always with a direction and an estimator. An exact KL, such as KL(base‖policy) in measurements, is summed over the
//     vocabulary. k1 and k3 are estimators from sampled tokens: k1 = log(π_old/π_ref) of KL(π_old‖π_ref), and
//     k3 = π_ref/π − log(π_ref/π) − 1 of KL(π‖π_ref). All in nats.
//   - step, update: one optimiser update. A batch may serve several (the knob epochs).
//   - stage: one method at its settings, for a number of steps.
//   - lane: a chain of stages on one base.
//   - recipe: task, base, lanes and seed: all that decides a result. A link is its text.
//   - catalogue: the tasks, methods, bases and exhibits that links can name.
//   - exhibit: a recipe with a claim, its counterclaim, and a question to answer before running it.
//   - level: a kind of problem: id is practised, ood is the same skill where it was not practised, prior is a skill from
//     before.
//   - held out: kept from all training and pretraining, decided by a problem's key alone.
//   - engine: the version of the numerics. Equal recipes have equal digests on equal engines.
//   - digest: sha256 over all weights. Equal digests are equal bits.
//   - address: (seed, purpose, name, indices), from which random numbers follow.
package core
