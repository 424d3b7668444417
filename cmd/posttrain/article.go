package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/core/workload"
)

// article explains one thing. The command explain prints it, and the pages in
// docs are generated from it.
type article struct {
	name, title string
	paragraphs  []paragraph
	knobs       []param.Knob // its own settings
	shared      []param.Knob // settings that all things of its kind have
}

// paragraph is a text under a heading, or a list of items under it.
type paragraph struct {
	heading string // may be empty
	text    string // left out if empty
	code    bool   // the text is code
	words   bool   // the code is words, which a terminal may break into lines
	items   []item // below the text
}

type item struct{ name, text string }

// articleKind is one kind of thing that can be explained.
type articleKind struct {
	kind  string
	names []string
	find  func(name string) (article, error)
}

// articleKinds returns the kinds of things that can be explained, for a catalogue.
func articleKinds(c *recipe.Catalogue) []articleKind {
	tasks := names(c.Tasks(), func(t task.Task) string { return t.Name })
	methods := names(c.Methods(), func(m method.Method) string { return m.Name })
	bases := names(c.Bases(), func(b recipe.Base) string { return b.Name })
	exhibits := names(c.Exhibits(), func(e recipe.Exhibit) string { return e.Name })
	ofTask := func(t task.Task) article { return aboutTask(c, t) }
	ofMethod := func(m method.Method) article { return aboutMethod(c, m) }
	ofExhibit := func(e recipe.Exhibit) article { return aboutExhibit(c, e) }
	ofSignal := func(s signal.Signal) article { return aboutSignal(c, s) }
	ofSection := func(s surveySection) article { return aboutSection(c, s) }
	return []articleKind{
		{"task", tasks, found(c.Task, ofTask)},
		{"method", methods, found(c.Method, ofMethod)},
		{"base", bases, found(c.Base, aboutBase)},
		{"exhibit", exhibits, found(c.Exhibit, ofExhibit)},
		{"metric", metricNames(), found(lookupMetric, aboutMetric)},
		{"survey", sectionNames(), found(lookupSection, ofSection)},
		{"signal", signalNames(), found(lookupSignal, ofSignal)},
		{"term", termNames(), found(glossary.Lookup, aboutTerm)},
	}
}

func names[T any](all []T, name func(T) string) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = name(x)
	}
	return out
}

func found[T any](lookup func(name string) (T, error),
	about func(T) article) func(name string) (article, error) {
	return func(name string) (article, error) {
		x, err := lookup(name)
		if err != nil {
			return article{}, err
		}
		return about(x), nil
	}
}

func aboutMethod(c *recipe.Catalogue, m method.Method) article {
	knobs, own := train.MethodKnobs(m), len(m.Knobs)
	takes, small := train.Estimate(m, param.Defaults(knobs)), workload.Small()
	return article{m.Name, m.Title, []paragraph{
		{text: m.Doc},
		{heading: "Family", text: m.Family},
		{heading: "Maximises", text: m.Formula},
		{heading: "On the dial board", text: onTheBoard(m)},
		{heading: "Reads", text: m.Build(m.Defaults()).Needs().String()},
		{heading: "Data", text: takes.Data()},
		{heading: "Memory", text: takes.Memory()},
		{heading: "Arithmetic", text: takes.Arithmetic(small.Config, small.Tokens)},
		{heading: "Measured", text: measured(c, m)},
		{heading: "Differs from the paper", text: m.Deviations},
		{heading: "Unverified", text: m.Unverified},
		{heading: "Source", text: m.Cite},
	}, knobs[:own], knobs[own:]}
}

// measured returns the result of the method's trial, and "" if it has none.
func measured(c *recipe.Catalogue, m method.Method) string {
	trials, err := study.Trials()
	if err != nil {
		return err.Error()
	}
	if trial, ok := trials[m.Name]; ok {
		return trial.Sentence(c)
	}
	return ""
}

func aboutTask(c *recipe.Catalogue, t task.Task) article {
	var levels []item
	for _, l := range t.Levels {
		example := t.EvalPrompts(l.Name, 1)[0]
		levels = append(levels,
			item{l.Name, fmt.Sprintf("%s: %s; for example %s, answer %s", l.Title, l.Doc,
				example.Prompt, example.Answer)})
	}
	return article{t.Name, t.Title, []paragraph{
		{text: t.Doc},
		vocabulary(t),
		{heading: "Worked example", text: t.Join(t.Example.Prompt, t.Example.Response), code: true,
			words: t.Words != nil, items: steps(t.Example)},
		{heading: "Prompts", text: "What the verifier can judge is " + t.Form + "."},
		{heading: "Levels", items: levels},
		{heading: "Demonstrations", items: demonstrations(t)},
		{heading: "Training prompts",
			text: fmt.Sprintf("%d of level %s; a response has at most %d tokens, its end included.",
				t.Prompts, t.Levels[0].Name, t.MaxResponse)},
		{heading: "Sizes", text: sizesOf(t)},
		{heading: "Source", text: t.Cite},
	}, slices.Concat(t.Knobs, t.Sizes), c.Knobs(t)}
}

// sizesOf says how a task's sizes are set, and which suit larger models; "" if it has one size.
func sizesOf(t task.Task) string {
	if t.Sizes == nil {
		return ""
	}
	names := names(t.Sizes, func(k param.Knob) string { return k.Name })
	text := fmt.Sprintf("A link sets %s for all lanes, as in %s?%s=%s&lane=sft.", prose.List(names),
		t.Name, names[0], param.Defaults(t.Sizes).Text(names[0]))
	for _, size := range recipe.Sizes()[1:] {
		if t.Larger == nil {
			break
		}
		if at := t.Larger(size); at != nil {
			text += fmt.Sprintf(" With a base of size=%s they are %s.", size, prose.List(at))
		}
	}
	return text
}

// vocabulary lists the task's symbols.
func vocabulary(t task.Task) paragraph {
	heading := "Alphabet"
	if t.Words != nil {
		heading = "Words"
	}
	return paragraph{heading: heading, text: t.Join(t.Symbols()...), code: true,
		words: t.Words != nil}
}

// steps returns the numbered steps of a worked example.
func steps(e task.Example) (all []item) {
	for i, step := range e.Steps {
		all = append(all, item{fmt.Sprint(i + 1), step})
	}
	return all
}

// demonstrations shows the expert's demonstration of one problem in each style.
func demonstrations(t task.Task) []item {
	show := func(name string, v param.Values) item {
		shown := recipe.Demonstration(t, v)
		return item{name, t.Join(shown.Prompt, shown.Response)}
	}
	var shown []item
	for _, k := range t.Knobs {
		for _, choice := range k.Choices {
			v := param.Defaults(t.Knobs)
			if err := v.Set(k.Name, choice); err == nil { // a knob's own choice
				shown = append(shown, show(k.Name+"="+choice, v))
			}
		}
	}
	if shown == nil {
		shown = append(shown, show("always", param.Defaults(t.Knobs)))
	}
	return shown
}

func aboutBase(b recipe.Base) article {
	p, c := b.Pretraining(), b.Config()
	kept := "A file that is part of the program."
	if b.Computed {
		kept = "No file: it is computed when it is needed."
	}
	return article{b.Name, b.Title, []paragraph{
		{text: b.Doc},
		{heading: "Model", text: fmt.Sprintf("%d weights: %d layers of %d channels, %d heads, %d "+
			"hidden units, %d symbols, a context of %d tokens.", c.Weights(), c.Layers, c.Dim,
			c.Heads, c.Hidden, c.Vocab, c.Context)},
		{heading: "Pretraining",
			text: fmt.Sprintf("%d steps of %d fresh examples of task %s, peak learning rate %g, "+
				"weight decay %g, seed %d.",
				p.Values.Int("steps"), p.Values.Int("batch"), p.Task.Name, p.Values.Float("lr"),
				p.Values.Float("decay"), p.Values.Int("seed"))},
		{heading: "Kept", text: kept},
		{heading: "Make it again", text: "posttrain pretrain " + b.Name + " --verify", code: true},
		{heading: "Run another", text: fmt.Sprintf("posttrain run '%s?base=%s,dim=128,seed=2&lane="+
			"sft'", b.Task.Name, b.Name), code: true},
		{heading: "Make a file of another",
			text: "posttrain pretrain " + b.Name + " --set steps=500 --out FILE, and posttrain " +
				"run LINK --base FILE", code: true},
	}, nil, b.Values().Knobs()}
}

func aboutMetric(d eval.Definition) article {
	return article{d.Name, d.Title,
		[]paragraph{{text: d.Doc}, {heading: "Estimator", text: d.Estimator},
			{heading: "Unit", text: d.Unit}}, nil, nil}
}

func metricNames() []string {
	return names(eval.Dictionary(), func(d eval.Definition) string { return d.Name })
}

func lookupMetric(name string) (eval.Definition, error) {
	if d, ok := eval.Define(name); ok {
		return d, nil
	}
	return eval.Definition{}, fmt.Errorf("%w, with a level's name for LEVEL",
		param.Unknown("metric", name, metricNames()))
}

func termNames() []string {
	return names(glossary.Entries(), func(e glossary.Entry) string { return e.Name })
}

func aboutTerm(e glossary.Entry) article {
	title := ""
	if e.Title != strings.ReplaceAll(e.Name, "_", " ") {
		title = e.Title
	}
	return article{e.Name, title, []paragraph{
		{text: e.Doc},
		{heading: "Also", text: strings.Join(e.Also, ", ")},
		{heading: "Source", text: e.Cite},
	}, nil, nil}
}

// heading returns the article's name and title.
func (a article) heading() string {
	if a.title == "" {
		return a.name
	}
	return a.name + ": " + a.title
}

// print writes the article as plain text.
func (a article) print(w io.Writer) error {
	fmt.Fprintln(w, a.heading())
	for _, p := range a.paragraphs {
		lead := ""
		if p.heading != "" {
			lead = p.heading + ": "
		}
		switch {
		case p.code && !p.words:
			fmt.Fprintf(w, "\n%s%s\n", lead, p.text)
		case p.text != "":
			fmt.Fprintf(w, "\n%s", fill(lead+p.text, ""))
		case p.items != nil:
			fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(lead))
		}
		for _, i := range p.items {
			fmt.Fprint(w, fill(i.name+": "+i.text, "  "))
		}
	}
	knobs := slices.Concat(a.knobs, a.shared)
	if len(knobs) > 0 {
		fmt.Fprintln(w, "\nKnobs:")
	}
	for _, k := range knobs {
		fmt.Fprint(w, fill(knobLine(k), "  "), fill(k.Doc, "      "))
	}
	return nil
}

// knobLine returns a line on a knob: its name, default, unit, and the values that it accepts.
func knobLine(k param.Knob) string {
	unit := ""
	if k.Unit != "" {
		unit = " (" + k.Unit + ")"
	}
	return k.Name + "=" + knobDefault(k) + unit + ": " + k.Accepts()
}

func knobDefault(k param.Knob) string { return param.Defaults([]param.Knob{k}).Text(k.Name) }

// fill breaks a text into lines of at most 100 columns, each after indent.
func fill(text, indent string) string {
	const width = 100
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(text) {
		length := len([]rune(word))
		switch {
		case column == 0:
			b.WriteString(indent)
			column = len(indent)
		case column+1+length > width:
			b.WriteString("\n" + indent)
			column = len(indent)
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += length
	}
	return b.String() + "\n"
}
