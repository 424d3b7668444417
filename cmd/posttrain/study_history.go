package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/study/design"
)

// errNoHistory is the error for a lock file whose history is not known.
var errNoHistory = errors.New("no history at hand")

// lockHistory returns when each entry of a lock file was committed, compared with the first commit
// of the results. It asks git. results is "" if there are none yet, and lock is "" for a study of
// the program, whose lock is looked for in the repository of its results. An entry counts from the
// first commit that has it in any lock file, since the folder of a study has a copy.
func lockHistory(ctx context.Context, lock, results string) (func(hash string) design.Timing,
	error) {
	g := repository{ctx, filepath.Dir(lock)}
	switch {
	case lock == "" && results == "":
		return nil, fmt.Errorf("%w: the study is part of the program", errNoHistory)
	case lock == "":
		lock = results
		g.folder = filepath.Dir(results)
	}
	switch shallow, err := g.git("rev-parse", "--is-shallow-repository"); {
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("%w: git is not installed", errNoHistory)
	case err != nil:
		return nil, fmt.Errorf("%w: %s is in no git repository", errNoHistory, lock)
	case shallow == "true":
		return nil, fmt.Errorf("%w: the repository is a shallow clone", errNoHistory)
	}
	added := ""
	if results != "" {
		path, err := filepath.Abs(results)
		if err != nil {
			return nil, err
		}
		if added, err = g.first("--diff-filter=A", "--", path); err != nil {
			return nil, fmt.Errorf("%w: %s is not in the repository of %s", errNoHistory, results,
				lock)
		}
		if added == "" {
			return nil, fmt.Errorf("%w: %s is not committed, so nothing shows that the lock came "+
				"first", errNoHistory, results)
		}
	}
	return func(hash string) design.Timing {
		registered, err := g.first("-S"+hash, "--", ":(top)*.lock")
		switch {
		case err != nil || registered == "": // not committed yet
			if added != "" {
				return design.After
			}
			return design.NoHistory
		case added == "":
			return design.Before
		case registered == added:
			return design.After
		}
		if _, err := g.git("merge-base", "--is-ancestor", registered, added); err != nil {
			return design.After
		}
		return design.Before
	}, nil
}

// repository is a git repository, named by a folder in it.
type repository struct {
	context.Context
	folder string
}

// git returns what a git command prints.
func (g repository) git(args ...string) (string, error) {
	command := exec.CommandContext(g, "git", append([]string{"--no-pager", "-C", g.folder},
		args...)...)
	out, err := command.Output()
	return strings.TrimSpace(string(out)), err
}

// first returns the first commit that a git log with these arguments lists, or "".
func (g repository) first(args ...string) (string, error) {
	out, err := g.git(append([]string{"log", "--reverse", "--format=%H"}, args...)...)
	commit, _, _ := strings.Cut(out, "\n")
	return commit, err
}
