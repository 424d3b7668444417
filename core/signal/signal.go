// Package signal recognises runs that go wrong by their metrics, and says what was measured, why it
// happens, and which change of the recipe helps.
//
// Start with [Lane], which takes the events of a lane and returns what was found. [All] lists what
// can be found. A rule reads only scheduled measurements and the update after each of them, because
// these are what a kept run has. So the same lane gives the same findings while it trains, when it
// is opened again, and in a terminal.
package signal

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// Signal is a sign that a stage goes wrong.
type Signal struct {
	Name  string // lower_snake, unique
	Title string // what has happened, in a few words
	Rule  string // when it is found, with the thresholds and the reasons for them
	Why   string // why it happens
	Cite  string // the source of Why
	Term  string // the name of the glossary's entry that it is about

	// Exhibit is the name of the exhibit that shows it, and its cure beside it. "" means none.
	Exhibit string

	// Reads has the metrics that the rule needs, by their names in the dictionary of package eval.
	// LEVEL stands for the practised level.
	Reads []string

	// Explains has the names of signals that follow from this one. They are left out where this
	// one is found.
	Explains []string

	// applies reports whether the signal can be found in a stage.
	applies func(Stage) bool

	// measured returns a sentence with the numbers if the signal is found at the last point of the
	// series, and "" if it is not.
	measured func(Series) string

	// cures returns changes that prevent it, the best one first.
	cures func(Series) []Cure
}

// Applies reports whether the signal can be found in a stage.
func (s Signal) Applies(stage Stage) bool { return s.applies(stage) }

// Cures returns the changes that prevent the signal and can be made in a stage, the best one first.
func (s Signal) Cures(stage Stage) []Cure {
	return Series{Stage: stage, Points: []Point{{}}}.fitting(s)
}

// Stage is a stage of a lane.
type Stage struct {
	Values  param.Values
	Collect objective.Collect
	Steps   int // its updates

	OwnReward bool // it learns from a reward of somebody's own

	// ClearBase is the base that the task usually has, if the lane starts from one that confuses
	// two rules. It is "" otherwise.
	ClearBase string
}

// rewarded reports whether a stage learns from the rewards of its own answers and from nothing
// else: it neither imitates demonstrations nor compares labelled pairs.
func rewarded(s Stage) bool {
	return s.Collect.Group > 0 && !s.Collect.Demonstrates() && s.Collect.Replay == 0 &&
		s.Collect.Label == objective.Unlabelled && s.Collect.Buffer == nil &&
		!s.Collect.IgnoresRewards
}

// verified reports whether a stage is rewarded by the task's verifier, not by a reward model or a
// reward of somebody's own.
func verified(s Stage) bool {
	return rewarded(s) && s.Collect.RewardModel == nil && !s.OwnReward
}

// All returns every signal, what explains others first.
func All() []Signal {
	return slices.Clone(all)
}

// all has every signal.
var all = []Signal{
	diverged, hacked, rewardApart, confusedBase, noReward, idleGroups, lossZero, entropyGone,
	longer, klRunaway, clipped, rewardFlat,
}

// Lookup returns the signal with this name. ok is false if there is none.
func Lookup(name string) (s Signal, ok bool) {
	at := slices.IndexFunc(all, func(s Signal) bool { return s.Name == name })
	if at < 0 {
		return Signal{}, false
	}
	return all[at], true
}
