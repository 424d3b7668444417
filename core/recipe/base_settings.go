package recipe

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Sizes are the names of the sizes of models. The first is that of a base as it is declared.
func Sizes() []string { return []string{"page", "full", "large"} }

// shapeAt returns the shape at a size. own is the shape that a base declares.
func shapeAt(size string, own model.Config) model.Config {
	switch size {
	case "full":
		return model.Config{Dim: 256, Layers: 6, Heads: 8, Hidden: 688, Context: own.Context}
	case "large":
		return model.Config{Dim: 512, Layers: 8, Heads: 8, Hidden: 1376, Context: own.Context}
	}
	return own
}

// usualHidden returns the hidden width that suits so many channels: 8/3 of them, rounded up to a
// multiple of 8.
func usualHidden(dim int) int { return (8*dim + 23) / 24 * 8 }

// shapeSettings are the settings of a base that all models of a recipe share: a reference model or
// a teacher has the shape of the policy.
var shapeSettings = []string{"size", "dim", "layers", "heads", "hidden", "context"}

// Values returns the base's settings: its size, its shape and its pretraining.
func (b Base) Values() param.Values {
	if b.values != nil {
		return b.values.Clone()
	}
	return param.Defaults(b.knobs("page", b.Shape.Dim))
}

// knobs returns the settings of the base with the defaults that follow from a size and a number of
// channels.
func (b Base) knobs(size string, dim int) []param.Knob {
	shape := shapeAt(size, b.Shape)
	if dim != shape.Dim {
		shape.Hidden = usualHidden(dim)
	}
	if need := b.Task.Context(); need > shape.Context {
		shape.Context = (need + 7) / 8 * 8
	}
	return append([]param.Knob{
		param.Choice("size", "page", Sizes(),
			"How large the model is, and with it the task's problems: page is small enough for a "+
				"web page, full has about 5 million weights (256 channels, 6 layers), large about "+
				"25 million (512 channels, 8 layers). Every other setting can still be set."),
		param.Integer("dim", "channels", shape.Dim, 2, model.MaxDim,
			"Channels of the model. hidden follows it unless it is set too.").
			Called("channels").Logarithmic(),
		param.Integer("layers", "layers", shape.Layers, 1, model.MaxLayers,
			"Layers of the model, one after the other."),
		param.Integer("heads", "heads", shape.Heads, 1, model.MaxDim/2,
			"Attention heads of a layer. Each has dim/heads channels, an even number.").
			Called("attention heads"),
		param.Integer("hidden", "units", shape.Hidden, 1, model.MaxHidden,
			"Width of the feed-forward part of a layer. It is 8/3 of dim, rounded up to a "+
				"multiple of 8, where dim was set and hidden was not.").
			Called("hidden units").Logarithmic(),
		param.Integer("context", "tokens", shape.Context, 1, model.MaxContext,
			"Most tokens of a prompt and its response together. It is as long as the task "+
				"needs, unless it is set."),
	}, b.Pretraining().Values.Knobs()...)
}

// With returns the base with other settings, such as "dim=256" and "seed=2", for its task or for
// the same task at other sizes. The error names the setting that cannot be.
func (b Base) With(t task.Task, settings ...string) (Base, error) {
	b.Task = t
	v := param.Defaults(b.knobs("page", b.Shape.Dim))
	for _, setting := range settings {
		if name, _, _ := strings.Cut(setting, "="); !v.Has(name) && t.SizeValues().Has(name) {
			return b, fmt.Errorf("base %s: %s is a size of task %s: want it as a key of the link, "+
				"beside the base", b.Name, setting, t.Name)
		}
	}
	given := onceEach{}
	if err := given.set(v, settings); err != nil {
		return b, fmt.Errorf("base %s: %w", b.Name, err)
	}
	size, dim := v.Choice("size"), shapeAt(v.Choice("size"), b.Shape).Dim
	if _, ok := given["dim"]; ok {
		dim = v.Int("dim")
	}
	v = param.Defaults(b.knobs(size, dim)) // what is not given may follow from what is
	if err := given.set(v, settings); err != nil {
		return b, fmt.Errorf("base %s: %w", b.Name, err)
	}
	other := b
	other.values = &v
	other.Shape = model.Config{Dim: v.Int("dim"), Layers: v.Int("layers"), Heads: v.Int("heads"),
		Hidden: v.Int("hidden"), Context: v.Int("context")}
	other.Steps, other.Settings = v.Int("steps"), nil
	for _, k := range train.PretrainingKnobs(t) {
		if k.Name != "steps" {
			other.Settings = append(other.Settings, k.Name+"="+v.Text(k.Name))
		}
	}
	return other, other.checkShape()
}

// set sets settings such as "dim=256" in v. It returns an error for a setting that is given twice.
func (s onceEach) set(v param.Values, settings []string) error {
	for _, setting := range settings {
		name, text, ok := strings.Cut(setting, "=")
		if !ok {
			return fmt.Errorf("%s has no value: want knob=value", param.Quote(setting))
		}
		if err := v.Set(name, text); err != nil {
			return err
		}
		if err := s.add(name, text); err != nil {
			return err
		}
	}
	return nil
}

// checkShape returns an error that names the setting for a shape that cannot be, or that is too
// small for the task.
func (b Base) checkShape() error {
	c := b.Config()
	if even := c.Dim / max(1, c.Heads); even%2 != 0 || even*c.Heads != c.Dim {
		return fmt.Errorf("base %s: heads=%d cannot divide the %d channels of dim into even "+
			"parts: want heads=%s, or another dim", b.Name, c.Heads, c.Dim, headsOf(c.Dim))
	}
	if need := b.Task.Context(); c.Context < need {
		return fmt.Errorf("base %s: context=%d is too short for task %s, whose prompts and "+
			"responses have up to %d tokens: want context=%d or more", b.Name, c.Context,
			b.Task.Name, need, need)
	}
	if n := c.Weights(); n > model.MaxWeights {
		return fmt.Errorf("base %s: dim=%d, layers=%d and hidden=%d make %d weights: want at "+
			"most %d, by a smaller dim or fewer layers", b.Name, c.Dim, c.Layers, c.Hidden, n,
			model.MaxWeights)
	}
	if err := c.Validate(); err != nil {
		return fmt.Errorf("base %s: %w", b.Name, err)
	}
	return nil
}

// headsOf returns the numbers of heads that so many channels can have, in words.
func headsOf(dim int) string {
	var all []string
	for n := 1; 2*n <= dim; n++ {
		if dim%(2*n) == 0 {
			all = append(all, fmt.Sprint(n))
		}
	}
	if len(all) == 0 {
		return "1 with an even dim"
	}
	if len(all) == 1 {
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}

// text returns the base as a link has it: its name, and what differs from the settings that follow
// from its size.
func (b Base) text() string {
	if b.values == nil {
		return b.Name
	}
	return strings.Join(append([]string{b.Name}, b.values.Changed()...), ",")
}

// Origin returns the text of all that the weights follow from. Two bases with equal texts have
// equal weights.
func (b Base) Origin() string {
	c := b.Config()
	parts := []string{fmt.Sprintf("v=%d task=%s", train.Engine, b.Task.Name)}
	if b.Task.Program != "" {
		parts = append(parts, "program="+b.Task.Program)
	}
	sizes := b.Task.SizeValues()
	for _, k := range sizes.Knobs() {
		if k.Name != trainPrompts {
			parts = append(parts, k.Name+"="+sizes.Text(k.Name))
		}
	}
	parts = append(parts, fmt.Sprintf("vocab=%d dim=%d layers=%d heads=%d hidden=%d context=%d",
		c.Vocab, c.Dim, c.Layers, c.Heads, c.Hidden, c.Context))
	v := b.Pretraining().Values
	for _, k := range v.Knobs() {
		parts = append(parts, k.Name+"="+v.Text(k.Name))
	}
	return strings.Join(parts, " ")
}

// Key returns a name for a file with the base's weights: the beginning of its name, and of the
// digest of its origin.
func (b Base) Key() string {
	return fmt.Sprintf("%s-%x", b.Name, sha256.Sum256([]byte(b.Origin())))[:len(b.Name)+33]
}

// isShapeSetting reports whether a setting such as "dim=256" belongs to all models of a recipe.
func isShapeSetting(setting string) bool {
	name, _, _ := strings.Cut(setting, "=")
	return slices.Contains(shapeSettings, name)
}
