package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/cells"
)

// The files of a study's folder beside those of package cells.
const (
	studyFile   = "study.yaml"  // a copy of the study's file
	studyLock   = "study.lock"  // a copy of its lock file, if it has one
	queueFolder = "queue"       // what the embedded server keeps
	serverFile  = "server.json" // how the embedded server is reached, while it listens
)

// plan returns the cells of a study.
func (s *studySource) plan() cells.Plan { return cells.Plan{Name: s.Name, Cells: s.Cells()} }

// copyTo writes the study's files into a folder, so that it says by itself what was computed.
func (s *studySource) copyTo(dir string) error {
	for _, f := range []struct {
		name string
		text []byte
	}{{studyFile, s.text}, {studyLock, s.lock}} {
		path := filepath.Join(dir, f.name)
		there, err := os.ReadFile(path)
		if f.text == nil || err == nil && bytes.Equal(there, f.text) {
			continue
		}
		if err := checkpoint.WriteFile(path, f.text); err != nil {
			return err
		}
	}
	return nil
}

// studyIn returns the study whose results a folder holds.
func studyIn(env *environment, dir string) (*studySource, error) {
	path := filepath.Join(dir, studyFile)
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("%s is not the folder of a study, because it has no %s: want "+
			"the --out of posttrain study run", dir, studyFile))
	}
	return studyArgument{Study: path, Yes: true}.read(env)
}

// asStudyError returns the error of a study's folder, as a usage error if no waiting makes it
// right.
func asStudyError(err error) error {
	if errors.Is(err, cells.ErrFolder) {
		return usage(err)
	}
	return err
}
