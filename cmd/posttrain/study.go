package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/studies"
)

// studyCommand is the group of commands about studies, see docs/studies.md.
type studyCommand struct {
	List     studyListCommand     `cmd:"" help:"List the studies that are part of the program."`
	Plan     studyPlanCommand     `cmd:"" help:"Say what a study computes, how long that takes, and what it claims."`
	Register studyRegisterCommand `cmd:"" help:"Write down what a study claims, before there are results."`
	Run      studyRunCommand      `cmd:"" help:"Compute the cells of a study, and go on after an interruption."`
	Worker   studyWorkerCommand   `cmd:"" help:"Compute cells of a study that is run elsewhere."`
	Status   studyStatusCommand   `cmd:"" help:"Say how far a study is."`
	Watch    studyWatchCommand    `cmd:"" help:"Show in a browser how far a study is, with the newest learning curves."`
	Report   studyReportCommand   `cmd:"" help:"Judge the hypotheses of a study, and write a report."`
	Export   studyExportCommand   `cmd:"" help:"Write all numbers of a study as a table."`
	Slurm    studySlurmCommand    `cmd:"" help:"Write jobs for Slurm that compute a study."`
	K8s      studyK8sCommand      `cmd:"" name:"k8s" help:"Write a job for Kubernetes that computes a study."`
}

// studyArgument names a study.
type studyArgument struct {
	Study string `arg:"" help:"The file of a study, or the name of one that is part of the program."`
	Yes   bool   `help:"Accept more than 100,000 cells."`
}

// studySource is a study with where it comes from.
type studySource struct {
	*design.Study
	file     string         // "" if it is part of the program
	entries  []design.Entry // of its lock file; nil if it has none
	lockFile string         // "" if it is part of the program

	text, lock []byte // of both files; lock is nil if there is none
}

// read returns the study that the argument names.
func (a studyArgument) read(env *environment) (*studySource, error) {
	s := &studySource{}
	var err error
	if isStudyFile(a.Study) {
		s.file, s.lockFile = a.Study, lockFileOf(a.Study)
		s.text, s.lock, err = readStudyFiles(env, s.file, s.lockFile)
	} else if s.text, s.lock, err = studies.Read(a.Study); err != nil {
		err = usage(fmt.Errorf("%w; or the name of a file, which ends in .yaml", err))
	}
	if err != nil {
		return nil, err
	}
	s.Study, err = design.Parse(env.catalogue, s.text, design.Options{Large: a.Yes})
	if err != nil {
		return nil, usage(fmt.Errorf("%s: %w", a.Study, err))
	}
	if s.lock != nil {
		if s.entries, err = design.ParseLock(s.lock); err != nil {
			return nil, fmt.Errorf("%s: %w", lockFileOf(a.Study), err)
		}
	}
	return s, nil
}

// isStudyFile reports whether an argument names a file rather than a study of the program.
func isStudyFile(argument string) bool {
	if slices.Contains(studies.Names(), argument) {
		return false
	}
	_, err := os.Stat(argument)
	return err == nil || strings.ContainsAny(argument, `/\.`)
}

// lockFileOf returns the path of the lock file of a study's file.
func lockFileOf(file string) string {
	return strings.TrimSuffix(file, filepath.Ext(file)) + ".lock"
}

// readStudyFiles reads the file of a study and its lock file, if there is one.
func readStudyFiles(env *environment, file, lockFile string) (text, lock []byte, err error) {
	const most = 16 << 20
	if text, err = checkpoint.ReadFile(env, file, most); err != nil {
		return nil, nil, usage(err)
	}
	if lockFile == file {
		return nil, nil, usage(fmt.Errorf("%s is a lock file: want the study beside it, which "+
			"ends in .yaml", file))
	}
	lock, err = checkpoint.ReadFile(env, lockFile, most)
	if errors.Is(err, fs.ErrNotExist) {
		return text, nil, nil
	}
	return text, lock, err
}
