package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study"
)

// newFile is a file of a folder that a command writes.
type newFile struct {
	name    string
	content func(w io.Writer) error // writes the content
}

// checkNewFolder returns an error unless a folder can be written to path: there is nothing, or an
// empty folder. It is called before the work.
func checkNewFolder(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if end, linkErr := os.Readlink(path); linkErr == nil {
			return fmt.Errorf("%s is a link to %s, which does not exist", path, end)
		}
		return nil
	} else if err != nil {
		return notWritten(path, err)
	}
	if !info.IsDir() {
		what := "file"
		if !info.Mode().IsRegular() {
			what = checkpoint.FileKind(info.Mode())
		}
		return fmt.Errorf("%s is a %s: want the name of a new or empty folder", path, what)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !study.MadeByDesktop(e.Name()) {
			return fmt.Errorf("%s is not empty, it holds %s: name a new or empty folder", path,
				e.Name())
		}
	}
	return nil
}

// writeFolder writes files into a new or empty folder. Either all of them are there afterwards or
// none: a new folder is written under another name beside its place first, and from an empty one
// the files are taken out again. Missing parents are made.
func writeFolder(env *environment, path string, files []newFile) (err error) {
	if err := checkNewFolder(path); err != nil {
		return err
	}
	path = filepath.Clean(path)
	into, made := path, false
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return notWritten(path, err)
		}
		into, err = os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
		if err != nil {
			return notWritten(path, err)
		}
		made = true
	}
	defer func() {
		if err != nil && made {
			_ = os.RemoveAll(into)
		}
	}()
	for i, f := range files {
		err = env.interrupted("nothing was written")
		if err == nil {
			err = checkpoint.Write(filepath.Join(into, f.name), f.content)
		}
		if err != nil {
			for _, written := range files[:i] {
				_ = os.Remove(filepath.Join(into, written.name))
			}
			return errors.New(strings.ReplaceAll(err.Error(), into, path))
		}
	}
	if !made {
		return nil
	}
	const everybodyReads = 0o755 // as MkdirAll makes folders; a temporary one is its owner's
	if err := os.Chmod(into, everybodyReads); err != nil {
		return notWritten(path, err)
	}
	return notWritten(path, os.Rename(into, path))
}

// notWritten returns the error of a folder that could not be written, with its path in place of the
// temporary one. nil stays nil.
func notWritten(path string, err error) error {
	var at *fs.PathError
	var between *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &between):
		err = between.Err
	}
	return fmt.Errorf("cannot write %s: %w", path, err)
}
