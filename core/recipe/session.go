package recipe

import (
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

// Session is a lane that advances, whatever it trains: a train.Session or a density.Session.
type Session interface {
	Do(protocol.Command) error
	Advance() ([]protocol.Event, error)
	Idle() bool
	Done() bool
	Updates() int
	First() []protocol.Metric // before any update
	Metrics() []protocol.Metric
	Cost() protocol.Cost
	Digest() string
}

// Kept is a Session that can be left in the middle, and gone on with from its state. Any other starts again from the
// beginning.
type Kept interface {
	Session
	Resumable() bool
	State() *train.State
	Restore(*train.State) error
}

var _ Kept = (*train.Session)(nil)

// Opening prepares a lane at its start.
type Opening func(train.Options) (Session, error)

// Open loads what the lanes start from and returns how each of them is opened.
func (r *Recipe) Open() ([]Opening, error) { return r.policy().open(r) }

// Openings are those of lanes that train a network.
func Openings(lanes []train.Lane) (all []Opening) {
	for _, lane := range lanes {
		all = append(all, func(o train.Options) (Session, error) {
			s, err := train.NewSession(lane, o)
			if err != nil {
				return nil, err // and no Session that holds a nil pointer
			}
			return s, nil
		})
	}
	return all
}
