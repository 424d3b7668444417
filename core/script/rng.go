package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/posttrain/posttrain/core/num"
)

// rng is the source of random numbers that a task's function is given. The same call of the
// function has the same numbers on every machine.
type rng struct{ from *num.Rand }

func (rng) String() string        { return "rng" }
func (rng) Type() string          { return "rng" }
func (rng) Freeze()               {}
func (rng) Truth() starlark.Bool  { return true }
func (rng) Hash() (uint32, error) { return 0, errors.New("rng cannot be a key") }
func (rng) AttrNames() []string   { return []string{"choice", "float", "int", "shuffled"} }

// Attr returns a method: int(n) is a whole number from 0 to n-1, float() a number from 0 to 1
// without 1, choice(list) an element, and shuffled(list) a new list in another order.
func (r rng) Attr(name string) (starlark.Value, error) {
	switch name {
	case "int":
		return starlark.NewBuiltin(name, r.int), nil
	case "float":
		return starlark.NewBuiltin(name, r.float), nil
	case "choice":
		return starlark.NewBuiltin(name, r.choice), nil
	case "shuffled":
		return starlark.NewBuiltin(name, r.shuffled), nil
	}
	return nil, nil // there is none
}

func (r rng) int(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple,
	kwargs []starlark.Tuple) (starlark.Value, error) {
	var n int
	if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &n); err != nil {
		return nil, err
	}
	if n < 1 || n > 1<<31-1 {
		return nil, fmt.Errorf("rng.int(%d): want a number from 1 to 2147483647", n)
	}
	return starlark.MakeInt(r.from.IntN(n)), nil
}

func (r rng) float(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple,
	kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 0); err != nil {
		return nil, err
	}
	return starlark.Float(r.from.Float64()), nil
}

func (r rng) choice(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple,
	kwargs []starlark.Tuple) (starlark.Value, error) {
	from, err := elements(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	if len(from) == 0 {
		return nil, errors.New("rng.choice of nothing: want a list or a text that is not empty")
	}
	return from[r.from.IntN(len(from))], nil
}

// shuffled goes from the end to the beginning and swaps each element with one before it or itself.
func (r rng) shuffled(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple,
	kwargs []starlark.Tuple) (starlark.Value, error) {
	all, err := elements(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i > 0; i-- {
		j := r.from.IntN(i + 1)
		all[i], all[j] = all[j], all[i]
	}
	return starlark.NewList(all), nil
}

// elements returns the elements of the only argument, a list, a tuple, a range or a text, whose
// elements are its symbols.
func elements(name string, args starlark.Tuple, kwargs []starlark.Tuple) (all []starlark.Value,
	err error) {
	var of starlark.Value
	if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &of); err != nil {
		return nil, err
	}
	if text, ok := of.(starlark.String); ok {
		for _, symbol := range string(text) {
			all = append(all, starlark.String(symbol))
		}
		return all, nil
	}
	sequence, ok := of.(starlark.Indexable)
	if !ok {
		return nil, fmt.Errorf("rng.%s of %s: want a list or a text", name, kind(of))
	}
	if sequence.Len() > mostItems {
		_, err := sized(sequence.Len())
		return nil, err
	}
	for i := range sequence.Len() {
		all = append(all, sequence.Index(i))
	}
	return all, nil
}
