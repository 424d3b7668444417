package recipe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// trainPrompts is the size of a task that a base does not depend on, since its pretraining sees
// none of the training prompts.
const trainPrompts = "train_prompts"

// SizesOf returns the sizes of a task's problems that are not the declared ones, such as
// "hand=6".
func SizesOf(t task.Task) (other []string) {
	now, usual := t.SizeValues(), param.Defaults(t.Sizes)
	for _, k := range t.Sizes {
		if k.Name != trainPrompts && now.Text(k.Name) != usual.Text(k.Name) {
			other = append(other, k.Name+"="+now.Text(k.Name))
		}
	}
	return other
}

// LinkKeys returns the keys of a link whose lanes start from the base, such as "base=cards,dim=96"
// and "hand=6".
func (b Base) LinkKeys() []string {
	sizes := b.Task.SizeValues() // whose defaults suit the size of the base
	keys := []string{"base=" + b.text()}
	for _, setting := range sizes.Changed() {
		if !strings.HasPrefix(setting, trainPrompts+"=") {
			keys = append(keys, setting)
		}
	}
	return keys
}

// Encode returns weights of the base as a file.
func (b Base) Encode(p *model.Params) ([]byte, error) {
	return checkpoint.EncodeBase(b.Task.Name, p, SizesOf(b.Task)...)
}

// TaskOf returns the task of a model from a file, at the sizes at which the model was trained. A
// file that says neither sizes nor a recipe is of the task as it is declared.
func (c *Catalogue) TaskOf(m *checkpoint.Model) (task.Task, error) {
	t, err := c.Task(m.Task)
	if err != nil {
		return t, err
	}
	if m.Link != "" {
		r, err := c.Parse(m.Link)
		if err != nil {
			return t, fmt.Errorf("the checkpoint's recipe %s: %w", m.Link, err)
		}
		return r.Task, nil
	}
	if len(m.Sizes) == 0 {
		return t, nil
	}
	for _, setting := range m.Sizes {
		if !strings.Contains(setting, "=") {
			return t, fmt.Errorf("the model's sizes of task %s: %s has no value", t.Name,
				param.Quote(setting))
		}
	}
	t, err = t.Resized("page", m.Sizes)
	if err != nil {
		return t, fmt.Errorf("the model's sizes of task %s: %w", m.Task, err)
	}
	return t, nil
}

// sameSizes returns an error if a model was trained on a task at other sizes than the recipe's.
func (r *Recipe) sameSizes(m *checkpoint.Model) error {
	t, err := r.catalogue.TaskOf(m)
	if err != nil {
		return err
	}
	have, want := t.SizeValues(), r.bases.task.SizeValues()
	var ofModel, ofRecipe []string
	for _, k := range r.bases.task.Sizes {
		if a, b := have.Text(k.Name), want.Text(k.Name); k.Name != trainPrompts && a != b {
			ofModel = append(ofModel, k.Name+"="+a)
			ofRecipe = append(ofRecipe, k.Name+"="+b)
		}
	}
	if ofModel == nil {
		return nil
	}
	return fmt.Errorf("the model is for task %s with %s, and the recipe has %s: want %s in the "+
		"link, or another model", t.Name, prose.List(ofModel), prose.List(ofRecipe),
		strings.Join(ofModel, "&"))
}

// CheckModel returns an error if a model from a file cannot be this base. A file that says no sizes
// may be from before files had them; a cache then tells by the name of the file.
func (b Base) CheckModel(m *checkpoint.Model) error {
	switch {
	case m.Engine != train.Engine:
		return fmt.Errorf("engine %d computed it, and this program is engine %d", m.Engine,
			train.Engine)
	case m.Task != b.Task.Name || m.Params.Config != b.Config() ||
		m.Sizes != nil && !slices.Equal(m.Sizes, SizesOf(b.Task)):
		return errors.New("it holds another model")
	}
	return nil
}
