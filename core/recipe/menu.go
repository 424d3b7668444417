package recipe

import (
	"cmp"
	"slices"

	"github.com/posttrain/posttrain/core/method"
)

// Menu has what a user can choose from on the page.
type Menu struct {
	Exhibits []MenuEntry `json:"exhibits"`
	Tasks    []MenuEntry `json:"tasks"`
	Methods  []MenuEntry `json:"methods"` // grouped by family
}

// MenuEntry is an exhibit, a task or a method in a menu.
type MenuEntry struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Family string `json:"family,omitempty"` // of a method, or the group of an exhibit
}

// Menu returns the exhibits, the tasks that have a base, and the methods.
func (c *Catalogue) Menu() Menu {
	var m Menu
	for _, e := range c.entries.Exhibits {
		m.Exhibits = append(m.Exhibits, MenuEntry{Name: e.Name, Title: e.Title, Family: e.family()})
	}
	for _, t := range c.entries.Tasks {
		if t.Base != "" {
			m.Tasks = append(m.Tasks, MenuEntry{Name: t.Name, Title: t.Title})
		}
	}
	m.Methods = menuOf(c.Methods())
	return m
}

// menuOf returns entries for methods, grouped by family.
func menuOf(methods []method.Method) (entries []MenuEntry) {
	slices.SortStableFunc(methods, func(a, b method.Method) int {
		return cmp.Compare(slices.Index(method.Families(), a.Family),
			slices.Index(method.Families(), b.Family))
	})
	for _, m := range methods {
		entries = append(entries, MenuEntry{Name: m.Name, Title: m.Title, Family: m.Family})
	}
	return entries
}
