package checkpoint

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

//go:generate go tool msgp -tests=false -io=false -unexported
//msgp:ignore Model Lane

// modelPayload is a model in a file. Weights are bfloat16 in bases and float32 otherwise.
type modelPayload struct {
	Engine int          `msg:"engine"`
	Task   string       `msg:"task"`
	Sizes  []string     `msg:"sizes,omitempty"` // those that are not the task's declared ones
	Config model.Config `msg:"config"`
	BF16   bool         `msg:"bf16"`
	Data   []byte       `msg:"data"`
}

// lanePayload is a lane in a file, in the middle of its run or at its end.
type lanePayload struct {
	Engine int         `msg:"engine"`
	Link   string      `msg:"link"` // the recipe it belongs to
	Task   string      `msg:"task"`
	Lane   int         `msg:"lane"` // index among the recipe's lanes
	State  train.State `msg:"state"`
}

// Model is a trained model and its origin.
type Model struct {
	Engine int                  // version of the numerics that computed it
	Task   string               // task whose symbols its tokens are
	Sizes  []string             // such as "hand=6"; nil means the declared sizes, or those of Link
	Link   string               // recipe that trained it; "" for a base
	Lane   int                  // index among the recipe's lanes
	Step   int                  // updates in all stages that trained it; 0 for a base
	Signal train.LearningSignal // what the lane's updates learned from
	Params *model.Params
}

// EncodeBase returns a base model as a file with bfloat16 weights. sizes are those of its task that
// are not the declared ones, such as "hand=6". It returns an error if a weight has not been rounded
// to bfloat16.
func EncodeBase(task string, p *model.Params, sizes ...string) ([]byte, error) {
	data := make([]byte, 0, 2*len(p.Data))
	for i, w := range p.Data {
		b := model.ToBF16(w)
		if model.FromBF16(b) != w {
			return nil, fmt.Errorf("weight %d is %v, which bfloat16 cannot hold: round "+
				"the base first", i, w)
		}
		data = binary.LittleEndian.AppendUint16(data, b)
	}
	return seal(modelKind, &modelPayload{Engine: train.Engine, Task: task, Sizes: sizes,
		Config: p.Config, BF16: true, Data: data})
}

// EncodeModel returns a model as a file with float32 weights, with sizes as in [EncodeBase].
func EncodeModel(task string, p *model.Params, sizes ...string) ([]byte, error) {
	return seal(modelKind, &modelPayload{Engine: train.Engine, Task: task, Sizes: sizes,
		Config: p.Config, Data: train.PackFloats(p.Data)})
}

// DecodeModel reads the model from the content of a file of either kind.
func DecodeModel(file []byte) (*Model, error) {
	k, payload, err := open(file)
	if err != nil {
		return nil, err
	}
	switch k {
	case modelKind:
		var m modelPayload
		if err := decode(payload, &m); err != nil {
			return nil, err
		}
		p, err := m.params()
		if err != nil {
			return nil, err
		}
		return &Model{Engine: m.Engine, Task: m.Task, Sizes: m.Sizes, Params: p}, nil
	case laneKind:
		l, err := decodeLane(payload)
		if err != nil {
			return nil, err
		}
		p := model.NewParams(l.State.Config)
		if err := l.State.Weights.Unpack(p.Data); err != nil {
			return nil, bad("weights %v", err)
		}
		return &Model{Engine: l.Engine, Task: l.Task, Link: l.Link, Lane: l.Lane,
			Step: l.State.Updates, Signal: l.State.Signal, Params: p}, nil
	default:
		return nil, notAModel(k)
	}
}

// notAModel returns the error about a file of a kind that holds no model.
func notAModel(k kind) error {
	if k == pretrainingKind {
		return bad("it holds a base in the middle of its pretraining: want the finished one")
	}
	return bad("it is of unknown kind %q, want a model or a lane", byte(k))
}

// check checks the fields that every file has, before memory is allocated for its weights.
func check(engine int, c model.Config) error {
	if engine < 1 {
		return bad("engine is %d, want at least 1", engine)
	}
	if err := c.Validate(); err != nil {
		return bad("%v", err)
	}
	return nil
}

func (m *modelPayload) params() (*model.Params, error) {
	if err := check(m.Engine, m.Config); err != nil {
		return nil, err
	}
	n := m.Config.Weights()
	if !m.BF16 && len(m.Data) != 4*n || m.BF16 && len(m.Data) != 2*n {
		return nil, bad("data holds %d bytes, which is not %d weights", len(m.Data), n)
	}
	p := model.NewParams(m.Config)
	if !m.BF16 {
		return p, train.Floats(m.Data).Unpack(p.Data)
	}
	for i := range p.Data {
		p.Data[i] = model.FromBF16(binary.LittleEndian.Uint16(m.Data[2*i:]))
	}
	return p, nil
}

// ReadModel reads the model from a file of either kind. Unlike [DecodeModel] it has the weights in
// memory once, whatever else the file holds, and looks at nothing else of the state of a lane.
func ReadModel(ctx context.Context, path string) (*Model, error) {
	return unlessEnded(ctx, func() (*Model, error) {
		f, size, err := openRegular(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		m, err := streamModel(f, size)
		switch {
		case errors.Is(err, ErrFormat):
			return nil, fmt.Errorf("%s: %w", path, err)
		case err != nil:
			return nil, readError(path, err)
		}
		return m, nil
	})
}
