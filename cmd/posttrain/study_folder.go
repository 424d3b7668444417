package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/studies"
)

// The files of a study's folder beside those of package cells.
const (
	studyFile   = "study.yaml"  // a copy of the study's file
	studyLock   = "study.lock"  // a copy of its lock file, if it has one
	queueFolder = "queue"       // what the embedded server keeps
	cellsFolder = "cells"       // large cells in work, so that they can go on
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

// studyAndResults is a study with the results that are at hand.
type studyAndResults struct {
	*studySource
	results []cells.Result // nil if there are none yet
	path    string         // of their file
}

// readStudy returns the study in a folder, or the one that a file of results is named after, and
// the results that are there.
func readStudy(env *environment, path string) (*studyAndResults, error) {
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return readResults(env, path)
	}
	source, err := studyIn(env, path)
	if err != nil {
		return nil, err
	}
	if err := cells.CheckFolder(path, source.plan()); err != nil {
		return nil, asStudyError(err)
	}
	file := filepath.Join(path, cells.ResultsFile)
	results, err := cells.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, cells.ErrCut) {
		return nil, err
	}
	return &studyAndResults{source, results, file}, nil
}

// readResults is readStudy for a file of results.
func readResults(env *environment, path string) (*studyAndResults, error) {
	name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), ".gz"), ".jsonl")
	if !slices.Contains(studies.Names(), name) {
		return nil, usage(fmt.Errorf("%s is neither the folder of a study nor a file of results "+
			"that is named after a study of the program, such as %s.jsonl.gz", path,
			studies.Names()[0]))
	}
	source, err := studyArgument{Study: name}.read(env)
	if err != nil {
		return nil, err
	}
	results, err := cells.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &studyAndResults{source, results, path}, nil
}

// asStudyError returns the error of a study's folder, as a usage error if no waiting makes it
// right.
func asStudyError(err error) error {
	if errors.Is(err, cells.ErrFolder) {
		return usage(err)
	}
	return err
}
