package recipe

import (
	"fmt"
	"slices"

	"posttrain/core/checkpoint"
	"posttrain/core/model"
	"posttrain/core/param"
	"posttrain/core/task"
	"posttrain/core/train"
)

// Base is a model that lanes start from, and how it came to be.
type Base struct {
	Name        string
	Title       string
	Doc         string
	Pretraining train.Pretraining
}

// pretraining is how the bases of a task are made: they differ in size and in how long they learn.
func pretraining(name string, c model.Config, steps int) train.Pretraining {
	t, err := task.Lookup(name)
	if err != nil {
		panic(err)
	}
	c.Vocab = t.Vocab()
	return train.Pretraining{Task: t, Config: c, Seed: 1, Steps: steps, Batch: 96, LR: 2e-3, Warmup: 50, Decay: 0.1}
}

// careful is the same pretraining without mistakes.
func careful(p train.Pretraining) train.Pretraining {
	p.Careful = true
	return p
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

// LookupBase finds a base; the error names the nearest one.
func LookupBase(name string) (Base, error) {
	for _, b := range bases {
		if b.Name == name {
			return b, nil
		}
	}
	return Base{}, param.Unknown("base", name, baseNames())
}

// File is where a base's checkpoint is kept, below this folder.
func (b Base) File() string { return "bases/" + b.Name + ".msgp" }

// Load reads the shipped checkpoint.
func (b Base) Load() (*model.Params, error) {
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
