package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"posttrain/core/study"
)

// folders opens the folder of a seed's run; nil when nothing is kept.
type folders func(seed uint64) (*study.Folder, error)

// folders says where runs are kept. One run is kept in --out itself; with
// --seeds each has a folder of its own in it, so that what else is in there
// cannot be ours.
func (c *runCommand) folders() (folders, error) {
	switch {
	case c.Out == "" && c.Resume:
		return nil, usage(errors.New("--resume needs --out: which folder is the run in?"))
	case c.Out == "":
		return func(uint64) (*study.Folder, error) { return nil, nil }, nil
	}
	if info, err := os.Stat(c.Out); err == nil && !info.IsDir() {
		return nil, usage(fmt.Errorf("--out %s is a file: want the name of a folder", c.Out))
	}
	if c.Seeds == nil {
		return func(uint64) (*study.Folder, error) { return c.open(c.Out) }, nil
	}
	entries, err := os.ReadDir(c.Out)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(entries) > 0 && !c.Resume {
		return nil, usage(fmt.Errorf("%w %s is not empty: add --resume to go on with the runs in it, or name another", study.ErrFolder, c.Out))
	}
	for _, e := range entries {
		if named, _ := filepath.Match("seed-*", e.Name()); !named {
			return nil, usage(fmt.Errorf("%w %s holds %s, which no run with --seeds left there: name another folder", study.ErrFolder, c.Out, e.Name()))
		}
	}
	return func(seed uint64) (*study.Folder, error) {
		return c.open(filepath.Join(c.Out, fmt.Sprintf("seed-%d", seed)))
	}, nil
}

func (c *runCommand) open(path string) (*study.Folder, error) {
	folder, err := study.OpenFolder(path, c.Resume)
	if errors.Is(err, study.ErrFolder) {
		err = usage(err)
	}
	return folder, err
}
