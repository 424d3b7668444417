package recipe

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// Catalogue holds what links can name: tasks, methods, bases and exhibits. [Standard] returns the
// one that is part of the program, and [Catalogue.With] returns one with additions.
//
// A catalogue never changes, so it may be used by several goroutines at once. Its lists are made
// anew for every caller.
type Catalogue struct {
	entries  Entries
	readBase func(name string) ([]byte, error) // reads the checkpoint of a shipped base
}

// Entries are the parts of a catalogue.
type Entries struct {
	Tasks    []task.Task
	Methods  []method.Method
	Bases    []Base
	Exhibits []Exhibit // in the order of a menu
}

// With returns a catalogue that has more entries behind those of c. It returns an error if a name
// is there twice, if an entry is not well formed, or if an entry does not fit the others, such as
// an exhibit whose link cannot be parsed, a task whose base is missing, or a method with a setting
// that a task has too. An additional base is either Computed or has a Checkpoint.
func (c *Catalogue) With(more Entries) (*Catalogue, error) {
	for _, b := range more.Bases {
		if !b.Computed && b.Checkpoint == nil {
			return nil, fmt.Errorf("base %s has no Checkpoint and is not Computed: want "+
				"one of them",
				b.Name)
		}
	}
	all := &Catalogue{readBase: c.readBase, entries: Entries{
		Tasks:    slices.Concat(c.entries.Tasks, more.Tasks),
		Methods:  slices.Concat(c.entries.Methods, more.Methods),
		Bases:    slices.Concat(c.entries.Bases, more.Bases),
		Exhibits: slices.Concat(c.entries.Exhibits, more.Exhibits),
	}}
	if err := all.check(); err != nil {
		return nil, err
	}
	return all, nil
}

// WithBaseFiles returns a catalogue with the entries of c that reads the checkpoints of the shipped
// bases with read, which is called with the name of a base.
func (c *Catalogue) WithBaseFiles(read func(name string) ([]byte, error)) *Catalogue {
	return &Catalogue{c.entries, read}
}

// Tasks returns every task whose prompts a network can be trained on.
func (c *Catalogue) Tasks() []task.Task { return slices.Clone(c.entries.Tasks) }

// Methods returns every method.
func (c *Catalogue) Methods() []method.Method { return slices.Clone(c.entries.Methods) }

// Bases returns every base.
func (c *Catalogue) Bases() []Base { return slices.Clone(c.entries.Bases) }

// Exhibits returns every exhibit in the order of a menu.
func (c *Catalogue) Exhibits() []Exhibit { return slices.Clone(c.entries.Exhibits) }

// Task returns the task with this name. The error names the nearest one and lists all.
func (c *Catalogue) Task(name string) (task.Task, error) { return task.Find(c.entries.Tasks, name) }

// Method returns the method with this name. The error names the nearest one and lists all.
func (c *Catalogue) Method(name string) (method.Method, error) {
	return method.Find(c.entries.Methods, name)
}

// Base returns the base with this name. The error names the nearest one and lists all.
func (c *Catalogue) Base(name string) (Base, error) {
	return find("base", c.entries.Bases, name, Base.name)
}

// Exhibit returns the exhibit with this name. The error names the nearest one and lists all.
func (c *Catalogue) Exhibit(name string) (Exhibit, error) {
	return find("exhibit", c.entries.Exhibits, name, Exhibit.name)
}

// find returns the entry with this name. The error names the nearest one and lists all.
func find[T any](kind string, all []T, name string, nameOf func(T) string) (found T, err error) {
	for _, entry := range all {
		if nameOf(entry) == name {
			return entry, nil
		}
	}
	return found, param.Unknown(kind, name, names(all, nameOf))
}

// names returns the names of entries.
func names[T any](all []T, nameOf func(T) string) []string {
	out := make([]string, len(all))
	for i, entry := range all {
		out[i] = nameOf(entry)
	}
	return out
}

func (b Base) name() string    { return b.Name }
func (e Exhibit) name() string { return e.Name }

func taskName(t task.Task) string       { return t.Name }
func methodName(m method.Method) string { return m.Name }

// basesOf returns the names of the bases that were pretrained for a task.
func (c *Catalogue) basesOf(t task.Task) (names []string) {
	for _, b := range c.entries.Bases {
		if b.Task.Name == t.Name {
			names = append(names, b.Name)
		}
	}
	return names
}

// hasName reports whether a word names an exhibit or a task, so that it is a link by itself.
func (c *Catalogue) hasName(word string) bool {
	return slices.Contains(c.linkNames(), word) || word == densities.Name
}

// linkNames returns the names that links can begin with.
func (c *Catalogue) linkNames() []string {
	return slices.Concat(names(c.entries.Exhibits, Exhibit.name), names(c.entries.Tasks, taskName))
}
