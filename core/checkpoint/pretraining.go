package checkpoint

import (
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/train"
)

//go:generate go tool msgp -tests=false -io=false -unexported
//msgp:ignore Pretraining

// Pretraining is the state of a base in the middle of its pretraining.
type Pretraining struct {
	Engine int
	Origin string // the text of all that the weights of the finished base follow from
	State  *train.PretrainingState
}

// pretrainingPayload is a pretraining in a file.
type pretrainingPayload struct {
	Engine int                    `msg:"engine"`
	Origin string                 `msg:"origin"`
	State  train.PretrainingState `msg:"state"`
}

// EncodePretraining returns a pretraining's state as a file.
func EncodePretraining(p Pretraining) ([]byte, error) {
	return seal(pretrainingKind, &pretrainingPayload{train.Engine, p.Origin, *p.State})
}

// DecodePretraining reads a pretraining's state from the content of a file.
func DecodePretraining(file []byte) (*Pretraining, error) {
	k, payload, err := open(file)
	if err != nil {
		return nil, err
	}
	if k != pretrainingKind {
		return nil, bad("it holds no pretraining that can go on")
	}
	var p pretrainingPayload
	if err := decode(payload, &p); err != nil {
		return nil, err
	}
	if err := check(p.Engine, p.State.Config); err != nil {
		return nil, err
	}
	if err := p.State.Check(); err != nil {
		return nil, bad("%v", err)
	}
	return &Pretraining{p.Engine, p.Origin, &p.State}, nil
}

// ReadPretraining reads a pretraining's state from a file.
func ReadPretraining(ctx context.Context, path string) (*Pretraining, error) {
	file, err := readFile(ctx, path, checkHead)
	if err != nil {
		return nil, err
	}
	p, err := DecodePretraining(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, nil
}
