package recipe

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
)

// ownPrefix and the start of its digest are how a link names a base that is in a file of somebody's own.
const ownPrefix = "file-"

// ownBase is such a base. A link has its digest alone.
type ownBase struct {
	digest string
	params *model.Params // nil until the file is given
}

// UseBase has every lane start from a model of one's own. When the link names one, it must be the same.
func (r *Recipe) UseBase(m *checkpoint.Model) error {
	if m.Task != r.Task.Name {
		return fmt.Errorf("the model is for task %s: want one for task %s", m.Task, r.Task.Name)
	}
	digest := m.Params.Digest()[:16]
	if r.own != nil && r.own.digest != digest {
		return fmt.Errorf("the link wants the base whose digest begins with %s: this one's begins with %s", r.own.digest, digest)
	}
	r.own = &ownBase{digest, m.Params}
	r.relink()
	return nil
}

// missing says what has to be given before the recipe can be run.
func (b *ownBase) missing() error {
	return errors.New("the link starts from a base in a file, whose digest begins with " + b.digest + ": give it with --base FILE")
}

func (b *ownBase) load() (*model.Params, error) {
	if b.params == nil {
		return nil, b.missing()
	}
	return b.params, nil
}
