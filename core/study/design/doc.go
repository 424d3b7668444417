// Package design says what a study computes. [Parse] reads the file of a study, [Study.Cells]
// returns its cells in the order of the plan, and [Study.Lock] what is registered before any of
// them is computed.
package design
