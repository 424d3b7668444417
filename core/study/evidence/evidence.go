// Package evidence takes from the results of a study what package guide answers from.
//
// Of makes a guide.Study, which is a small part of the results: of every run the costs that can be
// limited and the metrics by which needs are judged, and not the rest. A study that has no results
// yet gives one without runs, which says what it would measure.
package evidence

import (
	"fmt"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Unfinished is the error for results that are not those of all cells.
type Unfinished struct {
	Missing, Cells int
}

// Error says how much is missing.
func (u Unfinished) Error() string {
	return fmt.Sprintf("%d of %d cells have no result yet, so nothing of it is used", u.Missing,
		u.Cells)
}

// Of returns what the guide needs of a study. c is the catalogue that the study was parsed with,
// and digest the sha256 of the file of results. No results are those of a study that was not run.
// Experiments without a network are left out, since nothing there can be needed.
//
// The error is an Unfinished if only some cells have a result. It is another one if a result is not
// one of the study or is there twice.
func Of(c *recipe.Catalogue, s *design.Study, results []cells.Result, digest string) (guide.Study,
	error) {
	all := s.Cells()
	of := guide.Study{Name: s.Name, Title: s.Title, Question: s.Question, Cells: len(all)}
	if e, err := c.Exhibit(s.Name); err == nil {
		of.Failure = e.Museum
	}
	found, err := cells.ByCell(s, results)
	if err != nil {
		return of, err
	}
	if n := len(all) - len(results); n > 0 && len(results) > 0 {
		return of, Unfinished{n, len(all)}
	}
	if len(results) > 0 {
		of.Results = digest
	}
	for _, e := range s.Experiments {
		r, err := c.ParseTask(e.Recipe)
		if err != nil {
			return of, fmt.Errorf("experiment %s: %w", e.Name, err)
		}
		if !r.Task.HasPrompts() {
			continue
		}
		one := guide.Experiment{Name: e.Name, Task: r.Task.Name, TaskTitle: r.Task.Title,
			Recipe: e.Recipe, Columns: columns(r), Tune: part(e.Bases.Tune, e.Seeds.Tune),
			Judge: part(e.Bases.Judge, e.Seeds.Judge)}
		for _, a := range e.Arms {
			arm, err := armOf(r, a)
			if err != nil {
				return of, fmt.Errorf("arm %s of experiment %s: %w", a.Name, e.Name, err)
			}
			one.Arms = append(one.Arms, arm)
		}
		of.Experiments = append(of.Experiments, one)
	}
	if len(results) == 0 {
		return of, nil
	}
	return of, addRuns(&of, all, found)
}

func part(bases, seeds []uint64) guide.Part { return guide.Part{Bases: bases, Seeds: seeds} }

// addRuns adds the runs of all cells, which are in the order of the plan: in each part, base by
// base and of each base seed by seed.
func addRuns(of *guide.Study, all []design.Cell, found map[design.Cell]*cells.Result) error {
	type place struct{ experiment, arm, config string }
	configs := map[place]*guide.Config{}
	columnsOf := map[string][]guide.Column{}
	for i := range of.Experiments {
		e := &of.Experiments[i]
		columnsOf[e.Name] = e.Columns
		for j := range e.Arms {
			for k := range e.Arms[j].Configs {
				c := &e.Arms[j].Configs[k]
				configs[place{e.Name, e.Arms[j].Name, c.Lane}] = c
			}
		}
	}
	for _, cell := range all {
		c := configs[place{cell.Experiment, cell.Arm, cell.Config}]
		if c == nil { // of an experiment without a network
			continue
		}
		r, err := runOf(found[cell], columnsOf[cell.Experiment])
		if err != nil {
			return err
		}
		if cell.Part == design.Judge {
			r.Link = cell.Link
			c.Judge = append(c.Judge, r)
		} else {
			c.Tune = append(c.Tune, r)
		}
	}
	return nil
}
