package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/posttrain/posttrain/core/study"
)

// folders returns the folder for the run of a seed, with --bases on the base of a seed. nil means
// that nothing is kept.
type folders func(base, seed uint64) *study.Folder

// folders returns where runs are kept. A single run is kept in --out itself. With
// --seeds or --bases each run has a folder in it, and anything else in there is an error.
func (c *runCommand) folders() (folders, error) {
	switch {
	case c.Out == "" && c.Resume:
		return nil, usage(errors.New("--resume needs --out: which folder is the run in?"))
	case c.Out == "":
		return func(_, _ uint64) *study.Folder { return nil }, nil
	}
	if info, err := os.Stat(c.Out); err == nil && !info.IsDir() {
		return nil, usage(fmt.Errorf("--out %s is a file: want the name of a folder", c.Out))
	}
	if flag, one := runsIn(c.Out); flag != "" && c.Seeds == nil && c.Bases == nil {
		return nil, usage(fmt.Errorf("%w %s holds runs that were made with %s: add it as before, "+
			"or name one of them, such as %s", study.ErrFolder, c.Out, flag, one))
	}
	if c.Seeds == nil && c.Bases == nil {
		return func(_, _ uint64) *study.Folder { return study.NewFolder(c.Out, c.Resume) }, nil
	}
	entries, err := os.ReadDir(c.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	entries = slices.DeleteFunc(entries,
		func(e fs.DirEntry) bool { return study.MadeByDesktop(e.Name()) })
	for _, e := range entries {
		pattern, flag := "seed-*", "--seeds"
		if c.Bases != nil {
			pattern, flag = "base-*", "--bases"
		}
		if named, _ := filepath.Match(pattern, e.Name()); !named {
			return nil, usage(fmt.Errorf("%w %s holds %s, which no run with %s left there: "+
				"name another folder", study.ErrFolder, c.Out, e.Name(), flag))
		}
	}
	if len(entries) > 0 && !c.Resume {
		return nil, usage(fmt.Errorf("%w %s is not empty: add --resume to go on with the runs in "+
			"it, or name another", study.ErrFolder, c.Out))
	}
	return func(base, seed uint64) *study.Folder {
		if c.Bases != nil {
			return study.NewFolder(folderOf(c.Out, base, seed), c.Resume)
		}
		return study.NewFolder(filepath.Join(c.Out, fmt.Sprintf("seed-%d", seed)), c.Resume)
	}, nil
}

// outcome returns the error of a run, with what is kept of the run and how to go
// on with it.
func (c *runCommand) outcome(env *environment, err error) error {
	switch {
	case errors.Is(err, study.ErrSave):
		return fmt.Errorf("%w; what %s held of the run before is still there, and the same "+
			"command with --resume goes on from it", err, c.Out)
	case errors.Is(err, study.ErrFolder):
		return usage(err)
	case err == nil || !errors.Is(err, env.Err()):
		return err
	case c.Out == "":
		return env.interrupted("nothing was kept, because there was no --out")
	}
	return env.interrupted("the run is kept in " + c.Out + ", and the same command with --resume " +
		"goes on with it")
}
