package script

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
)

// The limits of one call. Rewards of real answers take about a thousand steps.
const (
	mostSteps  = 200_000
	mostItems  = 1 << 16 // of one value, with all that is in it; a text has one for each byte
	mostDepth  = 32      // lists within lists
	mostBits   = 1024    // of a whole number
	bytesAStep = 16      // bytes that are copied or compared in the time of one step

	comparisonsAStep = 16 // of keys, where a dictionary is searched
)

var errTooManySteps = fmt.Errorf("this takes more than %d steps: does a loop never end?", mostSteps)

// meter counts what a call takes.
type meter struct{ thread *starlark.Thread }

// meterKey is the name under which a thread has its meter.
const meterKey = "meter"

func newMeter() *meter {
	m := &meter{thread: &starlark.Thread{Print: func(*starlark.Thread, string) {}}}
	m.thread.SetMaxExecutionSteps(mostSteps)
	m.thread.OnMaxSteps = func(t *starlark.Thread) { t.Cancel(errTooManySteps.Error()) }
	m.thread.SetLocal(meterKey, m)
	return m
}

// meterOf returns the meter of a call.
func meterOf(t *starlark.Thread) *meter {
	m, _ := t.Local(meterKey).(*meter)
	return m
}

// spend counts steps. It returns an error if there were too many.
func (m *meter) spend(steps int) error {
	m.thread.Steps += uint64(steps)
	if m.thread.Steps >= mostSteps {
		return errTooManySteps
	}
	return nil
}

// weigh counts a step for each item of a value. It returns an error if the value is too large.
func (m *meter) weigh(values ...starlark.Value) error {
	for _, v := range values {
		items, err := weight(v, 0)
		if err != nil {
			return err
		}
		if err := m.spend(items / bytesAStep); err != nil {
			return err
		}
	}
	return nil
}

// weight returns how many items a value has, with all that is in it, at a depth within another one.
// It stops at a value that is too large, which it returns an error for.
func weight(v starlark.Value, depth int) (items int, err error) {
	switch v := v.(type) {
	case starlark.Int:
		if _, small := v.Int64(); small {
			return 1, nil
		}
		bits := v.BigInt().BitLen()
		if bits > mostBits {
			return 0, fmt.Errorf("a whole number has at most %d bits", mostBits)
		}
		return bits, nil
	case starlark.String:
		return sized(len(v))
	case *starlark.Function:
		return weightOfFunction(v, depth)
	case starlark.Iterable:
		return weightOfAll(v, depth)
	}
	return 1, nil
}

// sized returns n, and an error if a value must not have so many items.
func sized(n int) (int, error) {
	if n > mostItems {
		return 0, fmt.Errorf("a value has at most %d items, and this one has more", mostItems)
	}
	return n, nil
}

// weightOfAll returns the weight of the elements of a list, a tuple, a dictionary or a set.
func weightOfAll(v starlark.Iterable, depth int) (items int, err error) {
	if depth > mostDepth {
		return 0, fmt.Errorf("lists within lists go at most %d deep", mostDepth)
	}
	counted, ok := v.(starlark.Sequence)
	if !ok {
		return 0, errors.New("this cannot be counted: want a list")
	}
	n, err := sized(counted.Len())
	items = bytesAStep * (n + 1) // an element takes a step
	switch v := v.(type) {
	case *starlark.List:
		for i := 0; i < n && err == nil; i++ {
			items, err = add(items, v.Index(i), depth)
		}
	case starlark.Tuple:
		for i := 0; i < n && err == nil; i++ {
			items, err = add(items, v[i], depth)
		}
	case *starlark.Dict:
		for key, value := range v.Entries() {
			if items, err = add(items, key, depth); err == nil {
				items, err = add(items, value, depth)
			}
			if err != nil {
				break
			}
		}
	case *starlark.Set:
		for key := range v.Elements() {
			if items, err = add(items, key, depth); err != nil {
				break
			}
		}
	}
	return items, err
}

// weightOfFunction returns the weight of what a function keeps.
func weightOfFunction(f *starlark.Function, depth int) (items int, err error) {
	if depth > mostDepth {
		return 0, fmt.Errorf("functions within functions go at most %d deep", mostDepth)
	}
	items = 1
	for i := range f.NumParams() {
		if v := f.ParamDefault(i); v != nil && err == nil {
			items, err = add(items, v, depth)
		}
	}
	for i := range f.NumFreeVars() {
		if _, v := f.FreeVar(i); v != nil && err == nil {
			items, err = add(items, v, depth)
		}
	}
	return items, err
}

// add returns items and the weight of an element.
func add(items int, element starlark.Value, depth int) (int, error) {
	if element == nil {
		return items, nil
	}
	more, err := weight(element, depth+1)
	if err != nil {
		return 0, err
	}
	if items+more > bytesAStep*mostItems {
		return sized(mostItems + 1)
	}
	return items + more, nil
}
