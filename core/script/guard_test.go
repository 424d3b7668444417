package script

import (
	"fmt"
	"strings"
	"testing"

	"go.starlark.net/starlark"
)

// computed returns what a function f of a script returns or the error, with the operators measured,
// and as the interpreter does it alone.
func computed(t *testing.T, script string) (guarded, plain string) {
	t.Helper()
	said := func(v starlark.Value, err error) string {
		if err != nil {
			return "error"
		}
		return v.String()
	}
	p, err := Compile("f.star", script)
	if err == nil {
		var v starlark.Value
		v, err = p.call("f")
		guarded = said(v, err)
	} else {
		guarded = "error"
	}
	thread := &starlark.Thread{}
	globals, err := starlark.ExecFileOptions(dialect(), thread, "f.star", script, nil)
	if err != nil {
		return guarded, "error"
	}
	return guarded, said(starlark.Call(thread, globals["f"], nil, nil))
}

// Measuring changes nothing of what a script computes.
func TestMeasuringChangesNothing(t *testing.T) {
	values := []string{"0", "3", "-7", "2.5", "True", "None", "'ab'", "''", "[1, 2]", "(1, 2)",
		"{'a': 1}", "set([1, 2])", "range(3)", "1 << 70", "'a'", "[]", "{}"}
	changing := strings.Fields("+ - * / // % & | ^ << >>")
	signs := append([]string{"not in"}, strings.Fields("in == != < <= > >= and or")...)
	signs = append(signs, changing...)
	for _, x := range values {
		for _, y := range values {
			for _, sign := range signs {
				same(t, fmt.Sprintf("def f(): return %s %s %s", x, sign, y))
			}
			for _, sign := range changing {
				same(t, fmt.Sprintf("def f():\n  x = %s\n  y = x\n  x %s= %s\n  return [x, y]",
					x, sign, y))
				same(t, fmt.Sprintf("def f():\n  d = [%s]\n  e = d[0]\n  d[0] %s= %s\n"+
					"  return [d, e]", x, sign, y))
			}
			for _, form := range []string{"return %s[%s]", "return %s[%s:]",
				"\n  x = %s\n  x[%s] = 5\n  return x", "return {%s: 1, 'b': %s}"} {
				same(t, fmt.Sprintf("def f(): "+form, x, y))
			}
		}
		for _, name := range strings.Fields("abs any all bool dict enumerate float int len list " +
			"max min repr reversed set sorted str tuple type zip chr ord fail") {
			same(t, fmt.Sprintf("def f(): return %s(%s)", name, x))
		}
	}
}

// same compares what a script computes with what the interpreter computes alone.
func same(t *testing.T, script string) {
	t.Helper()
	if guarded, plain := computed(t, script); guarded != plain {
		t.Errorf("%s\nis %s, and without measuring %s", script, guarded, plain)
	}
}

func TestMeasuringChangesNoStatement(t *testing.T) {
	for _, e := range table(t, "statements.txt") {
		same(t, "def f():\n  "+e.script)
	}
}

func TestWhatTheLanguageHasHereInAddition(t *testing.T) {
	for script, want := range map[string]string{
		"def f(): return sum([1, 2.5, 3])":         "6.5",
		"def f(): return sum([])":                  "0",
		"def f(): return sum([[1], [2]], [])":      "[1, 2]",
		"def f(): return 'aäb'.codepoints()":       `["a", "ä", "b"]`,
		"def f(): return sum(range(5), start=0.5)": "10.5",
	} {
		p, err := Compile("f.star", script)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := p.call("f"); err != nil || v.String() != want {
			t.Errorf("%s is %v, %v, want %s", script, v, err, want)
		}
	}
}
