package scene

import (
	"fmt"
	"slices"
	"strings"
)

// Scene is one way to look at a record.
type Scene struct {
	Name    string
	Title   string
	Doc     string                                        // what the picture shows and how to read it: its caption
	Caption func(Recipe) string                           // the same of one recipe, where there is more to say; nil where there is not
	Shows   func(Recipe) bool                             // whether it has anything to show of a recipe
	Lanes   bool                                          // it has a part for each lane, so that more lanes need more room
	Picture func(r *Record, v View, w, h float64) Picture // w and h in CSS pixels
	Table   func(r *Record, v View) Table
}

// networks reports whether lanes train policies that answer prompts, and numbers whether they train densities over numbers.
func (r Recipe) networks() bool { return !r.numbers() }

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

// Lookup finds a scene by its name; the empty name is the first.
func Lookup(name string) (Scene, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name || name == "" {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scene{}, fmt.Errorf("there is no scene %q; there are %s", name, strings.Join(names, ", "))
}
