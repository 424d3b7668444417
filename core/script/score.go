package script

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"
)

// Score is a part of a reward.
type Score struct {
	Name  string // "" for a reward without parts
	Value float64
}

// mostParts is the number of parts that a reward may have, and largest the largest number that it
// may be, in either direction.
const (
	mostParts = 8
	largest   = 1000
)

// Reward calls the function reward(prompt, response, answer) of the script. It returns a number, or
// a dictionary with a number for each of several named parts, in their order.
func (p *Program) Reward(prompt, response, answer string) ([]Score, error) {
	const function = "reward"
	v, err := p.call(function, starlark.String(prompt), starlark.String(response),
		starlark.String(answer))
	if err != nil {
		return nil, err
	}
	parts, ok := v.(*starlark.Dict)
	if !ok {
		x, why := number(v)
		if why != "" {
			return nil, p.wrong(function, "returned %s: want a number, or a dictionary of numbers",
				why)
		}
		return []Score{{"", x}}, nil
	}
	if n := parts.Len(); n < 1 || n > mostParts {
		return nil, p.wrong(function, "returned %d parts: want 1 to %d", n, mostParts)
	}
	var scores []Score
	for key, value := range parts.Entries() {
		name, ok := starlark.AsString(key)
		if !ok || !isName(name) {
			return nil, p.wrong(function, "returned a part named %s: want a name of small "+
				"letters, digits and _ that begins with a letter", key)
		}
		x, why := number(value)
		if why != "" {
			return nil, p.wrong(function, "returned %s for the part %s: want a number", why, name)
		}
		scores = append(scores, Score{name, x})
	}
	return scores, nil
}

// number returns a number of a script. If it is none, or not one that a reward may be, it says in
// words what it is instead.
func number(v starlark.Value) (x float64, why string) {
	if b, ok := v.(starlark.Bool); ok {
		if b {
			return 1, ""
		}
		return 0, ""
	}
	x, ok := starlark.AsFloat(v)
	switch {
	case v == starlark.None:
		return 0, "nothing"
	case !ok:
		return 0, "a value of type " + v.Type()
	case math.IsNaN(x):
		return 0, "a number that is none (NaN)"
	case math.Abs(x) > largest:
		return 0, fmt.Sprintf("%g, and a reward is from -%d to %d", x, largest, largest)
	}
	return x, ""
}

// isName reports whether a text is a name of at most 20 small letters, digits and _.
func isName(text string) bool {
	for i, symbol := range text {
		letter := symbol >= 'a' && symbol <= 'z'
		if !letter && (i == 0 || symbol != '_' && (symbol < '0' || symbol > '9')) {
			return false
		}
	}
	return text != "" && len(text) <= 20
}
