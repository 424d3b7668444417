// Package stats has the statistics of studies: what follows from the scores of lanes that were
// trained from several bases with several seeds, and how sure it is.
//
// All functions are pure: they read no clock and no file, and draw random numbers from the address
// that [Options] names, so that equal data give equal results.
//
// # Which function for which question
//
// A [Sample] has the scores of one lane, one for every base, seed and prompt, and a [Pair] has
// those of two lanes, matched.
//
//	How good is a lane?                            Sample.Mean; at each step for a learning curve
//	By how much is one lane better?                Pair.Difference, Pair.Ratio
//	How often is a run of it better?               Pair.Improvement
//	Is a difference large against its variation?   Pair.Effect
//	Which of many differences are there?           Holm, of the p-values of the estimates
//	How good is a method on many tasks?            Tasks.InterquartileMean, Tasks.ImprovementOver
//	Do bases, seeds or prompts make the scores?    Sample.Components
//	Is the mean the wrong summary?                 Sample.Modes; draw Sample.RunMeans always
//	What may be if some bases fail altogether?     Sample.BoundedMean
//	How many bases does a comparison need?         Plan.Power, Plan.BasesFor
//	What does it cost to reach a target?           CostToReach, and Sample.Mean of its result
//	What is kept for what is gained?               Sweep.KeptAt, Sweep.MeanKept and their Above
//	How sure is any other statistic?               Design.Bootstrap
//
// # What is random
//
// Bases, seeds and prompts are samples: an interval says where the mean of all bases, seeds and
// prompts of the same kinds may lie. Runs on one base are alike, and so are the answers of all runs
// to one prompt. Bases are therefore the unit: the interval has as many degrees of freedom as there
// are bases, less one, and more seeds or prompts cannot make up for few bases.
//
// A metric without prompts is one number for each run. So is one whose prompts differ from run to
// run: their variation is then a part of that between seeds.
//
// # Few bases
//
// Five bases are the fewest on which intervals are relied on by default. They are calibrated on
// synthetic studies (docs/decisions/0031): those at 95 % cover the truth in 93 to 97 of 100
// studies, on 5 bases with 3 seeds as on 10 with 2, also if each base fails with a probability of
// one half. With fewer bases, or if bases do not differ at all, the result is a wide interval that
// needs only the bounds of the scores, or [ErrTooLittle].
//
// Nothing helps against what a sample does not contain. If one base of ten fails, five bases show
// none of these in 59 of 100 studies, and then every interval that is computed from them, save
// [Sample.BoundedMean], is too narrow. Paired differences are safer: whatever both lanes have in
// common is not in them.
package stats
