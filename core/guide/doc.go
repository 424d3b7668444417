// Package guide answers which post-training method suits a situation, from what studies measured.
//
// A [Situation] is what somebody has, what they need, and what they can spend. [Ask] looks it up in
// the [Study] values that it is given, and returns an [Answer]: for each task on which methods were
// compared, which of those that the situation allows are first, which are behind another one, and
// what was not measured. Nothing is answered from opinion.
//
// # How it decides
//
// Arms are compared only with arms of the same [Setting]: the same task, the same bases and the
// same seeds. Every run is looked at where the budget ends: at its last measurement within the
// budget. The config of an arm is chosen on the tuning part of its study, and values and
// comparisons are those of the judged part. The statistics are those of package stats, in which
// bases and seeds are the sample.
//
// An arm is behind another one if the other is shown to be better in a need, by [Margin] or more
// as measured, and nothing speaks for the arm in any other: it is not better there with a p-value
// of at most 0.05 by itself, nor by more than Margin as measured. What is shown has a p-value of at
// most 0.05 after Holm's correction for all pairs of arms in all needs. All other arms are first,
// in no order: the guide does not rank noise. docs/decisions/0035-the-guide.md gives the reasons.
//
// The package reads no files, and links neither YAML nor drawing, so that a page can use it.
// Package study/evidence makes a Study from the results of cells.
package guide
