package recipe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// userBasePrefix stands before the digest of the user's base in links: base=file-0123456789abcdef.
const userBasePrefix = "file-"

// FileBase returns what a link has after base= for a model from a file.
func FileBase(p *model.Params) string { return userBasePrefix + p.Digest()[:16] }

// userBase is a base from a file of the user. Links only have its digest.
type userBase struct {
	digest string        // the first 16 digits
	params *model.Params // nil until the file is given
}

// UseBase makes all lanes that name no base of their own start from m, in the place of the base in
// the recipe's link. It returns an error if the link has the digest of another model or settings of
// another shape, or if m is for another task or other sizes of it.
func (r *Recipe) UseBase(m *checkpoint.Model) error {
	if m.Task != r.Task.Name {
		return fmt.Errorf("the model is for task %s: want one for task %s", m.Task, r.Task.Name)
	}
	digest := m.Params.Digest()[:16]
	if r.userBase != nil && r.userBase.digest != digest {
		return fmt.Errorf("the link wants the base whose digest begins with %s: this one's "+
			"begins with %s", r.userBase.digest, digest)
	}
	if err := r.sameShape(m.Params.Config); err != nil {
		return err
	}
	if err := r.sameSizes(m); err != nil {
		return err
	}
	if err := fits(m.Params.Config, r.Task); err != nil {
		return err
	}
	if err := r.startFrom(&userBase{digest, m.Params}); err != nil {
		return err
	}
	r.relink()
	return nil
}

// sameShape returns an error if the recipe gives its base a shape by settings, such as dim=128, and
// a model from a file has another shape.
func (r *Recipe) sameShape(c model.Config) error {
	settings := slices.DeleteFunc(slices.Clone(r.bases.settings),
		func(setting string) bool { return !isShapeSetting(setting) })
	if len(settings) == 0 {
		return nil
	}
	hasContext := func(setting string) bool { return strings.HasPrefix(setting, "context=") }
	want := r.bases.main.Shape
	if !slices.ContainsFunc(settings, hasContext) {
		want.Context = c.Context
	}
	var ofModel, ofRecipe []string
	for _, part := range []struct {
		name       string
		have, want int
	}{
		{"dim", c.Dim, want.Dim}, {"layers", c.Layers, want.Layers},
		{"heads", c.Heads, want.Heads}, {"hidden", c.Hidden, want.Hidden},
		{"context", c.Context, want.Context},
	} {
		if part.have != part.want {
			ofModel = append(ofModel, fmt.Sprintf("%s=%d", part.name, part.have))
			ofRecipe = append(ofRecipe, fmt.Sprintf("%s=%d", part.name, part.want))
		}
	}
	if ofModel == nil {
		return nil
	}
	return fmt.Errorf("the model in the file has %s, and the recipe's base has %s: leave out "+
		"%s to start from the file", prose.List(ofModel), prose.List(ofRecipe),
		strings.Join(settings, ","))
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

// missing returns the error for a recipe whose base has not been given.
func (b *userBase) missing() error {
	return errors.New("the link starts from a base in a file, whose digest " +
		"begins with " + b.digest + ": give it with --base FILE")
}

func (b *userBase) load() (*model.Params, error) {
	if b.params == nil {
		return nil, b.missing()
	}
	return b.params, nil
}
