package method

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Position returns the settings of [Dials] at which it gives the coefficients of m at the settings
// v, to the bit. What is collected is the same too, except for what m.Besides says. The error says
// why m has no such position, or not at these settings.
func (m Method) Position(v param.Values) (param.Values, error) {
	position := Dials.Defaults()
	if m.Name != Dials.Name && m.Dials == "" {
		if m.Apart == "" {
			return position, fmt.Errorf("method %s does not say where it is on the dial board",
				m.Name)
		}
		return position, errors.New(m.Apart)
	}
	given, err := m.turn(position)
	if err != nil {
		return position, err
	}
	for _, k := range m.Knobs {
		switch {
		case position.Has(k.Name) && !slices.Contains(given, k.Name):
			err = position.Set(k.Name, v.Text(k.Name))
		case v.Text(k.Name) != m.Defaults().Text(k.Name):
			err = fmt.Errorf("the dial board has no %s of %s except the default", k.Name, m.Name)
		}
		if err != nil {
			return position, err
		}
	}
	return position, nil
}

// turn sets position to the settings that m.Dials lists, and returns their names.
func (m Method) turn(position param.Values) (given []string, err error) {
	if m.Dials == "" {
		return nil, nil
	}
	for setting := range strings.SplitSeq(m.Dials, ",") {
		name, text, _ := strings.Cut(setting, "=")
		if err := position.Set(name, text); err != nil {
			return nil, fmt.Errorf("method %s: Dials: %w", m.Name, err)
		}
		given = append(given, name)
	}
	return given, nil
}

// Fixed returns the names of the settings that m.Dials fixes, so that m has no knobs for them.
func (m Method) Fixed() []string {
	given, _ := m.turn(Dials.Defaults()) // a test turns all methods
	return given
}

// Neighbour is a method near a position.
type Neighbour struct {
	Method  Method
	Differs []Difference // between the position and the method's at its defaults
}

// Difference is a setting in which a position differs from that of a method.
type Difference struct {
	Name string // the knob
	Here string // its setting at the position
	Of   string // its setting at the method's position
}

// Nearest returns those of the methods that are nearest to a position, in their order. Nearer is
// the one that differs in fewer dials, and of those the one that differs in fewer numbers. A dial
// or a number counts only if it makes a difference at both positions, and what Besides says counts
// as a dial. Settings that only say how fast or how much is learned, such as lr and group, do not
// count. Methods without a position are left out.
func Nearest(position param.Values, among []Method) (nearest []Neighbour) {
	var least distance
	for _, m := range among {
		if m.Dials == "" {
			continue
		}
		at, err := m.Position(m.Defaults())
		if err != nil {
			continue
		}
		differs, d := compare(position, at)
		if m.Besides != "" {
			d.dials++
		}
		switch {
		case nearest == nil || d.less(least):
			nearest, least = []Neighbour{{m, differs}}, d
		case d == least:
			nearest = append(nearest, Neighbour{m, differs})
		}
	}
	return nearest
}

// distance says in how many settings two positions differ.
type distance struct{ dials, numbers int }

func (d distance) less(than distance) bool {
	return d.dials < than.dials || d.dials == than.dials && d.numbers < than.numbers
}

// compare returns the settings in which two positions differ.
func compare(here, of param.Values) (differs []Difference, d distance) {
	for _, dial := range dials() {
		a, b := here.Text(dial.name), of.Text(dial.name)
		if dial.turned(here) && dial.turned(of) && a != b {
			differs, d.dials = append(differs, Difference{dial.name, a, b}), d.dials+1
		}
	}
	if a, b := klAt(here), klAt(of); a != b {
		differs, d.dials = append(differs, Difference{"kl", a, b}), d.dials+1
	}
	read := numbersOf(of)
	for _, name := range numbersOf(here) {
		if a, b := here.Text(name), of.Text(name); slices.Contains(read, name) && a != b {
			differs, d.numbers = append(differs, Difference{name, a, b}), d.numbers+1
		}
	}
	return differs, d
}

// klAt returns which KL a position has: none, loss, reward or exact, and on demonstrations none or
// forward.
func klAt(v param.Values) string {
	switch {
	case v.Float("beta") == 0:
		return "none"
	case isOfDemos(v):
		return "forward"
	}
	return v.Choice("kl")
}

// numbersOf returns the names of the numbers that a position reads.
func numbersOf(v param.Values) (names []string) {
	for _, d := range dials() {
		if d.turned(v) {
			names = append(names, d.part(v).reads...)
		}
	}
	names = append(names, "alpha")
	if v.Float("alpha") != 0 {
		names = append(names, "kappa")
	}
	if v.Float("beta") != 0 {
		names = append(names, "beta")
	}
	return append(names, "entropy")
}
