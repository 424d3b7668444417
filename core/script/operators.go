package script

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// binary returns the operators that compute a value.
func binary() []syntax.Token {
	return []syntax.Token{syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH,
		syntax.PERCENT, syntax.AMP, syntax.PIPE, syntax.CIRCUMFLEX, syntax.LTLT, syntax.GTGT,
		syntax.IN, syntax.NOT_IN}
}

// comparisons returns the operators that compare.
func comparisons() []syntax.Token {
	return []syntax.Token{syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE}
}

// operators adds the functions that [guard] puts in place of operators.
func operators(to starlark.StringDict) {
	add := func(sign string, f func(*meter, starlark.Tuple) (starlark.Value, error)) {
		to[inside(sign)] = starlark.NewBuiltin(sign, func(t *starlark.Thread, _ *starlark.Builtin,
			args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return f(meterOf(t), args)
		})
	}
	for _, op := range binary() {
		add(op.String(), func(m *meter, args starlark.Tuple) (starlark.Value, error) {
			return m.compute(op, args[0], args[1])
		})
		add(op.String()+"=", func(m *meter, args starlark.Tuple) (starlark.Value, error) {
			return args[1], m.operands(op, args[0], args[1])
		})
	}
	for _, op := range comparisons() {
		add(op.String(), func(m *meter, args starlark.Tuple) (starlark.Value, error) {
			if err := m.weigh(args...); err != nil {
				return nil, err
			}
			yes, err := starlark.Compare(op, args[0], args[1])
			return starlark.Bool(yes), err
		})
	}
	add(measured, func(m *meter, args starlark.Tuple) (starlark.Value, error) {
		return args[0], m.weigh(args[0])
	})
	add(keyed, func(m *meter, args starlark.Tuple) (starlark.Value, error) {
		return args[1], m.search(args[0], args[1])
	})
	add(subscript, func(m *meter, args starlark.Tuple) (starlark.Value, error) {
		if err := m.search(args[0], args[1]); err != nil {
			return nil, err
		}
		return element(args[0], args[1])
	})
	add(".", func(_ *meter, args starlark.Tuple) (starlark.Value, error) {
		name, _ := starlark.AsString(args[1])
		return attribute(args[0], name)
	})
}

// compute returns x op y.
func (m *meter) compute(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	if err := m.operands(op, x, y); err != nil {
		return nil, err
	}
	if op == syntax.NOT_IN {
		found, err := starlark.Binary(syntax.IN, x, y)
		if err != nil {
			return nil, err
		}
		return !found.Truth(), nil
	}
	result, err := starlark.Binary(op, x, y)
	if err != nil {
		return nil, withHint(err, x, y)
	}
	return result, m.weigh(result)
}

// withHint adds to the error about two operands what whoever knows Python will not expect: that
// True and False are no numbers.
func withHint(err error, x, y starlark.Value) error {
	_, left := x.(starlark.Bool)
	_, right := y.(starlark.Bool)
	if left || right {
		return fmt.Errorf("%w: True and False are no numbers here, write int(...) around a "+
			"comparison", err)
	}
	return err
}

// operands measures the operands of x op y, and what is made of them.
func (m *meter) operands(op syntax.Token, x, y starlark.Value) error {
	if err := m.weigh(x, y); err != nil {
		return err
	}
	switch op {
	case syntax.STAR:
		return m.repeats(x, y)
	case syntax.PLUS:
		_, err := sized(max(0, starlark.Len(x)) + max(0, starlark.Len(y)))
		return err
	case syntax.PERCENT:
		if form, ok := starlark.AsString(x); ok {
			return m.formats(strings.Count(form, "%"), y)
		}
	}
	return nil
}

// repeats measures x * y if one of them is a text or a list.
func (m *meter) repeats(x, y starlark.Value) error {
	if _, ok := x.(starlark.Int); ok {
		x, y = y, x
	}
	length := starlark.Len(x)
	times, ok := y.(starlark.Int)
	if length < 0 || !ok {
		return nil // numbers, or an error
	}
	n, ok := times.Int64()
	if !ok || n > mostItems {
		n = mostItems + 1
	}
	items, err := sized(length * int(max(0, n)))
	if err != nil {
		return err
	}
	return m.spend(items / bytesAStep)
}

// formats measures a text into which values are put at some places.
func (m *meter) formats(places int, values ...starlark.Value) error {
	sum := 0
	for _, v := range values {
		items, err := weight(v, 0)
		if err != nil {
			return err
		}
		sum += items
	}
	if places > 0 && sum > bytesAStep*mostItems/places {
		return fmt.Errorf("the text would be too long: a value has at most %d items", mostItems)
	}
	return m.spend(places * sum / bytesAStep)
}

// search measures the search for a key. In the worst case all keys of a dictionary are compared.
func (m *meter) search(in, key starlark.Value) error {
	if err := m.weigh(key); err != nil {
		return err
	}
	switch in.(type) {
	case *starlark.Dict, *starlark.Set:
		return m.spend(starlark.Len(in) / comparisonsAStep)
	}
	return nil
}

// gather measures making a dictionary or a set of so many elements.
func (m *meter) gather(n int) error {
	if _, err := sized(n); err != nil {
		return err
	}
	return m.spend(n * (n / 2) / comparisonsAStep)
}

// element returns x[y].
func element(x, y starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case starlark.Mapping:
		value, found, err := x.Get(y)
		if err == nil && !found {
			err = fmt.Errorf("key %s not in %s", y, x.Type())
		}
		return value, err
	case starlark.Indexable:
		i, err := starlark.AsInt32(y)
		if err != nil {
			return nil, fmt.Errorf("an index of a %s is a whole number, not a %s", x.Type(),
				y.Type())
		}
		n := x.Len()
		if i < -n || i >= n {
			return nil, fmt.Errorf("index %d is out of range: the %s has %d elements", i,
				x.Type(), n)
		}
		return x.Index((i + n) % n), nil
	}
	return nil, fmt.Errorf("a %s has no elements", x.Type())
}
