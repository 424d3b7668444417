// Package design says what a study computes and what it claims.
//
// The file of a study is YAML; docs/studies.md says how to write one. [Parse] reads it and checks
// everything in it against a catalogue, so that a study that was read can be computed. Its
// [Study.Cells] are what there is to compute, in the order of the plan. [Study.Lock] is what is
// registered before any of them is computed, and [Study.Standing] says later what of it still
// holds. [Study.Outlay] estimates what the cells take.
package design
