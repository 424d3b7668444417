// Package report writes what a study found: as one HTML file, and as sentences for a terminal.
//
// The file needs no network, no script and no other file. Verdicts come first, in words; figures,
// each with its numbers in a table, and tables of all configs and runs follow. What limits the
// results is said too. Equal findings give equal bytes.
package report
