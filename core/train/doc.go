// Package train runs lanes. A lane is a chain of stages that starts from a base
// model. A [Session] advances one lane by bounded units of work; it takes
// commands and returns events.
//
// The package reads no clock and no file. The same recipe and seed give the same
// bits on any machine and any number of threads, whether or not the run was
// interrupted.
//
// Start at [Session.Advance]; docs/architecture.md has a picture of one step.
package train

// Engine is the version of the numerics. It goes up when a golden digest changes
// on purpose; links, checkpoints and results carry it.
//
// 2: probabilities in objectives are those at the temperature of sampling; chord_mu, chord_phi,
// srft and topr are as in their sources (docs/decisions/0017-the-policy-that-sampled.md).
const Engine = 2
