package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// source is where a model comes from: a checkpoint file or a shipped base.
type source struct {
	Checkpoint string `arg:"" help:"A checkpoint file, as run --out and pretrain --out write it, or the name of a base."`
}

// readBase reads the model in the file of --base.
func readBase(env *environment, path string) (*checkpoint.Model, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("--base: %s: no such file%s", path, env.baseNotFile(path))
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("--base: %w", isFolder(path))
	}
	m, err := source{path}.read(env)
	if err != nil {
		return nil, fmt.Errorf("--base: %w", err)
	}
	return m, nil
}

// read reads the model. If there are a file and a base of this name, it reads the file. A folder
// does not hide a base, since it is no checkpoint.
func (s source) read(env *environment) (*checkpoint.Model, error) {
	m, err := checkpoint.ReadModel(env, s.Checkpoint)
	if interrupted := env.interrupted(s.Checkpoint +
		" was not read to its end"); interrupted != nil {
		return nil, interrupted
	}
	info, statErr := os.Stat(s.Checkpoint)
	if folder := statErr == nil && info.IsDir(); folder || errors.Is(err, fs.ErrNotExist) {
		return s.named(env, folder)
	}
	if err != nil {
		return nil, err
	}
	env.log.Debug("read", "file", s.Checkpoint, "task", m.Task, "weights", len(m.Params.Data))
	if m.Engine != train.Engine {
		fmt.Fprintf(env.err, "%s was computed by engine %d; this program is engine %d, so what "+
			"follows may differ from its run.\n", s.Checkpoint, m.Engine, train.Engine)
	}
	return m, nil
}

// named returns the base with the name of the checkpoint, which is no file. folder reports whether
// it is a folder.
func (s source) named(env *environment, folder bool) (*checkpoint.Model, error) {
	if b, err := env.catalogue.Base(s.Checkpoint); err == nil {
		params, err := env.catalogue.LoadBase(b.Name)
		env.log.Debug("read", "base", b.Name)
		return &checkpoint.Model{Engine: train.Engine, Task: b.Task.Name, Params: params}, err
	}
	if folder {
		return nil, isFolder(s.Checkpoint)
	}
	if _, err := env.catalogue.Exhibit(s.Checkpoint); err == nil {
		return nil, usage(fmt.Errorf("%s is an exhibit, not a model: want a checkpoint that "+
			"one of its lanes has left, as posttrain run %s --out DIR writes them where "+
			"there is a network", s.Checkpoint, s.Checkpoint))
	}
	return nil, fmt.Errorf("%s: no such file, and no base is called so", s.Checkpoint)
}

// readFor reads the model and returns it with a task: the one with this name, or
// the model's own if the name is "".
func (s source) readFor(env *environment, taskName string) (*checkpoint.Model, task.Task, error) {
	m, err := s.read(env)
	if err != nil {
		return nil, task.Task{}, err
	}
	if taskName == "" {
		taskName = m.Task
	}
	t, err := env.catalogue.Task(taskName)
	if err != nil {
		return nil, task.Task{}, usage(err)
	}
	if t.Name == m.Task { // at the sizes of the run or of the base
		if t, err = env.catalogue.TaskOf(m); err != nil {
			return nil, t, err
		}
	}
	if m.Params.Config.Vocab != t.Vocab() {
		return nil, task.Task{}, fmt.Errorf("%s has %d symbols, task %s has %d: use "+
			"it on task %s", s.Checkpoint, m.Params.Config.Vocab, t.Name, t.Vocab(), m.Task)
	}
	return m, t, nil
}

type digestCommand struct{ source }

func (c *digestCommand) Run(env *environment) error {
	m, err := c.read(env)
	if err != nil {
		return err
	}
	fmt.Fprintln(env.out, m.Params.Digest())
	return nil
}
