package scene

import (
	"fmt"
	"slices"
	"strings"
)

// Scene is one way to show a record.
type Scene struct {
	Name    string
	Title   string
	Doc     string                                        // caption: what it shows
	Caption func(Recipe) string                           // replaces Doc; may be nil
	Shows   func(Recipe) bool                             // for recipes it can show
	Lanes   bool                                          // it has a part for each lane
	Picture func(r *Record, v View, w, h float64) Picture // w and h in CSS pixels
	Table   func(r *Record, v View) Table
}

// networks reports whether lanes train policies that answer prompts.
func (r Recipe) networks() bool { return !r.numbers() }

// numbers reports whether lanes train densities over numbers.
func (r Recipe) numbers() bool {
	return slices.ContainsFunc(r.Levels, func(l Level) bool { return l.Mode != nil })
}

// Of returns the scenes that have something to show of a recipe.
func Of(r Recipe) (scenes []Scene) {
	for _, s := range All() {
		if s.Shows(r) {
			scenes = append(scenes, s)
		}
	}
	return scenes
}

// All returns the scenes in the order in which the page offers them.
func All() []Scene {
	return []Scene{race, tree, tokens, plane, weights, densities, reward, world, passK}
}

// Lookup returns the scene with this name. "" means the first one.
func Lookup(name string) (Scene, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name || name == "" {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scene{}, fmt.Errorf("there is no scene %q; there are %s", name,
		strings.Join(names, ", "))
}
