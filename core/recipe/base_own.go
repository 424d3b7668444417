package recipe

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// ownPrefix is the first part of the name that a base from the user's file has in links. The second
// part is the start of its digest.
const ownPrefix = "file-"

// ownBase is a base from the user's file. Links have its digest alone.
type ownBase struct {
	digest string
	params *model.Params // nil until the file is given
}

// UseBase makes all lanes start from the given model. If the link names a model by its digest, it
// must be this one.
func (r *Recipe) UseBase(m *checkpoint.Model) error {
	if m.Task != r.Task.Name {
		return fmt.Errorf("the model is for task %s: want one for task %s", m.Task, r.Task.Name)
	}
	digest := m.Params.Digest()[:16]
	if r.own != nil && r.own.digest != digest {
		return fmt.Errorf("the link wants the base whose digest begins with %s: this one's "+
			"begins with %s", r.own.digest, digest)
	}
	if err := fits(m.Params.Config, r.Task); err != nil {
		return err
	}
	if err := r.startFrom(&ownBase{digest, m.Params}); err != nil {
		return err
	}
	r.relink()
	return nil
}

// fits returns an error if a model is too small for a task.
func fits(c model.Config, t task.Task) error {
	if want := t.Vocab(); c.Vocab != want {
		return fmt.Errorf("the model has %d symbols, and task %s has %d: want a model of this task",
			c.Vocab, t.Name, want)
	}
	if need := t.Context(); c.Context < need {
		return fmt.Errorf("the model's context is %d tokens, and task %s needs %d at these sizes: "+
			"want a model with a longer context, or smaller sizes", c.Context, t.Name, need)
	}
	return nil
}

// missing returns what has to be given before the recipe can be run.
func (b *ownBase) missing() error {
	return errors.New("the link starts from a base in a file, whose digest " +
		"begins with " + b.digest + ": give it with --base FILE")
}

func (b *ownBase) load() (*model.Params, error) {
	if b.params == nil {
		return nil, b.missing()
	}
	return b.params, nil
}
