// Package trl translates recipes into settings of Hugging Face's TRL, so that what a small model
// has shown can be tried on a large one. Start with [Configs].
//
// The names are those of TRL [Version]. A setting without a counterpart becomes a comment.
package trl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Version is the version of TRL whose names are used.
const Version = "1.10"

// Class is the class of TRL that holds the settings of a stage.
type Class string

// The classes, for methods that learn from demonstrations, from labelled pairs and from rollouts.
const (
	SFT  Class = "SFTConfig"
	DPO  Class = "DPOConfig"
	GRPO Class = "GRPOConfig"
)

// command returns the command of TRL that takes the settings as a file.
func (c Class) command() string { return strings.ToLower(strings.TrimSuffix(string(c), "Config")) }

// Config is the configuration of a stage.
type Config struct {
	Lane, Stage int // from 0
	Class       Class
	YAML        string
}

// Name returns the name of the configuration, which its output folder has too.
func (c Config) Name() string { return fmt.Sprintf("lane-%d-stage-%d", c.Lane+1, c.Stage+1) }

// Configs returns the configurations of all stages, lane by lane. It returns an error if the recipe
// trains no network.
func Configs(r *recipe.Recipe) (all []Config, err error) {
	if !r.Task.HasPrompts() {
		return nil, errors.New("two densities are no language model, so there is nothing to " +
			"configure: want a recipe on a task")
	}
	for i, lane := range r.Lanes {
		for j, s := range lane {
			at := stage{Stage: s, recipe: r, config: Config{Lane: i, Stage: j}}
			at.config.Class = classOf(s.Method.Collect(s.Values))
			at.config.YAML = at.yaml()
			all = append(all, at.config)
		}
	}
	return all, nil
}

func classOf(c objective.Collect) Class {
	switch {
	case c.Label != objective.Unlabelled:
		return DPO
	case c.Group > 0 || c.Hint != nil:
		return GRPO
	}
	return SFT
}

// stage is a stage and where it stands.
type stage struct {
	train.Stage
	recipe *recipe.Recipe
	config Config
}

// yaml returns the configuration as text.
func (s stage) yaml() string {
	var y document
	s.head(&y)
	m := methodOf(s.Method.Name)
	if m.note != "" {
		y.comment("%s", m.note)
	} else if !m.same {
		y.comment("TRL has no %s. This is the %s that is nearest to it, without what the method "+
			"does differently.", s.Method.Name, s.config.Class)
	}
	y.key("output_dir", s.config.Name(), "")
	s.start(&y)
	s.data(&y)
	y.key("seed", s.recipe.Values.Text("seed"), "seed")
	for _, setting := range append(m.settings, always...) {
		if setting.class == "" || setting.class == s.config.Class {
			y.key(setting.key, setting.value, setting.note)
		}
	}
	covered := map[string]bool{} // knobs with a counterpart
	for _, c := range counterparts {
		if s.Values.Has(c.knob) && c.of(s) {
			covered[c.knob] = true
			c.write(&y, s)
		}
	}
	s.rest(&y, covered)
	return y.String()
}

// head writes which stage of which recipe this is, and which command takes the file.
func (s stage) head(y *document) {
	r := s.recipe
	lane := r.Lanes[s.config.Lane]
	y.comment("Lane %d of %d, stage %d of %d: %s (%s).", s.config.Lane+1, len(r.Lanes),
		s.config.Stage+1, len(lane), s.Method.Name, s.Method.Title)
	y.line("# " + r.Link())
	y.comment("%s of TRL %s, for: trl %s --config FILE, on one device. Learning rates are for "+
		"a small model: a large one needs lower ones.", s.config.Class, Version,
		s.config.Class.command())
}

// start writes the model that the stage starts from, which is known for later stages alone.
func (s stage) start(y *document) {
	if s.config.Stage > 0 {
		before := s.config
		before.Stage--
		y.key("model_name_or_path", before.Name(), "what the stage before has written")
		return
	}
	y.comment("model_name_or_path: the model to start from. Here it is %s.", s.model())
}

// base returns the name of the base that the lane starts from, and "" for one from a file.
func (s stage) base() (name string) {
	for _, v := range []param.Values{s.recipe.Values, s.Values} {
		if v.Has("base") && v.Choice("base") != "recipe" {
			name = v.Choice("base")
		}
	}
	if strings.Contains(s.recipe.Link(), "base=file-") {
		return ""
	}
	return name
}

// computed returns the lane's base if it is not part of the program.
func (s stage) computed() (b recipe.Base, ok bool) {
	for _, b := range s.recipe.Unshipped() {
		if b.Name == s.base() {
			return b, true
		}
	}
	return b, false
}

// model returns, in words, which model the lane starts from.
func (s stage) model() string {
	name := s.base()
	if name == "" {
		return "a checkpoint, which posttrain export writes as a folder"
	}
	b, ok := s.computed()
	if !ok {
		return "the base " + name + ", which this writes as a folder: posttrain export " + name +
			" DIR"
	}
	text, settings := "", ""
	for _, key := range b.LinkKeys() {
		if after, ok := strings.CutPrefix(key, "base="); ok {
			text = after
			_, settings, _ = strings.Cut(after, ",")
		} else {
			text, settings = text+" with "+key, strings.Trim(settings+","+key, ",")
		}
	}
	return "the base " + text + ", which these write as a folder: posttrain pretrain " + name +
		" --set " + settings + " --out base.msgp, and posttrain export base.msgp DIR"
}

// data writes comments about where the rows and the rewards come from.
func (s stage) data(y *document) {
	name := s.recipe.Task.Name
	rows := "posttrain data " + name + s.seed() + s.sizes()
	if s.recipe.Data != "" {
		rows = "a file of your own, the data set " + s.recipe.Data
	}
	switch s.config.Class {
	case SFT:
		y.comment("The rows, in columns that TRL reads: %s%s", rows, s.style())
	case DPO:
		if s.againstDemos() {
			y.comment("The rows, in columns that TRL reads, are yours to make: in each the chosen "+
				"answer is the completion of %s%s, and the rejected one is sampled from the "+
				"model that the stage starts from.", rows, s.style())
			break
		}
		y.comment("The rows, in columns that TRL reads: posttrain data %s%s%s --kind pairs%s. "+
			"Here they are sampled from the model that the stage starts from.", name, s.seed(),
			s.sizes(), s.sampler())
	default:
		y.comment("The prompts, in a column that TRL reads: %s%s", rows, s.style())
		y.comment("reward_funcs: the verifier of your task. Here it is that of task %s, whose "+
			"answers have at most %d tokens (max_completion_length).", name,
			s.recipe.Task.MaxResponse)
	}
	y.comment("eval_every=%s: eval_strategy: steps, and eval_steps, once there is a set to "+
		"measure on.", s.recipe.Values.Text("eval_every"))
}

// againstDemos reports whether the stage compares demonstrations with the model's own answers.
func (s stage) againstDemos() bool {
	return s.Method.Collect(s.Values).Label == objective.AgainstDemo
}

// sampler returns the flag that makes posttrain data sample from the model that the lane starts
// from.
func (s stage) sampler() string {
	_, computed := s.computed()
	switch name := s.base(); {
	case computed:
		return " --base base.msgp"
	case name == s.recipe.Task.Base:
		return ""
	case name == "":
		return " --base CHECKPOINT"
	default:
		return " --base " + name
	}
}

// seed returns the flag that makes posttrain data take the training prompts of the recipe.
func (s stage) seed() string {
	if seed := s.recipe.Seed(); seed != 1 {
		return fmt.Sprintf(" --seed %d", seed)
	}
	return ""
}

// sizes returns the flags that make posttrain data write problems of the recipe's sizes.
func (s stage) sizes() (flags string) {
	v := s.recipe.Task.SizeValues()
	for _, k := range s.recipe.Task.Sizes {
		if v.Text(k.Name) != param.Defaults([]param.Knob{k}).Text(k.Name) {
			flags += " --set " + k.Name + "=" + v.Text(k.Name)
		}
	}
	return flags
}

// style returns the flags that make posttrain data write the demonstrations of the stage.
func (s stage) style() (flags string) {
	for _, k := range s.recipe.Task.Knobs {
		if s.Values.Has(k.Name) && s.Values.Text(k.Name) != param.Defaults([]param.Knob{k}).Text(
			k.Name) {
			flags += " --set " + k.Name + "=" + s.Values.Text(k.Name)
		}
	}
	return flags
}

// rest writes comments about the knobs that are not covered by a counterpart: what those do that
// are not at their defaults, and the names of the others.
func (s stage) rest(y *document, covered map[string]bool) {
	var usual []string
	for _, k := range s.Values.Knobs() {
		text := s.Values.Text(k.Name)
		switch {
		case covered[k.Name] || isStyle(s.recipe.Task, k.Name):
		case text == param.Defaults([]param.Knob{k}).Text(k.Name):
			usual = append(usual, k.Name)
		default:
			sentence, _, _ := strings.Cut(k.Doc, ". ")
			y.comment("%s=%s has no counterpart. %s.", k.Name, text,
				strings.TrimSuffix(sentence, "."))
		}
	}
	if len(usual) > 0 {
		y.comment("Without counterpart, and at their defaults: %s.",
			strings.Join(usual, ", "))
	}
}

// isStyle reports whether a knob is one of the task's demonstrations.
func isStyle(t task.Task, name string) bool {
	for _, k := range t.Knobs {
		if k.Name == name {
			return true
		}
	}
	return false
}
