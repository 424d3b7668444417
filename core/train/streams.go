package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
)

// stream names what random numbers are drawn for. Every stream has numbers of its own, so none
// depends on how much another was used.
type stream string

// The streams of a lane. A stage samples its responses from the last ones.
const (
	orderStream       stream = "order"       // the order of the training prompts
	curriculumStream  stream = "curriculum"  // which prompts are passed over
	poolStream        stream = "pool"        // which prompts come from the pool
	demonstrateStream stream = "demonstrate" // the expert's choices at a training prompt
	priorStream       stream = "replay"      // and at a prompt of the prior skill
	wrongStream       stream = "wrong"       // which demonstrations are wrong, and where
	hintStream        stream = "hint"        // how long a hint is
	labelStream       stream = "label"       // what an annotator says
	// the order of the pairs that a reward model learns from
	rewardOrderStream stream = "reward order"
	drawStream        stream = "draw" // the draw that a schedule may use at a step

	rolloutStream stream = "rollout"
	hintedStream  stream = "hinted rollout"
)

// branchStream returns the stream of one round of a search for hints.
func branchStream(round int) stream { return stream(fmt.Sprintf("branch %d", round)) }

// streams gives a stage its random numbers.
type streams struct {
	seed  uint64
	task  string
	stage int
}

// name is what the stage's own streams are drawn for.
func (s streams) name() string { return fmt.Sprintf("%s/%d", s.task, s.stage) }

// ofStage returns the random numbers at some indices of a stream of this stage.
func (s streams) ofStage(of stream, index ...uint64) num.Rand {
	return num.NewRand(s.seed, string(of), s.name(), index...)
}

// ofLane returns the random numbers at some indices of a stream that all stages share.
func (s streams) ofLane(of stream, index ...uint64) num.Rand {
	return num.NewRand(s.seed, string(of), s.task, index...)
}

// order returns items from to from+n of an endless sequence that goes through all of [0, of) in a
// fresh random order again and again.
func (s streams) order(of, from, n int) []int {
	return endless(of, from, n, func(round int) num.Rand {
		return s.ofLane(orderStream, uint64(s.stage), uint64(round))
	})
}

// endless is order with the random numbers of each round from shuffle.
func endless(of, from, n int, shuffle func(round int) num.Rand) []int {
	chosen := make([]int, 0, n)
	var perm []int
	for i := from; i < from+n; i++ {
		if perm == nil || i%of == 0 {
			r := shuffle(i / of)
			perm = r.Perm(of)
		}
		chosen = append(chosen, perm[i%of])
	}
	return chosen
}
