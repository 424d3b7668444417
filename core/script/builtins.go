package script

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// predeclared returns the names that every script has: the functions of the language, measured, and
// those that [guard] writes into a script.
func predeclared() starlark.StringDict {
	names := starlark.StringDict{"sum": starlark.NewBuiltin("sum", sum)}
	for _, name := range starlark.Universe.Keys() {
		b, ok := starlark.Universe[name].(*starlark.Builtin)
		switch {
		case !ok: // None, True, False
		case slices.Contains([]string{"bytes", "dir", "getattr", "hasattr", "hash"}, name):
			names[name] = absent(name)
		default:
			names[name] = metered(b)
		}
	}
	names[inside("dict")] = names["dict"]
	operators(names)
	return names
}

// absent returns a function that says that there is none of this name.
func absent(name string) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(*starlark.Thread, *starlark.Builtin, starlark.Tuple,
		[]starlark.Tuple) (starlark.Value, error) {
		return nil, errors.New(name + " is not available here")
	})
}

// metered returns a function of the language that measures its arguments first.
func metered(b *starlark.Builtin) *starlark.Builtin {
	return starlark.NewBuiltin(b.Name(), func(t *starlark.Thread, _ *starlark.Builtin,
		args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		m := meterOf(t)
		switch b.Name() {
		case "bool", "len", "type", "range": // these do not look at what is in a value
		default:
			if err := m.weighAll(args, kwargs); err != nil {
				return nil, err
			}
		}
		switch b.Name() {
		case "dict", "set":
			if err := m.gatherAll(nil, args); err != nil {
				return nil, err
			}
		}
		return m.result(b.CallInternal(t, args, kwargs))
	})
}

// weighAll measures the arguments of a call.
func (m *meter) weighAll(args starlark.Tuple, kwargs []starlark.Tuple) error {
	if err := m.weigh(args...); err != nil {
		return err
	}
	for _, named := range kwargs {
		if err := m.weigh(named...); err != nil {
			return err
		}
	}
	return nil
}

// gatherAll measures putting the elements of arguments into a dictionary or a set.
func (m *meter) gatherAll(into starlark.Value, args starlark.Tuple) error {
	n := 0
	if into != nil {
		n = starlark.Len(into)
	}
	for _, a := range args {
		n += max(0, starlark.Len(a))
	}
	return m.gather(n)
}

// result measures what a function has returned.
func (m *meter) result(v starlark.Value, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	switch v.(type) {
	case starlark.String, starlark.Int, *starlark.List, starlark.Tuple:
		return v, m.weigh(v)
	}
	return v, nil
}

// attribute returns the method of a value, measured.
func attribute(x starlark.Value, name string) (starlark.Value, error) {
	if text, ok := x.(starlark.String); ok && name == "codepoints" {
		return codepoints(text), nil
	}
	var found starlark.Value
	if has, ok := x.(starlark.HasAttrs); ok && name != "codepoint_ords" {
		var err error
		if found, err = has.Attr(name); err != nil {
			return nil, err
		}
	}
	if found == nil {
		return nil, fmt.Errorf("a %s has no method %s", x.Type(), name)
	}
	method, ok := found.(*starlark.Builtin)
	if !ok {
		return found, nil
	}
	return starlark.NewBuiltin(name, func(t *starlark.Thread, _ *starlark.Builtin,
		args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		m := meterOf(t)
		if err := m.method(x, name, args, kwargs); err != nil {
			return nil, err
		}
		return m.result(method.CallInternal(t, args, kwargs))
	}), nil
}

// method measures the call of a method.
func (m *meter) method(x starlark.Value, name string, args starlark.Tuple,
	kwargs []starlark.Tuple) error {
	switch x.(type) {
	case *starlark.List:
		switch name {
		case "append", "pop", "clear", "insert": // these do not look at the elements
			return nil
		}
	case *starlark.Dict, *starlark.Set:
		switch name {
		case "get", "setdefault", "pop", "popitem", "clear", "add", "discard", "remove":
			for _, key := range args[:min(1, len(args))] {
				return m.search(x, key)
			}
			return nil
		}
		if err := m.gatherAll(x, args); err != nil {
			return err
		}
	}
	if err := m.weigh(x); err != nil {
		return err
	}
	if err := m.weighAll(args, kwargs); err != nil {
		return err
	}
	if text, ok := starlark.AsString(x); ok {
		return m.textMethod(text, name, args, kwargs)
	}
	if name == "extend" && len(args) == 1 {
		_, err := sized(starlark.Len(x) + max(0, starlark.Len(args[0])))
		return err
	}
	return nil
}

// textMethod measures the methods of a text whose result may be longer than all that they are
// given.
func (m *meter) textMethod(text, name string, args starlark.Tuple, kwargs []starlark.Tuple) error {
	switch {
	case name == "join" && len(args) == 1:
		_, err := sized(len(text) * max(0, starlark.Len(args[0])))
		return err
	case name == "replace" && len(args) >= 2:
		old, _ := starlark.AsString(args[0])
		made, _ := starlark.AsString(args[1])
		_, err := sized(len(text) + strings.Count(text, old)*len(made))
		return err
	case name == "format":
		values := append(starlark.Tuple{}, args...)
		for _, named := range kwargs {
			values = append(values, named[1])
		}
		return m.formats(strings.Count(text, "{"), values...)
	}
	return nil
}

// codepoints returns the method of a text that returns its symbols as a list.
func codepoints(text starlark.String) starlark.Value {
	return starlark.NewBuiltin("codepoints", func(t *starlark.Thread, b *starlark.Builtin,
		args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
			return nil, err
		}
		var symbols []starlark.Value
		for _, symbol := range string(text) {
			symbols = append(symbols, starlark.String(symbol))
		}
		list := starlark.NewList(symbols)
		return list, meterOf(t).weigh(list)
	})
}

// sum returns the sum of numbers, from the first to the last.
func sum(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (
	starlark.Value, error) {
	var (
		numbers starlark.Iterable
		total   starlark.Value = starlark.MakeInt(0)
	)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "numbers", &numbers, "start?",
		&total); err != nil {
		return nil, err
	}
	m := meterOf(t)
	if err := m.weigh(numbers); err != nil {
		return nil, err
	}
	iter := numbers.Iterate()
	defer iter.Done()
	for x := starlark.Value(nil); iter.Next(&x); {
		var err error
		if total, err = m.compute(syntax.PLUS, total, x); err != nil {
			return nil, err
		}
	}
	return total, nil
}
