package main

import (
	"fmt"
	"io"
	"strings"

	"posttrain/core/eval"
	"posttrain/core/method"
	"posttrain/core/param"
	"posttrain/core/recipe"
	"posttrain/core/task"
	"posttrain/core/train"
)

type explainCommand struct {
	Thing string `arg:"" help:"KIND/NAME: method/grpo, task/cards, base/cards, exhibit/memorise or metric/eval/id/accuracy."`
}

// explainers says how each kind of thing is explained.
var explainers = []struct {
	kind    string
	explain func(w io.Writer, name string) error
}{
	{"method", explainMethod}, {"task", explainTask}, {"base", explainBase}, {"exhibit", explainExhibit}, {"metric", explainMetric},
}

func (c *explainCommand) Run(env *environment) error {
	kind, name, _ := strings.Cut(c.Thing, "/")
	var kinds []string
	for _, e := range explainers {
		if e.kind == kind {
			return usage(e.explain(env.out, name))
		}
		kinds = append(kinds, e.kind+"/NAME")
	}
	return usage(fmt.Errorf("cannot explain %q: want one of %s", c.Thing, strings.Join(kinds, ", ")))
}

// paragraph is a heading and its text; empty texts are left out.
type paragraph struct{ heading, text string }

func write(w io.Writer, title string, paragraphs ...paragraph) {
	fmt.Fprintf(w, "%s\n", title)
	for _, p := range paragraphs {
		if p.text == "" {
			continue
		}
		if p.heading == "" {
			fmt.Fprintf(w, "\n%s\n", p.text)
		} else {
			fmt.Fprintf(w, "\n%s: %s\n", p.heading, p.text)
		}
	}
}

func writeKnobs(w io.Writer, knobs []param.Knob) {
	if len(knobs) == 0 {
		return
	}
	fmt.Fprintln(w, "\nKnobs:")
	values := param.Defaults(knobs)
	for _, k := range knobs {
		unit := ""
		if k.Unit != "" {
			unit = " (" + k.Unit + ")"
		}
		fmt.Fprintf(w, "  %s=%s%s: %s\n      %s\n", k.Name, values.Text(k.Name), unit, k.Accepts(), k.Doc)
	}
}

func explainMethod(w io.Writer, name string) error {
	m, err := method.Lookup(name)
	if err != nil {
		return err
	}
	write(w, fmt.Sprintf("%s: %s (%s)", m.Name, m.Title, m.Family),
		paragraph{"", m.Doc}, paragraph{"Maximises", m.Formula}, paragraph{"Reads", m.Build(m.Defaults()).Needs().String()},
		paragraph{"Differs from the paper", m.Deviations}, paragraph{"Source", m.Cite})
	writeKnobs(w, train.MethodKnobs(m))
	return nil
}

func explainTask(w io.Writer, name string) error {
	t, err := task.Lookup(name)
	if err != nil {
		return err
	}
	var levels strings.Builder
	for _, l := range t.Levels {
		example := t.EvalPrompts(l.Name, 1)[0]
		fmt.Fprintf(&levels, "\n  %s: %s; for example %s, answer %s", l.Name, l.Doc, example.Prompt, example.Answer)
	}
	write(w, fmt.Sprintf("%s: %s", t.Name, t.Title), paragraph{"", t.Doc}, paragraph{"Alphabet", t.Alphabet},
		paragraph{"Levels", levels.String()}, paragraph{"Source", t.Cite})
	writeKnobs(w, t.Knobs)
	return nil
}

func explainBase(w io.Writer, name string) error {
	b, err := recipe.LookupBase(name)
	if err != nil {
		return err
	}
	p := b.Pretraining
	write(w, fmt.Sprintf("%s: %s", b.Name, b.Title), paragraph{"", b.Doc},
		paragraph{"Model", fmt.Sprintf("%d weights, %+v", p.Config.Weights(), p.Config)},
		paragraph{"Pretraining", fmt.Sprintf("%d steps of %d fresh examples of task %s, peak learning rate %g, weight decay %g, seed %d", p.Steps, p.Batch, p.Task.Name, p.LR, p.Decay, p.Seed)})
	return nil
}

func explainExhibit(w io.Writer, name string) error {
	e, err := recipe.LookupExhibit(name)
	if err != nil {
		return err
	}
	write(w, fmt.Sprintf("%s: %s", e.Name, e.Title), paragraph{"The claim", e.Claim + " (" + e.Cite + ")"}, paragraph{"Against it", e.Counter},
		paragraph{"", e.Doc}, paragraph{"Before you look", e.Question}, paragraph{"Then", e.Next}, paragraph{"Recipe", e.Link})
	return nil
}

func explainMetric(w io.Writer, name string) error {
	d, ok := eval.Define(name)
	if !ok {
		var names []string
		for _, d := range eval.Dictionary {
			names = append(names, d.Name)
		}
		return fmt.Errorf("unknown metric %q: did you mean %s? accepted: %s", name, param.Nearest(name, names), strings.Join(names, ", "))
	}
	write(w, d.Name, paragraph{"", d.Doc}, paragraph{"Estimator", d.Estimator}, paragraph{"Unit", d.Unit})
	return nil
}
