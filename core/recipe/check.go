package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// check returns an error if an entry is not well formed or does not fit the others. The order of
// the checks matters, since each relies on those before it.
func (c *Catalogue) check() error {
	e := c.entries
	for _, check := range []func() error{
		c.checkNames,
		func() error { return each(e.Tasks, task.Task.Check) },
		func() error { return each(e.Methods, checkMethod) },
		func() error { return each(e.Bases, Base.Check) },
		func() error { return each(e.Tasks, c.checkBases) },
		func() error { return each(e.Tasks, c.checkKnobs) },
		func() error { return each(e.Exhibits, c.checkExhibit) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// checkNames returns an error if two entries of a kind have the same name.
func (c *Catalogue) checkNames() error {
	e := c.entries
	for _, kind := range []struct {
		name  string
		names []string
	}{
		{"task", append(names(e.Tasks, taskName), densities.Name)},
		{"method", names(e.Methods, methodName)},
		{"base", names(e.Bases, Base.name)},
		{"exhibit", names(e.Exhibits, Exhibit.name)},
	} {
		for i, name := range kind.names {
			if slices.Contains(kind.names[:i], name) {
				return fmt.Errorf("%s %s is there twice", kind.name, name)
			}
		}
	}
	return nil
}

// each calls check with one entry after the other and returns the first error.
func each[T any](all []T, check func(T) error) error {
	for _, entry := range all {
		if err := check(entry); err != nil {
			return err
		}
	}
	return nil
}

func checkMethod(m method.Method) error {
	if !param.IsName(m.Name) {
		return badName("method", m.Name)
	}
	return m.Check()
}

// checkBases returns an error if the base or the teacher that a task names is not one of its bases,
// or if it names no base although it has some.
func (c *Catalogue) checkBases(t task.Task) error {
	for _, role := range []struct{ field, name string }{{"Base", t.Base}, {"Teacher", t.Teacher}} {
		if bases := c.basesOf(t); role.name != "" && !slices.Contains(bases, role.name) {
			return fmt.Errorf("task %s: its %s is %s: want one of its bases (%s)",
				t.Name, role.field, role.name, strings.Join(bases, ", "))
		}
	}
	if bases := c.basesOf(t); t.Base == "" && len(bases) > 0 {
		return fmt.Errorf("task %s: it has bases, and Base names none of them: want one of %s",
			t.Name, strings.Join(bases, ", "))
	}
	return nil
}

// checkKnobs returns an error if the name of a setting can mean two things in links on a task.
func (c *Catalogue) checkKnobs(t task.Task) error {
	n := network{c, t}
	keys := append([]string{"v", "lane", "data", "rows", "reward", "script", "task", "program"},
		pageKeys...)
	for _, k := range slices.Concat(c.Knobs(t), t.Sizes) {
		if slices.Contains(keys, k.Name) {
			return fmt.Errorf("task %s: the recipe's setting %s is another key of a link",
				t.Name, k.Name)
		}
		keys = append(keys, k.Name)
	}
	for _, m := range c.entries.Methods {
		knobs := n.stageKnobs(m, false)
		if err := param.Check(knobs); err != nil {
			return fmt.Errorf("method %s on task %s: %w", m.Name, t.Name, err)
		}
		for _, k := range knobs {
			if slices.Contains(keys, k.Name) {
				return fmt.Errorf("method %s on task %s: its setting %s is a key of a link",
					m.Name, t.Name, k.Name)
			}
		}
	}
	return nil
}

// checkExhibit returns an error if an exhibit cannot be run, or if a field of it names a lane or a
// metric that does not exist.
func (c *Catalogue) checkExhibit(e Exhibit) error {
	if !param.IsName(e.Name) {
		return badName("exhibit", e.Name)
	}
	r, err := c.recipeNamed(e.Name)
	if err != nil {
		return err
	}
	for _, problem := range []string{c.nameProblem(e), e.lanesProblem(r), e.metricsProblem(r)} {
		if problem != "" {
			return fmt.Errorf("exhibit %s: %s", e.Name, problem)
		}
	}
	_, err = c.Suggestions(e, 1)
	return err
}

// nameProblem returns what is wrong with an exhibit that has the name of a task, or "". A link with
// that name means the exhibit if the link has no lanes, and the task if it has some. The two must
// differ in nothing but their lanes, so the exhibit must be on that task and set only lanes.
func (c *Catalogue) nameProblem(e Exhibit) string {
	name, settings, _ := strings.Cut(e.Link, "?")
	isLane := func(s string) bool { return strings.HasPrefix(s, "lane=") }
	for setting := range strings.SplitSeq(settings, "&") {
		if _, err := c.Task(e.Name); err == nil && (name != e.Name || !isLane(setting)) {
			return "it has the name of a task, so its Link must be on that task and have only lanes"
		}
	}
	return ""
}

// lanesProblem returns what is wrong with the names of the lanes, or "".
func (e Exhibit) lanesProblem(r *Recipe) string {
	unique := slices.Compact(slices.Sorted(slices.Values(e.Lanes)))
	if e.Lanes != nil && len(unique) != len(r.Lanes) {
		return fmt.Sprintf("Lanes has %d different names, and Link has %d lanes",
			len(unique), len(r.Lanes))
	}
	return ""
}

// metricsProblem returns what is wrong with the metrics that decide the exhibit, or "".
func (e Exhibit) metricsProblem(r *Recipe) string {
	if _, ok := eval.Define(e.Decides); !ok {
		return param.Quote(e.Decides) + " in Decides is no metric"
	}
	labels := append(r.Labels(), OfBase)
	isLabel := func(name string) bool { return slices.Contains(labels, name) }
	for _, h := range e.Hypotheses {
		_, defined := eval.Define(h.Metric)
		switch {
		case !defined:
			return fmt.Sprintf("%s of a hypothesis is no metric", param.Quote(h.Metric))
		case !isLabel(h.Higher) || h.Lower != "" && !isLabel(h.Lower):
			return fmt.Sprintf("the hypothesis %s is not about two of %s",
				param.Quote(h.Says), strings.Join(labels, ", "))
		case h.Metric == "cost/seconds" || h.Ratio && h.Lower == "":
			return fmt.Sprintf("the hypothesis %s cannot be decided: "+
				"seconds differ between machines, and a ratio needs two lanes", param.Quote(h.Says))
		}
	}
	return ""
}
