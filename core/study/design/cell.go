package design

import (
	"crypto/sha256"
	"encoding/hex"
)

// Cell is the smallest piece of a study's work: one lane on one base with one seed.
type Cell struct {
	Link       string // canonical link of a recipe with this one lane
	Experiment string // name of the experiment
	Arm        string // name of the arm, whose settings are varied
	Config     string // the lane as the link has it, one of the arm's
	Base, Seed uint64 // seeds of the base's pretraining and of the run
	Part       Part
}

// Part says what the results of a cell are used for. No base and no seed is in both parts.
type Part string

// The parts of a study.
const (
	Tune  Part = "tune"  // to choose among the settings of an arm
	Judge Part = "judge" // to judge hypotheses
)

// ID returns what identifies the cell wherever it is computed: a digest of its link. Two studies
// that contain the same run have a cell with the same ID.
func (c Cell) ID() string {
	sum := sha256.Sum256([]byte(c.Link))
	return hex.EncodeToString(sum[:16])
}
