package checkpoint

import (
	"cmp"
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

// Lane is the state of a lane and the recipe that it belongs to.
type Lane struct {
	Engine int
	Link   string // canonical recipe
	Task   string
	Lane   int // index among the recipe's lanes
	State  *train.State
}

// Digest returns the digest of the policy's weights.
func (l *Lane) Digest() string {
	p := model.NewParams(l.State.Config)
	if err := l.State.Weights.Unpack(p.Data); err != nil {
		panic(err) // decodeLane has checked the number of weights
	}
	return p.Digest()
}

// EncodeLane returns a lane's state as a file.
func EncodeLane(l Lane) ([]byte, error) {
	return seal(laneKind, &lanePayload{Engine: train.Engine, Link: l.Link, Task: l.Task,
		Lane: l.Lane, State: *l.State})
}

// DecodeLane reads a lane's state from the content of a file. Whether a session can restore the
// state is checked by train.Session.Restore.
func DecodeLane(file []byte) (*Lane, error) {
	k, payload, err := open(file)
	if err != nil {
		return nil, err
	}
	switch k {
	case laneKind:
	case pretrainingKind:
		return nil, bad("it holds a pretraining, not a lane that can go on")
	default:
		return nil, bad("it holds a model, not a lane that can go on")
	}
	return decodeLane(payload)
}

func decodeLane(payload []byte) (*Lane, error) {
	var l lanePayload
	if err := decode(payload, &l); err != nil {
		return nil, err
	}
	if l.Lane < 0 {
		return nil, bad("lane is %d, want at least 0", l.Lane)
	}
	if err := check(l.Engine, l.State.Config); err != nil {
		return nil, err
	}
	all := 4 * l.State.Config.Weights()
	trained := cmp.Or(len(l.State.Adapters), all)
	for _, part := range []struct {
		name       string
		have, want int
	}{{"weights", len(l.State.Weights), all}, {"start", len(l.State.Start), all}, {"m",
		len(l.State.M), trained}, {"v", len(l.State.V), secondMoments(&l.State, trained)}} {
		if part.have != part.want {
			return nil, bad("%s holds %d bytes, want %d", part.name, part.have, part.want)
		}
	}
	if critic, n := l.State.Critic, 4*l.State.Config.Scalar().Weights(); critic != nil {
		for _, have := range []int{len(critic.Weights), len(critic.M), len(critic.V)} {
			if have != n {
				return nil, bad("critic holds %d bytes, want %d", have, n)
			}
		}
	}
	return &Lane{Engine: l.Engine, Link: l.Link, Task: l.Task, Lane: l.Lane, State: &l.State}, nil
}

// secondMoments returns how many bytes a state's second moments have, where the first ones have
// trained. Other optimisers than AdamW may keep fewer; train.Session.Restore checks how many.
func secondMoments(s *train.State, trained int) int {
	if s.Optimiser == "" {
		return trained
	}
	return min(len(s.V), trained)
}

// ReadLane reads a lane's state from a file.
func ReadLane(ctx context.Context, path string) (*Lane, error) {
	file, err := readFile(ctx, path, checkHead)
	if err != nil {
		return nil, err
	}
	l, err := DecodeLane(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return l, nil
}
