// Package method is the catalogue of post-training methods.
//
// A [Method] is a value: prose, citation, knobs, what the trainer collects for a step, and the
// objective that it then maximises. Objectives are built from the parts in
// [github.com/posttrain/posttrain/core/objective], and settings that methods share are in
// [github.com/posttrain/posttrain/core/objective/knob]. Start with [GRPO] or [SFT], which are two
// of the shortest.
//
// A method is a file of its own, name.go, and a line in [All]. Beside it, name_test.go holds its
// objective a second time, from its paper. The coefficients must equal that objective's finite
// differences, deliberate mistakes must be noticed, and a method without that entry fails the
// tests.
package method
