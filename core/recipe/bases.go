package recipe

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// bases is what a link says of the models that its lanes start from and learn from. The base that
// it names has settings behind its name, such as "cards,dim=256,seed=2". Those of the shape hold
// for every model of the recipe, and so do the sizes of the task.
type bases struct {
	task     task.Task // at its sizes, with its own training prompts
	main     Base      // with its settings; zero for a task without a base
	settings []string  // of main, that differ from the defaults
	sizes    []string  // of the task, that differ from those that suit the size

	given map[string]*model.Params // those that are not part of the program, by their keys
}

// clone returns an independent copy that shares the models.
func (b bases) clone() bases {
	b.settings, b.sizes = slices.Clone(b.settings), slices.Clone(b.sizes)
	return b
}

// decidesBase reports whether a key of a link sets the base or a size of the task.
func (r *Recipe) decidesBase(key string) bool {
	return key == "base" && r.Values.Has(key) || r.isSize(key)
}

func (r *Recipe) isSize(key string) bool {
	return slices.ContainsFunc(r.Task.Sizes, func(k param.Knob) bool { return k.Name == key })
}

// setBase sets the base with its settings, or a size of the task. [Recipe.fit] has to follow.
func (r *Recipe) setBase(key, value string) error {
	words := strings.Split(value, ",")
	for _, word := range append(words, key) {
		if err := checkWord(word); err != nil {
			return err
		}
	}
	if r.isSize(key) {
		r.bases.sizes = replaced(r.bases.sizes, key, value)
		return nil
	}
	if digest, ok := strings.CutPrefix(words[0], userBasePrefix); ok {
		if len(words) > 1 {
			return errors.New("a base from a file is as it is: want base=" + words[0] +
				" without settings")
		}
		return r.startFrom(&userBase{digest: digest})
	}
	if strings.ContainsAny(words[0], `./\`) && r.Values.Has("base") {
		return fmt.Errorf("base=%s looks like the name of a file, which a link does not carry: in "+
			"a terminal give it with --base FILE", words[0])
	}
	if err := r.Values.Set("base", words[0]); err != nil {
		return err
	}
	r.bases.settings = slices.DeleteFunc(words[1:], func(word string) bool { return word == "" })
	return nil
}

// replaced returns settings with another value for a name.
func replaced(settings []string, name, value string) []string {
	other := slices.DeleteFunc(slices.Clone(settings),
		func(s string) bool { return strings.HasPrefix(s, name+"=") })
	return append(other, name+"="+value)
}

// SetSize sets the size of the model and of the task's problems, one of [Sizes].
func (r *Recipe) SetSize(size string) error { return r.SetBaseKnob("size", size) }

// SetBaseKnob sets one of the settings of the recipe's base, such as its seed.
func (r *Recipe) SetBaseKnob(name, text string) error {
	if !r.Values.Has("base") || r.userBase != nil {
		return fmt.Errorf("%s belongs to a base of the program, and the recipe starts from none",
			name)
	}
	defer r.relink()
	r.bases.settings = replaced(r.bases.settings, name, text)
	return r.fit()
}

// fit makes the recipe's task and base what its settings say.
func (r *Recipe) fit() error {
	b := &r.bases
	if b.main.Name != "" && b.main.values == nil && len(b.settings)+len(b.sizes) == 0 &&
		b.main.Name == r.Values.Text("base") {
		return nil // as they are declared
	}
	if err := r.fitTask(); err != nil || !r.Values.Has("base") {
		return err
	}
	main, err := r.catalogue.Base(r.Values.Choice("base"))
	if err != nil {
		return err
	}
	if b.main = main; len(b.settings)+len(b.task.SizeValues().Changed()) == 0 {
		return nil
	}
	if b.main, err = main.With(b.task, b.settings...); err != nil {
		return err
	}
	b.settings = b.main.values.Changed()
	return nil
}

// fitTask makes the recipe's task what the settings say.
func (r *Recipe) fitTask() error {
	b := &r.bases
	sized, size := b.task.Sizes != nil, "page"
	for _, setting := range b.settings {
		if text, ok := strings.CutPrefix(setting, "size="); ok {
			size = text
		}
	}
	if !sized {
		return nil
	}
	declared, err := r.catalogue.Task(b.task.Name)
	if err != nil {
		return err
	}
	t, err := declared.Resized(size, b.sizes)
	if err != nil {
		return err
	}
	same := slices.Equal(texts(t.SizeValues()), texts(b.task.SizeValues()))
	b.task, b.sizes = t, t.SizeValues().Changed()
	if same {
		return nil
	}
	if r.data != nil {
		return errors.New("the sizes of the task cannot be changed after rows for it were read: " +
			"want them in the link")
	}
	r.Task = t
	before := r.Values
	r.Values = param.Defaults(r.catalogue.Knobs(t)) // a range may depend on the task
	for _, setting := range before.Changed() {
		name, text, _ := strings.Cut(setting, "=")
		if err := r.Values.Set(name, text); err != nil {
			return err
		}
	}
	return nil
}

// texts returns all settings as texts.
func texts(v param.Values) (all []string) {
	for _, k := range v.Knobs() {
		all = append(all, v.Text(k.Name))
	}
	return all
}

// startFrom makes lanes start from a model that is not a base of the program. The task keeps its
// sizes.
func (r *Recipe) startFrom(base *userBase) error {
	b, now := &r.bases, r.bases.task.SizeValues()
	r.userBase, b.settings = base, nil
	sizes := b.sizes // some may be newer than the task, which is fitted at the end of a link
	for _, k := range now.Knobs() {
		named := func(setting string) bool { return strings.HasPrefix(setting, k.Name+"=") }
		if !slices.ContainsFunc(sizes, named) {
			b.sizes = append(b.sizes, k.Name+"="+now.Text(k.Name))
		}
	}
	return r.fit()
}

// baseNamed returns a base of the recipe's task: the one that the link gives settings to, or
// another one at the same shape.
func (r *Recipe) baseNamed(name string) (Base, error) {
	if r.userBase == nil && name != "" && name == r.bases.main.Name {
		return r.bases.main, nil
	}
	b, err := r.catalogue.Base(name)
	if err != nil || r.bases.main.values == nil {
		return b, err
	}
	shape := slices.DeleteFunc(slices.Clone(r.bases.settings),
		func(setting string) bool { return !isShapeSetting(setting) })
	return b.With(r.bases.task, shape...)
}

// baseText returns the recipe's base as a link has it, with its settings.
func (r *Recipe) baseText() string {
	if r.userBase != nil {
		return userBasePrefix + r.userBase.digest
	}
	return r.bases.main.text()
}

// sizeKeys returns the keys of the link for the sizes of the task that differ from those that suit
// the size of the base, or from what the name of the link stands for.
func (r *Recipe) sizeKeys() (keys []string) {
	now := r.bases.task.SizeValues()
	for _, k := range now.Knobs() {
		setting := k.Name + "=" + now.Text(k.Name)
		usual := param.Defaults([]param.Knob{k}).Text(k.Name)
		without := k.Name + "=" + usual // what it is without a key
		if r.preset != nil {
			for _, s := range r.preset.bases.sizes {
				if strings.HasPrefix(s, k.Name+"=") {
					without = s
				}
			}
		}
		if setting != without {
			keys = append(keys, setting)
		}
	}
	return keys
}

// Context returns how many tokens a prompt and its response can have together; 0 without a base.
func (r *Recipe) Context() int { return r.bases.main.Shape.Context }
