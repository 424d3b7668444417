package recipe

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

// Session is a lane in training. It is a [train.Session] or, without a network, a
// [density.Session]. It is not safe for concurrent use.
type Session interface {
	// Do carries out a command.
	Do(protocol.Command) error

	// Advance does a bounded amount of work and returns what there is to report of it. After an
	// error the lane cannot go on.
	Advance() ([]protocol.Event, error)

	// Idle reports whether Advance has nothing to do.
	Idle() bool

	// Done reports whether the lane has reached its end.
	Done() bool

	// Updates returns the number of updates so far, over all stages.
	Updates() int

	// First returns the measurements of every level before the first update.
	First() []protocol.Metric

	// Metrics returns the newest measurements of every level.
	Metrics() []protocol.Metric

	// Cost returns what training has used so far.
	Cost() protocol.Cost

	// Digest returns the digest of the policy.
	Digest() string
}

// Resumable is a Session whose state can be saved and restored. A Session without these methods has
// to start again from the beginning.
type Resumable interface {
	Session

	// Resumable reports whether State can be called now, which it cannot in the middle of a batch.
	Resumable() bool

	// State returns a copy of the lane's state.
	State() *train.State

	// Restore continues from a state of the same lane.
	Restore(*train.State) error
}

var _ Resumable = (*train.Session)(nil)

// Opener returns a session of a lane, before any update.
type Opener func(train.Options) (Session, error)

// Open loads the models that the lanes start from, and returns an Opener for each lane.
func (r *Recipe) Open() ([]Opener, error) { return r.policy().open(r) }

// Openers returns an Opener for each lane, all of which train a network.
func Openers(lanes []train.Lane) (all []Opener) {
	for _, lane := range lanes {
		all = append(all, func(o train.Options) (Session, error) {
			s, err := train.NewSession(lane, o)
			if err != nil {
				return nil, err // not s, which would be a non-nil Session with a nil pointer
			}
			return s, nil
		})
	}
	return all
}
