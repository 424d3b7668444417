package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
)

// stream is the name of a sequence of random numbers, after what they are drawn for. Streams are
// independent: how many numbers are drawn from one does not change another.
type stream string

// The streams of a lane.
const (
	orderStream       stream = "order"       // the order of the training prompts
	curriculumStream  stream = "curriculum"  // which prompts are passed over
	poolStream        stream = "pool"        // which prompts come from the pool
	demonstrateStream stream = "demonstrate" // the expert's choices at a training prompt
	priorStream       stream = "replay"      // the expert's choices at a prompt of the prior skill
	wrongStream       stream = "wrong"       // which demonstrations are wrong, and where
	hintStream        stream = "hint"        // how long a hint is
	labelStream       stream = "label"       // the choices of an annotator
	drawStream        stream = "draw"        // the draw of an objective that changes at random
	sideStream        stream = "side"        // on which side a person sees a response
	judgeStream       stream = "judge "      // rewards by chance, of the stream that it is before

	// the order of the pairs that a reward model learns from
	rewardOrderStream stream = "reward order"

	rolloutStream stream = "rollout"        // the tokens of responses without a hint
	hintedStream  stream = "hinted rollout" // the tokens of responses after a hint
)

// branchStream returns the stream of one round of a search for hints.
func branchStream(round int) stream { return stream(fmt.Sprintf("branch %d", round)) }

// streams has the addresses of a stage's random numbers.
type streams struct {
	seed  uint64
	task  string
	stage int
}

// name returns the part of an address that tells the stages of a lane apart.
func (s streams) name() string { return fmt.Sprintf("%s/%d", s.task, s.stage) }

// ofStage returns the random numbers at some indices of a stream of this stage.
func (s streams) ofStage(of stream, index ...uint64) num.Rand {
	return num.NewRand(s.seed, string(of), s.name(), index...)
}

// ofLane returns the random numbers at some indices of a stream that all stages share.
func (s streams) ofLane(of stream, index ...uint64) num.Rand {
	return num.NewRand(s.seed, string(of), s.task, index...)
}

// order returns n items of an endless sequence, beginning with item from. The sequence goes through
// the numbers 0 to of-1 again and again, each time in a new random order.
func (s streams) order(of, from, n int) []int {
	return endless(of, from, n, func(round int) num.Rand {
		return s.ofLane(orderStream, uint64(s.stage), uint64(round))
	})
}

// endless is order with shuffle as the random numbers of each round.
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
