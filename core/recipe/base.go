package recipe

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// Base is a model that lanes start from, described by how it is pretrained.
type Base struct {
	Name  string // in lower_snake, often beginning with the name of the task
	Title string
	Doc   string

	Task     task.Task    // the task that it is pretrained on
	Shape    model.Config // its size; Vocab is ignored, since the task determines it
	Steps    int          // number of updates in its pretraining
	Settings []string     // of other knobs in [train.PretrainingKnobs], such as "mistakes=0"

	// Computed means that the base is pretrained each time it is loaded, instead of being read from
	// a file. That should take a few seconds at most.
	Computed bool

	// Checkpoint is the content of the base's file, as [checkpoint.EncodeBase] returns it. It is
	// nil for a base that is computed and for one that is shipped with the program.
	Checkpoint []byte

	values *param.Values // of a base that [Base.With] made; nil otherwise
}

// Config returns the shape of the model, with the size of its task's vocabulary.
func (b Base) Config() model.Config {
	c := b.Shape
	c.Vocab = b.Task.Vocab()
	return c
}

// Pretraining returns the pretraining of the base, whose knobs have the base's settings as their
// defaults. It panics if [Base.Check] returns an error.
func (b Base) Pretraining() train.Pretraining {
	p, err := b.pretraining()
	if err != nil {
		panic(err)
	}
	return p
}

func (b Base) pretraining() (train.Pretraining, error) {
	v := param.Defaults(train.PretrainingKnobs(b.Task))
	for _, setting := range append([]string{fmt.Sprintf("steps=%d", b.Steps)}, b.Settings...) {
		name, text, _ := strings.Cut(setting, "=")
		if err := v.Set(name, text); err != nil {
			return train.Pretraining{}, fmt.Errorf("base %s: %w", b.Name, err)
		}
	}
	return train.Pretraining{Task: b.Task, Config: b.Config(), Values: v.AsDefaults()}, nil
}

// Check returns an error if the name, the task, the shape or a setting of the base cannot be used.
func (b Base) Check() error {
	if !param.IsName(b.Name) {
		return badName("base", b.Name)
	}
	if err := b.Task.Check(); err != nil {
		return fmt.Errorf("base %s: %w", b.Name, err)
	}
	if err := b.checkShape(); err != nil {
		return err
	}
	_, err := b.pretraining()
	return err
}

// File returns the path of a shipped base's checkpoint, relative to the folder of this package.
func (b Base) File() string { return "bases/" + b.Name + ".msgp" }

// LoadBase returns the model of the base with this name, either by pretraining it or from its
// checkpoint.
func (c *Catalogue) LoadBase(name string) (*model.Params, error) {
	b, err := c.Base(name)
	if err != nil {
		return nil, err
	}
	if b.Computed {
		return b.Pretraining().Run(1, func(int, float64) error { return nil })
	}
	file := b.Checkpoint
	if file == nil {
		if file, err = c.readShippedBase(name); err != nil {
			return nil, fmt.Errorf("base %s is not part of this build: make it with "+
				"`posttrain pretrain %s --out core/recipe/%s` and "+
				"build again", b.Name, b.Name, b.File())
		}
	}
	m, err := checkpoint.DecodeModel(file)
	if err != nil {
		return nil, fmt.Errorf("base %s: %w", b.Name, err)
	}
	return m.Params, nil
}

func (c *Catalogue) readShippedBase(name string) ([]byte, error) {
	if c.readBase == nil {
		return nil, fs.ErrNotExist
	}
	return c.readBase(name)
}

// badName returns the error for a name that no base, task, method or exhibit can have. The kind is
// one of these four words.
func badName(kind, name string) error {
	if name == "" {
		return errors.New("a " + kind + " has no Name")
	}
	return fmt.Errorf("%s cannot name a %s: "+
		"want lower-case letters, digits and _, with a letter first", param.Quote(name), kind)
}
