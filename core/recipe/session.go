package recipe

import (
	"github.com/posttrain/posttrain/core/density"
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
func (r *Recipe) Open() ([]Opener, error) {
	if withoutNetwork(r.Task) {
		return r.densityOpeners(), nil
	}
	lanes, err := r.Plan()
	return Openers(lanes), err
}

// Openers returns an Opener for each lane. The lanes train a network.
func Openers(lanes []train.Lane) (all []Opener) {
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

// densityOpeners returns an Opener for each lane of a recipe without a network.
func (r *Recipe) densityOpeners() (all []Opener) {
	for i, label := range r.Labels() {
		lane := density.Lane{Label: label, Seed: r.Seed(), EvalEvery: r.Values.Int("eval_every")}
		for _, stage := range r.Lanes[i] {
			m := densityMethod(stage.Method.Name)
			lane.Stages = append(lane.Stages, density.Stage{Method: m, Values: stage.Values})
		}
		all = append(all, func(o train.Options) (Session, error) {
			s, err := density.NewSession(lane, o.Clock)
			if err != nil {
				return nil, err
			}
			return s, nil
		})
	}
	return all
}
