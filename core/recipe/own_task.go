package recipe

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/task"
)

// LinkedTask is the file's name of a task that a link has brought.
const LinkedTask = "task.star"

// ownTask is the task of the user's own that a catalogue has.
type ownTask struct {
	name, digest string
	text, packed string // the program, and the same in a link, "" if it is too long for one
}

// WithTask returns a catalogue with the entries of c and a task of the user's own, read from the
// text of a file, with a base that learns from its examples. It returns an error if c has another
// such task already.
func (c *Catalogue) WithTask(file, text string) (*Catalogue, error) {
	if c.scripts == nil {
		return nil, errNoScripts
	}
	t, err := c.scripts.Task(file, text)
	if err != nil {
		return nil, err
	}
	if c.own != nil && c.own.digest != t.Program {
		return nil, fmt.Errorf("there are two tasks of one's own, %s (%s) and %s (%s): want one",
			c.own.name, c.own.digest, t.Name, t.Program)
	} else if c.own != nil {
		return c, nil
	}
	if c.hasName(t.Name) {
		return nil, fmt.Errorf("%s: the name %s is taken by an exhibit or a task of the program: "+
			"want another one", file, t.Name)
	}
	base, err := baseOf(t)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	all := *c
	all.entries.Tasks = append(slices.Clone(c.entries.Tasks), t)
	all.entries.Bases = append(slices.Clone(c.entries.Bases), base)
	all.own = &ownTask{t.Name, t.Program, text, c.scripts.Pack(text)}
	if err := all.checkKnobs(t); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &all, nil
}

// baseOf returns the base of a task of the user's own. It is computed before it is used.
func baseOf(t task.Task) (b Base, err error) {
	defer task.Catch(&err)
	b = Base{Name: t.Name, Title: "A beginner who makes mistakes",
		Doc: "Two layers of 64 channels. Pretrained for 800 updates on examples of all levels " +
			"of the task, some of them with a mistake. It is computed before the first run.",
		Task:  t,
		Shape: model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: t.Context()},
		Steps: 800,
	}
	return b, b.Check()
}

// withProgram returns the catalogue for a link, with the task that the link brings.
func (c *Catalogue) withProgram(a address) (_ *Catalogue, err error) {
	value := func(key string) string {
		i := slices.IndexFunc(a.pairs, func(p pair) bool { return p.key == key })
		if i < 0 {
			return ""
		}
		return a.pairs[i].value
	}
	packed, digest := value("program"), value("task")
	if packed == "" && digest == "" {
		return c, nil
	}
	if c.scripts == nil {
		return nil, errNoScripts
	}
	if packed != "" {
		text, err := c.scripts.Unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("program: %w", err)
		}
		if c, err = c.WithTask(LinkedTask, text); err != nil {
			return nil, err
		}
	}
	if digest == "" {
		return c, nil
	}
	if err := checkDigest("task", "a task of one's own", digest); err != nil {
		return nil, err
	}
	switch {
	case c.own == nil:
		return nil, fmt.Errorf("the recipe is about the task %s of somebody's own (%s), which is "+
			"not here: bring the file with its program, as in --task FILE.star", a.name, digest)
	case c.own.digest != digest:
		return nil, fmt.Errorf("the recipe is about the task %s, and the program of task %s is "+
			"%s: want the same text", digest, c.own.name, c.own.digest)
	}
	return c, nil
}

// ProgramDescription is the program of a task of the user's own.
type ProgramDescription struct {
	Digest string `json:"digest"`
	Text   string `json:"text"`
	Script string `json:"script"` // the same in links, "" if it is too long for one
}

// program returns the program of the recipe's task; nil if it is a task of the program.
func (r *Recipe) program() *ProgramDescription {
	if r.Task.Program == "" {
		return nil
	}
	own := r.catalogue.own
	return &ProgramDescription{own.digest, own.text, own.packed}
}
