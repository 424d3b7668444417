// Package train runs lanes. A lane is a chain of stages that starts from a base
// model; a Session advances one lane by bounded units of work, takes Commands
// and emits Events. It reads no clock and no file: the same recipe and seed give
// the same bits wherever, however interrupted and on however many threads it
// runs.
package train

// Engine is the version of the numerics. It goes up when a golden digest changes
// on purpose; links, checkpoints and results carry it.
//
// 2: probabilities in objectives are those at the temperature of sampling; chord_mu, chord_phi,
// srft and topr are as in their sources (docs/decisions/0017-the-policy-that-sampled.md).
const Engine = 2
