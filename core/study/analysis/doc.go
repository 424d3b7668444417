// Package analysis judges the hypotheses of a study by the results of its cells.
//
// [Judge] takes a study, what was registered of it, and the results. It chooses the config of each
// arm on the tuning part, looks at every judged run at the point that a hypothesis names, and
// compares arms in pairs of runs with the same base and the same seed. The statistics are those of
// package stats, in which bases are the sample. [Findings] has the verdicts and, for tables and
// figures, the means and curves of all configs.
//
// # What decides
//
// The estimate of a hypothesis has an interval and a two-sided p-value about its threshold. The
// p-values of a family of hypotheses are corrected by Holm's method, so that the verdict is
// study.Reproduced or study.NotReproduced only if the corrected value is at most 1 less the level
// of intervals. Otherwise it is study.Inconclusive.
//
// The family is what was registered before there were results, together with what was registered
// and is gone or has been changed since: leaving out a hypothesis does not help the others.
// Hypotheses that were not registered before are exploratory. They are corrected for all of them
// together, and do not spoil what was registered.
//
// # Runs that do not reach a target
//
// No run is left out. A run that does not reach the target of a hypothesis is looked at at its end,
// and the number of these is part of the verdict. Its value at the target is not known: a cost is
// at least what the run had cost, a share is between 0 and 1, and of other metrics nothing is
// known. A verdict is given only if it is the same for all values that such runs may have.
package analysis
