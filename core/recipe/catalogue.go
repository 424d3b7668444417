package recipe

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// Catalogue has all that links can name: tasks, methods, bases and exhibits. [Standard] returns the
// catalogue that is part of the program, and [Catalogue.With] returns one with additional entries.
//
// A catalogue never changes, so several goroutines may use it at once. The lists that its methods
// return are copies.
type Catalogue struct {
	entries  Entries
	readBase func(name string) ([]byte, error) // reads the checkpoint of a shipped base
	scripts  Scripts                           // nil means that links cannot have programs
	own      *ownTask                          // nil if it has no task of the user's own
}

// Entries are what a catalogue consists of.
type Entries struct {
	Tasks    []task.Task
	Methods  []method.Method
	Bases    []Base
	Exhibits []Exhibit // in the order of the menu
}

// With returns a catalogue with the entries of c and then those in more. Each additional base must
// be Computed or have a Checkpoint.
//
// With returns an error if two entries of a kind have the same name, if an entry is not well
// formed, or if entries do not fit together: if the link of an exhibit cannot be parsed, the base
// of a task is missing, or a method has a setting with the same name as a setting of a task.
func (c *Catalogue) With(more Entries) (*Catalogue, error) {
	for _, b := range more.Bases {
		if !b.Computed && b.Checkpoint == nil {
			return nil, fmt.Errorf("base %s has no Checkpoint and is not Computed: want "+
				"one of them", b.Name)
		}
	}
	all := &Catalogue{readBase: c.readBase, scripts: c.scripts, own: c.own, entries: Entries{
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

// WithBaseFiles returns a catalogue with the entries of c. It calls read with the name of a shipped
// base to get the content of its checkpoint.
func (c *Catalogue) WithBaseFiles(read func(name string) ([]byte, error)) *Catalogue {
	return &Catalogue{c.entries, read, c.scripts, c.own}
}

// Tasks returns every task. Densities is not one of them, because it has no prompts.
func (c *Catalogue) Tasks() []task.Task { return slices.Clone(c.entries.Tasks) }

// Methods returns every method.
func (c *Catalogue) Methods() []method.Method { return slices.Clone(c.entries.Methods) }

// Bases returns every base.
func (c *Catalogue) Bases() []Base { return slices.Clone(c.entries.Bases) }

// Exhibits returns every exhibit in the order of the menu.
func (c *Catalogue) Exhibits() []Exhibit { return slices.Clone(c.entries.Exhibits) }

// ExhibitsByTask returns the names of the exhibits on each task, by its name.
func (c *Catalogue) ExhibitsByTask() map[string][]string {
	names := map[string][]string{}
	for _, e := range c.entries.Exhibits {
		if r, err := c.Parse(e.Name); err == nil { // tests parse all exhibits
			names[r.Task.Name] = append(names[r.Task.Name], e.Name)
		}
	}
	return names
}

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

// find returns the entry with this name. The error names the nearest one and lists all. The kind is
// what the error calls an entry.
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

// hasName reports whether a word is the name of an exhibit or a task. A link can consist of such a
// name alone.
func (c *Catalogue) hasName(word string) bool {
	return slices.Contains(c.linkNames(), word) || word == densities.Name
}

// linkNames returns the names of all exhibits and tasks, which links begin with.
func (c *Catalogue) linkNames() []string {
	return slices.Concat(names(c.entries.Exhibits, Exhibit.name), names(c.entries.Tasks, taskName))
}
