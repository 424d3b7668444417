package article

import (
	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
)

// The kinds of articles, as "posttrain explain" names them.
const (
	Task    = "task"
	Method  = "method"
	Base    = "base"
	Exhibit = "exhibit"
	Metric  = "metric"
	Knob    = "knob"
	Survey  = "survey"
	Signal  = "signal"
	Term    = "term"
)

// Kind is a kind of things that can be explained.
type Kind struct {
	Name  string
	Names []string // of the things
	// Find returns the article of a name. The error says which name was probably meant.
	Find func(name string) (Article, error)
}

// Kinds returns the kinds of things that can be explained.
func (l *Library) Kinds() []Kind {
	c := l.c
	tasks := names(c.Tasks(), func(t task.Task) string { return t.Name })
	methods := names(c.Methods(), func(m method.Method) string { return m.Name })
	bases := names(c.Bases(), func(b recipe.Base) string { return b.Name })
	exhibits := names(c.Exhibits(), func(e recipe.Exhibit) string { return e.Name })
	return []Kind{
		{Task, tasks, found(c.Task, l.OfTask)},
		{Method, methods, found(c.Method, l.OfMethod)},
		{Base, bases, found(c.Base, l.OfBase)},
		{Exhibit, exhibits, found(c.Exhibit, l.OfExhibit)},
		{Metric, metricNames(), found(LookupMetric, ofMetric)},
		{Knob, names(l.knobs, func(k KnobEntry) string { return k.ID }),
			found(func(id string) (KnobEntry, error) { return lookupKnob(l.knobs, id) },
				KnobEntry.Article)},
		{Survey, sectionNames(), found(lookupSection, l.ofSection)},
		{Signal, signalNames(), found(lookupSignal, l.ofSignal)},
		{Term, termNames(), found(glossary.Lookup, ofTerm)},
	}
}

// found returns a Find for things that are looked up by name.
func found[T any](lookup func(name string) (T, error),
	about func(T) Article) func(name string) (Article, error) {
	return func(name string) (Article, error) {
		x, err := lookup(name)
		if err != nil {
			return Article{}, err
		}
		return about(x), nil
	}
}

func metricNames() []string {
	return names(eval.Dictionary(), func(d eval.Definition) string { return d.Name })
}

func termNames() []string {
	return names(glossary.Entries(), func(e glossary.Entry) string { return e.Name })
}
