package report

import (
	"fmt"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
)

// names has what the things of a study are called.
type names struct {
	study   *design.Study
	recipes map[string]*recipe.Recipe // of experiments, without lanes
}

func newNames(c *recipe.Catalogue, s *design.Study) (names, error) {
	n := names{s, map[string]*recipe.Recipe{}}
	for _, e := range s.Experiments {
		r, err := c.ParseTask(e.Recipe)
		if err != nil {
			return n, fmt.Errorf("experiment %s: %w", e.Name, err)
		}
		n.recipes[e.Name] = r
	}
	return n, nil
}

func (n names) levels(experiment string) []task.Level { return n.recipes[experiment].Task.Levels }

// arm returns the title of an arm, with its experiment if there are several.
func (n names) arm(name design.ArmName) string {
	for _, e := range n.study.Experiments {
		for _, a := range e.Arms {
			switch {
			case e.Name != name.Experiment || a.Name != name.Arm:
			case len(n.study.Experiments) > 1:
				return a.Title + " (" + e.Name + ")"
			default:
				return a.Title
			}
		}
	}
	return name.String()
}

func (n names) side(s design.Side) string {
	switch {
	case s.Arm != nil:
		return n.arm(*s.Arm)
	case s.Base:
		return "the base"
	}
	return fmt.Sprint(s.Value)
}

// metric returns what a metric is called in an experiment, such as accuracy at rule A.
func (n names) metric(experiment, metric string) string {
	d, _ := eval.Define(metric)
	title := d.Title
	if level := verdict.LevelOf(metric, n.levels(experiment)); level != "" {
		title += " at " + level
	}
	return title
}

// point returns where a run is looked at.
func (n names) point(experiment string, p design.Point) string {
	switch p.Where {
	case design.Reach:
		return fmt.Sprintf("where %s reaches %s", n.metric(experiment, p.Metric),
			plain(p.Metric, p.Value))
	case design.Spend:
		return fmt.Sprintf("where %s has grown to %s", n.metric(experiment, p.Metric),
			number(p.Metric, p.Value))
	}
	return "at the end of the run"
}

// plain writes a number as the file of the study has it, unless it is an amount of arithmetic.
func plain(metric string, v float64) string {
	if metric == flops {
		return number(metric, v)
	}
	return minus.Replace(fmt.Sprint(v))
}

// experimentOf returns the experiment of a hypothesis, whose task decides what levels are called.
func experimentOf(h design.Hypothesis) string { return h.Arms()[0].Experiment }
