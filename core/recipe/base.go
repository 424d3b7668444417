package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Base is a model that lanes start from, and how it came to be.
type Base struct {
	Name        string
	Title       string
	Doc         string
	Pretraining train.Pretraining
}

// pretraining is how the bases of a task are made: they differ in size, in how long they learn and, as settings say ("mistakes=0"),
// in what from. Their settings are the defaults of their knobs.
func pretraining(name string, c model.Config, steps int, settings ...string) train.Pretraining {
	t, err := task.Lookup(name)
	if err != nil {
		panic(err)
	}
	c.Vocab = t.Vocab()
	knobs := train.PretrainingKnobs(t)
	v := param.Defaults(knobs)
	for _, setting := range append(settings, fmt.Sprintf("steps=%d", steps)) {
		name, text, _ := strings.Cut(setting, "=")
		if err := v.Set(name, text); err != nil {
			panic(err)
		}
	}
	return train.Pretraining{Task: t, Config: c, Values: v.AsDefaults()}
}

var bases []Base

func registerBase(b Base) Base {
	if slices.ContainsFunc(bases, func(o Base) bool { return o.Name == b.Name }) {
		panic("recipe: duplicate base " + b.Name)
	}
	bases = append(bases, b)
	return b
}

// Bases returns every base in the order of their files.
func Bases() []Base { return bases }

func baseNames() []string {
	names := make([]string, len(bases))
	for i, b := range bases {
		names[i] = b.Name
	}
	return names
}

// basesOf names the bases that were pretrained for a task.
func basesOf(t task.Task) []string {
	var names []string
	for _, b := range bases {
		if b.Pretraining.Task.Name == t.Name {
			names = append(names, b.Name)
		}
	}
	return names
}

// teacherOf returns the name of the task's base that was pretrained without mistakes, and "" where
// there is none.
func teacherOf(t task.Task) (name string, ok bool) {
	for _, b := range bases {
		if b.Pretraining.Task.Name == t.Name && b.Pretraining.Values.Float("mistakes") == 0 {
			return b.Name, true
		}
	}
	return "", false
}

// LookupBase finds a base; the error names the nearest one.
func LookupBase(name string) (Base, error) {
	for _, b := range bases {
		if b.Name == name {
			return b, nil
		}
	}
	return Base{}, param.Unknown("base", name, baseNames())
}

// computedSteps is for how many steps of pretraining at most there is no file: they take less time than fetching it.
const computedSteps = 20

// Computed says whether a base is made when it is loaded, so that there is no file of it.
func (b Base) Computed() bool { return b.Pretraining.Values.Int("steps") <= computedSteps }

// File is where a base's checkpoint is kept, below this folder.
func (b Base) File() string { return "bases/" + b.Name + ".msgp" }

func loadBase(name string) (*model.Params, error) {
	b, err := LookupBase(name)
	if err != nil {
		return nil, err
	}
	return b.Load()
}

// Load reads the shipped checkpoint, or makes what is computed.
func (b Base) Load() (*model.Params, error) {
	if b.Computed() {
		return b.Pretraining.Run(1, func(int, float64) error { return nil })
	}
	file, err := readBase(b)
	if err != nil {
		return nil, fmt.Errorf("base %s is not part of this build: make it with `posttrain pretrain %s --out core/recipe/%s` and build again", b.Name, b.Name, b.File())
	}
	m, err := checkpoint.DecodeModel(file)
	if err != nil {
		return nil, fmt.Errorf("base %s: %w", b.Name, err)
	}
	return m.Params, nil
}
