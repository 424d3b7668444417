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
	signs := []string{"+", "-", "*", "/", "//", "%", "&", "|", "^", "<<", ">>", "in", "not in", "==",
		"!=", "<", "<=", ">", ">=", "and", "or"}
	for _, x := range values {
		for _, y := range values {
			for _, sign := range signs {
				same(t, fmt.Sprintf("def f(): return %s %s %s", x, sign, y))
				if strings.Contains("+ - * / // % & | ^ << >>", sign) {
					same(t, fmt.Sprintf("def f():\n  x = %s\n  y = x\n  x %s= %s\n  return [x, y]", x,
						sign, y))
					same(t, fmt.Sprintf("def f():\n  d = [%s]\n  e = d[0]\n  d[0] %s= %s\n  "+
						"return [d, e]", x, sign, y))
				}
			}
			same(t, fmt.Sprintf("def f(): return %s[%s]", x, y))
			same(t, fmt.Sprintf("def f(): return %s[%s:]", x, y))
			same(t, fmt.Sprintf("def f():\n  x = %s\n  x[%s] = 5\n  return x", x, y))
			same(t, fmt.Sprintf("def f(): return {%s: 1, 'b': %s}", x, y))
		}
		for _, name := range []string{"abs", "any", "all", "bool", "dict", "enumerate", "float", "int",
			"len", "list", "max", "min", "repr", "reversed", "set", "sorted", "str", "tuple",
			"type", "zip", "chr", "ord", "print", "fail"} {
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
	for _, body := range []string{
		"return [x * y for x in range(4) if x % 2 for y in (x, 1)]",
		"return {x: -x for x in range(4)}",
		"return {k: v + 1 for k, v in {'a': 1, 'b': 2}.items()}",
		"return (lambda x, y=2 + 1: x + y)(1)",
		"a, (b, c) = 1, [2, 3]\n  return a + b * c",
		"a = [1, 2]\n  (a[0], a[1]) = (a[1], a[0])\n  return a",
		"d = {'a': {'b': [1]}}\n  d['a']['b'][0] += 5\n  return d",
		"def g(a, *b, **c): return [a, b, c]\n  return g(*[1, 2], **{'x': 3})",
		"def g(a, b=1 + 1): return a - b\n  return g(b=5, a=7)",
		"s = 0\n  for x in [3, 1, 2]:\n    if x == 1: continue\n    s += x\n  else_ = s\n  return else_",
		"n = 0\n  while n < 5: n += 2\n  return n",
		"return 'a b  c'.split(' ')",
		"return '-'.join(['a', 'b'])", "return 'abab'.replace('a', 'cc', 1)",
		"return '{} and {x}'.format(1, x='y')", "return '%s is %d' % ('a', 3)",
		"return sorted(['bb', 'a'], key=len, reverse=True)", "return max([1, 3, 2], key=lambda x: -x)",
		"l = [3]\n  l.append(4)\n  l.insert(0, 1)\n  l.extend([5])\n  l.remove(3)\n  return [l, l.pop(), l.index(4)]",
		"d = {}\n  d.setdefault('a', []).append(1)\n  d.update([('b', 2)])\n  return [d, d.get('c', 7), d.pop('b'), d.keys(), d.items()]",
		"s = set([1])\n  s.add(2)\n  return [s.union([3]), 2 in s, len(s)]",
		"return 'abc'[1] + 'abc'[-1] + 'abcdef'[1:5:2]", "return list('abc'.elems())",
		"return [1, 2] < [1, 3], (1,) == (1,), not 1, -2, +3, ~4",
		"return 1 if [] else 2", "return 7 // 2, -7 // 2, 7 % -3, 7.5 // 2, 1 / 3",
		"return 'abc'.codepoints", "return 'a'.nothing", "fail('oh')", "return {}['a']", "return [1][1]",
		"return 1(2)", "return undefined",
	} {
		if strings.HasSuffix(body, "codepoints") { // which returns a list here
			continue
		}
		same(t, "def f():\n  "+body)
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
