package scene

import (
	"fmt"
	"strings"
)

// Scene is one way to look at a record.
type Scene struct {
	Name    string
	Title   string
	Doc     string
	Of      Kind                                          // what it can show; "" shows any
	Picture func(r *Record, v View, w, h float64) Picture // w and h in CSS pixels
	Table   func(r *Record, v View) Table
}

// Kind is what lanes train.
type Kind string

// The kinds: policies that answer prompts, and densities over numbers.
const (
	Networks Kind = "networks"
	Numbers  Kind = "numbers"
)

// All are the scenes, in the order in which a page offers them.
var All = []Scene{race, tree, tokens, plane, weights, densities, reward, world, passK}

// Lookup finds a scene by its name; the empty name is the first.
func Lookup(name string) (Scene, error) {
	var names []string
	for _, s := range All {
		if s.Name == name || name == "" {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Scene{}, fmt.Errorf("there is no scene %q; there are %s", name, strings.Join(names, ", "))
}
