// Package cells computes the cells of a study and keeps their results.
//
// A cell is one lane on one base with one seed. [Run] computes what a cell's link gives, its
// [Outcome]. A [Result] is an outcome together with the cell's place in the study, and is one line
// of the file results.jsonl, which [Decode] and [ReadFile] read. Results have no seconds and no
// names of machines, so that they are the same bytes wherever they were computed; those are a
// [Work], a line of machines.jsonl.
//
// A [Folder] is a study's folder, to which results are added as they arrive and in which they end
// in the order of the plan.
package cells
