package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/train"
)

type studyRegisterCommand struct {
	studyArgument
	Again bool `help:"Register a study that was changed. What was registered before stays in the file."`
}

// Help returns the text below the summary of --help.
func (*studyRegisterCommand) Help() string {
	return `It writes FILE with the extension .lock: the hypotheses, and what decides them, with a hash.
Commit that file before the first run, so that the history shows which came first.

  posttrain study register mine.yaml`
}

func (c *studyRegisterCommand) Run(env *environment) error {
	s, err := c.read(env)
	if err != nil {
		return err
	}
	if s.file == "" {
		return usage(fmt.Errorf("%s is part of the program: want the file of a study, such as "+
			"studies/%s.yaml", s.Name, s.Name))
	}
	if len(s.Hypotheses) == 0 {
		return usage(fmt.Errorf("%s has no hypotheses: there is nothing to register", s.file))
	}
	lock := s.Lock()
	if n := len(s.entries); n > 0 && s.entries[n-1].Hash == lock.Hash {
		fmt.Fprintf(env.out, "%s has it already, registered on %s.\n", s.lockFile,
			s.entries[n-1].Registered)
		return nil
	} else if n > 0 && !c.Again {
		return fmt.Errorf("%s was registered on %s and was changed since: add --again to register "+
			"it as it is now (both stay in %s)", s.file, s.entries[n-1].Registered, s.lockFile)
	}
	now := time.UnixMicro(int64(env.wall() * 1e6)).UTC()
	text, err := design.FormatLock(append(s.entries, design.Entry{Hash: lock.Hash,
		Registered: now.Format(time.DateOnly), Engine: train.Engine, Program: version,
		Text: lock.Text}))
	if err != nil {
		return err
	}
	if err := checkpoint.WriteFile(s.lockFile, text); err != nil {
		return err
	}
	fmt.Fprintf(env.out, "Registered %d hypotheses of %s in %s (hash %.12s). Commit both files "+
		"before the first run.\n", len(s.Hypotheses), s.file, s.lockFile, lock.Hash)
	return nil
}

// standing returns what of the study was registered before its results first appeared in a file,
// and a sentence if the history cannot show it. results is "" if there are none yet.
func (s *studySource) standing(env *environment, results string) (design.Standing, string) {
	if len(s.entries) == 0 {
		return s.Standing(nil, nil), ""
	}
	when, err := lockHistory(env, s.lockFile, results)
	if errors.Is(err, errNoHistory) {
		return s.Standing(s.entries, nil), err.Error()
	} else if err != nil {
		return s.Standing(s.entries, nil), fmt.Sprintf("%v: %v", errNoHistory, err)
	}
	standing := s.Standing(s.entries, when)
	if standing.Study == design.Unproved {
		lock := s.lockFile
		if lock == "" {
			lock = "its lock file"
		}
		return standing, lock + " is not in the history of its repository yet: commit it " +
			"before the first run"
	}
	return standing, ""
}
