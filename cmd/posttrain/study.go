package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/design"
)

// studyCommand is the group of commands about studies, see docs/studies.md.
type studyCommand struct {
	Run    studyRunCommand    `cmd:"" help:"Compute the cells of a study, and go on after an interruption."`
	Worker studyWorkerCommand `cmd:"" help:"Compute cells of a study that is run elsewhere."`
	Status studyStatusCommand `cmd:"" help:"Say how far a study is."`
	Watch  studyWatchCommand  `cmd:"" help:"Show in a browser how far a study is, with the newest learning curves."`
	Slurm  studySlurmCommand  `cmd:"" help:"Write jobs for Slurm that compute a study."`
	K8s    studyK8sCommand    `cmd:"" name:"k8s" help:"Write a job for Kubernetes that computes a study."`
}

// studyArgument names a study.
type studyArgument struct {
	Study string `arg:"" help:"The file of a study, or the name of one that is part of the program."`
	Yes   bool   `help:"Accept more than 100,000 cells."`
}

// studySource is a study with where it comes from.
type studySource struct {
	*design.Study
	text, lock []byte // of its files; lock is nil if there is none
}

// read returns the study that the argument names.
func (a studyArgument) read(env *environment) (*studySource, error) {
	s := &studySource{}
	const most = 16 << 20
	var err error
	if s.text, err = checkpoint.ReadFile(env, a.Study, most); err != nil {
		return nil, usage(err)
	}
	s.lock, err = checkpoint.ReadFile(env, lockFileOf(a.Study), most)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if s.Study, err = design.Parse(env.catalogue, s.text, design.Options{Large: a.Yes}); err != nil {
		return nil, usage(fmt.Errorf("%s: %w", a.Study, err))
	}
	return s, nil
}

// lockFileOf returns the path of the lock file of a study's file.
func lockFileOf(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".lock"
}
