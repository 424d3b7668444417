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

// check returns the first error of the entries, by themselves and as they go together. Each check
// relies on those before it.
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

// checkNames checks that no name occurs twice.
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

// each returns the first error of check.
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

// checkBases checks that the base and the teacher that a task names are bases of it.
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

// checkKnobs checks that a name of a setting means one thing in every link on a task.
func (c *Catalogue) checkKnobs(t task.Task) error {
	n := network{c, t}
	wide := append([]string{"v", "lane", "data", "rows"}, pageKeys...)
	for _, k := range slices.Concat(c.Knobs(t), t.Sizes) {
		if slices.Contains(wide, k.Name) {
			return fmt.Errorf("task %s: the recipe's setting %s is another key of a link",
				t.Name, k.Name)
		}
		wide = append(wide, k.Name)
	}
	for _, m := range c.entries.Methods {
		knobs := n.stageKnobs(m, false)
		if err := param.Check(knobs); err != nil {
			return fmt.Errorf("method %s on task %s: %w", m.Name, t.Name, err)
		}
		for _, k := range knobs {
			if slices.Contains(wide, k.Name) {
				return fmt.Errorf("method %s on task %s: its setting %s is a key of a link",
					m.Name, t.Name, k.Name)
			}
		}
	}
	return nil
}

// checkExhibit checks that an exhibit can be run and measured as it says.
func (c *Catalogue) checkExhibit(e Exhibit) error {
	if !param.IsName(e.Name) {
		return badName("exhibit", e.Name)
	}
	r, err := c.named(e.Name)
	if err != nil {
		return err
	}
	for _, complaint := range []string{c.nameClash(e), e.laneNames(r), e.measured(r)} {
		if complaint != "" {
			return fmt.Errorf("exhibit %s: %s", e.Name, complaint)
		}
	}
	_, err = c.Suggestions(e, 1)
	return err
}

// nameClash returns why an exhibit cannot have the name of a task. A link with this name means the
// exhibit if it has no lanes, and the task if it has.
func (c *Catalogue) nameClash(e Exhibit) string {
	name, settings, _ := strings.Cut(e.Link, "?")
	isLane := func(s string) bool { return strings.HasPrefix(s, "lane=") }
	for setting := range strings.SplitSeq(settings, "&") {
		if _, err := c.Task(e.Name); err == nil && (name != e.Name || !isLane(setting)) {
			return "it has the name of a task, so its Link must be on that task and have only lanes"
		}
	}
	return ""
}

// laneNames returns an error if the names of lanes are wrong.
func (e Exhibit) laneNames(r *Recipe) string {
	unique := slices.Compact(slices.Sorted(slices.Values(e.Lanes)))
	if e.Lanes != nil && len(unique) != len(r.Lanes) {
		return fmt.Sprintf("Lanes has %d different names, and Link has %d lanes",
			len(unique), len(r.Lanes))
	}
	return ""
}

// measured returns an error if the metrics that decide an exhibit are wrong.
func (e Exhibit) measured(r *Recipe) string {
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
