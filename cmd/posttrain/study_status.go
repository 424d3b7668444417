package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
)

type studyStatusCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The folder of a study."`
	JSON bool   `name:"json" help:"Print JSON."`
	remote
}

// studyState is how far a study is, as JSON.
type studyState struct {
	Study    string  `json:"study"`
	Plan     string  `json:"plan"` // digest of all cells
	Cells    int     `json:"cells"`
	Done     int     `json:"done"`
	InWork   int     `json:"in_work,omitempty"` // of studies on a server
	Failed   int     `json:"failed,omitempty"`
	Seconds  float64 `json:"seconds,omitempty"` // that the done cells took, all machines together
	Machines int     `json:"machines,omitempty"`
	Running  string  `json:"running,omitempty"` // which process runs it, in words
	Newest   string  `json:"newest,omitempty"`  // when the newest result came
}

func (c *studyStatusCommand) Run(env *environment) error {
	if (c.Dir == "") == (c.NATS == "") {
		return usage(errors.New("want either the folder of the study or --nats URL"))
	}
	var states []studyState
	if c.Dir != "" {
		one, err := folderState(env, c.Dir)
		if err != nil {
			return err
		}
		states = append(states, one)
	} else {
		nc, err := c.dial()
		if err != nil {
			return err
		}
		defer nc.Close()
		all, err := queue.List(env, nc)
		if err != nil {
			return err
		}
		for _, s := range all {
			states = append(states, studyState{Study: s.Name, Plan: s.Hash, Cells: s.Cells,
				Done: s.Done(), InWork: s.InWork, Failed: s.Failed})
		}
	}
	if c.JSON {
		return env.out.json(append([]studyState{}, states...))
	}
	if len(states) == 0 {
		fmt.Fprintf(env.out, "No study is on %s.\n", c.NATS)
	}
	for _, s := range states {
		s.print(env)
	}
	return nil
}

// folderState reads how far the study in a folder is.
func folderState(env *environment, dir string) (studyState, error) {
	source, err := studyIn(env, dir)
	if err != nil {
		return studyState{}, err
	}
	plan := source.plan()
	s := studyState{Study: plan.Name, Plan: plan.Hash(), Cells: len(plan.Cells)}
	if err := cells.CheckFolder(dir, plan); err != nil {
		return s, asStudyError(err)
	}
	results, err := cells.ReadFile(filepath.Join(dir, cells.ResultsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, cells.ErrCut) {
		return s, err
	}
	s.Done = len(results)
	work, err := cells.ReadWork(filepath.Join(dir, cells.WorkFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, cells.ErrCut) {
		return s, err
	}
	machines, newest := map[string]bool{}, time.Time{}
	for _, w := range work {
		s.Seconds += w.Seconds
		machines[w.Machine] = true
		if w.Finished.After(newest) {
			newest = w.Finished
		}
	}
	if s.Machines = len(machines); s.Machines > 0 {
		s.Newest = newest.Format(time.RFC3339)
	}
	if who, running := study.Claimed(dir); running {
		s.Running = "a process" + who
	}
	return s, nil
}

// print prints the state in words.
func (s studyState) print(env *environment) {
	fmt.Fprintf(env.out, "%s: %d of %s are done", s.Study, s.Done,
		inCells(s.Cells))
	if s.InWork > 0 {
		fmt.Fprintf(env.out, ", %d are in work", s.InWork)
	}
	if s.Failed > 0 {
		fmt.Fprintf(env.out, ", %d cannot be computed", s.Failed)
	}
	fmt.Fprintln(env.out)
	if s.Machines > 0 {
		each := s.Seconds / float64(max(1, s.Done))
		fmt.Fprintf(env.out, "%.1f s a cell on average, machines: %d, the newest result is of %s\n",
			each, s.Machines, s.Newest)
		if left := s.Cells - s.Done; left > 0 {
			fmt.Fprintf(env.out, "the rest takes about %s of one worker\n",
				inTime(each*float64(left)))
		}
	}
	if s.Running != "" {
		fmt.Fprintf(env.out, "%s runs it\n", s.Running)
	}
}
