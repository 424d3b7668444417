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

// Resumable is a Session whose state can be saved and restored. Any other Session starts again from
// the beginning.
type Resumable interface {
	Session
	Resumable() bool
	State() *train.State
	Restore(*train.State) error
}

var _ Resumable = (*train.Session)(nil)

// Opener returns a lane's session at its start.
type Opener func(train.Options) (Session, error)

// Open loads what the lanes start from and returns an Opener for each.
func (r *Recipe) Open() ([]Opener, error) { return r.policy().open(r) }

// Openers returns an Opener for each lane. The lanes train a network.
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
