package script

import (
	"errors"
	"strings"
	"testing"
)

// Scripts that try to take all the time or all the memory that there is. Each is stopped, with a
// sentence about its line; that it is stopped early is what the number of steps says, which does
// not depend on the machine.
func TestHostileScriptsAreStopped(t *testing.T) {
	in := func(body ...string) string {
		return "def reward(prompt, response, answer):\n  " + strings.Join(body, "\n  ") + "\n"
	}
	for name, c := range map[string]struct {
		script, want string
	}{
		"endless loop":           {in("while True: pass"), "200000 steps"},
		"long loop":              {in("for i in range(1000000000): pass"), "200000 steps"},
		"two loops":              {in("for i in range(1000):", "  for j in range(1000): pass"), "200000 steps"},
		"huge list":              {in("return len([0] * 1000000000)"), "65536 items"},
		"huge text":              {in("return len('ab' * 1000000000)"), "65536 items"},
		"negative":               {in("return len('ab' * -1)", ""), ""},
		"list of range":          {in("return len(list(range(1000000000)))"), "65536 items"},
		"max of range":           {in("return max(range(1000000000000))"), "65536 items"},
		"doubling":               {in("s = 'ab'", "for i in range(99): s = s + s"), "65536 items"},
		"doubling in place":      {in("s = 'ab'", "for i in range(99): s += s"), "65536 items"},
		"lists in place":         {in("s = [1]", "for i in range(99): s += s"), "65536 items"},
		"repeat in place":        {in("s = 'ab'", "for i in range(99): s *= 2"), "65536 items"},
		"in a dictionary":        {in("d = {'a': 'ab'}", "for i in range(99): d['a'] += d['a']"), "65536 items"},
		"extend":                 {in("s = [1]", "for i in range(99): s.extend(s)"), "65536 items"},
		"join":                   {in("s = 'a' * 60000", "return len(s.join([s] * 3))"), "items"},
		"replace":                {in("s = 'a' * 60000", "return len(s.replace('a', s))"), "items"},
		"replace nothing":        {in("s = 'a' * 60000", "return len(s.replace('', s))"), "items"},
		"format":                 {in("s = 'a' * 60000", "return len(('{0}' * 9000).format(s))"), "too long"},
		"percent":                {in("s = 'a' * 60000", "return len(('%s' * 999) % tuple([s] * 999))"), "items"},
		"lists in lists":         {in("s = [1]", "for i in range(30): s = [s, s]", "return len(str(s))"), "items"},
		"deep list":              {in("s = [1]", "for i in range(40): s = [s]", "return len(str(s))"), "32 deep"},
		"deep comparison":        {in("s = [1]", "for i in range(30): s = [s, s]", "return s == s"), "items"},
		"deep key":               {in("s = (1,)", "for i in range(30): s = (s, s)", "return {}[s]"), "items"},
		"deep key set":           {in("s = (1,)", "d = {}", "for i in range(30): s = (s, s)", "d[s] = 1"), "items"},
		"deep key literal":       {in("s = (1,)", "for i in range(30): s = (s, s)", "return {s: 1}"), "items"},
		"deep global":            {"s = [1]\nfor i in range(99): s = [s]\n", "32 deep"},
		"wide global":            {"s = [1]\nfor i in range(30): s = [s, s]\n", "items"},
		"global in a function":   {"s = [1]\nfor i in range(99): s = [s]\ndef f(x=s): pass\ns = 1\n", "32 deep"},
		"colliding keys":         {in("d = {}", "for i in range(60000): d[i << 32] = 1"), "200000 steps"},
		"colliding keys at once": {in("d = {i << 32: 1 for i in range(40000)}"), "200000 steps"},
		"colliding set":          {in("d = set([i << 32 for i in range(30000)])"), "200000 steps"},
		"colliding pairs":        {in("d = dict([(i << 32, 1) for i in range(30000)])"), "200000 steps"},
		"colliding updates":      {in("d = {}", "d.update([(i << 32, 1) for i in range(30000)])"), "200000 steps"},
		"large number":           {in("n = 3", "for i in range(99): n = n * n"), "1024 bits"},
		"large number in place":  {in("n = 3", "for i in range(99): n *= n"), "1024 bits"},
		"read number":            {in("return int('9' * 60000)"), "1024 bits"},
		"recursion":              {"def f(n): return f(n + 1)\n" + in("return f(0)"), "recursively"},
		"mutual recursion":       {"def f(n): return g(n)\ndef g(n): return f(n)\n" + in("return f(0)"), "recursively"},
		"combinator":             {in("f = lambda g: g(g)", "return f(f)"), "recursively"},
		"deep brackets":          {in("return " + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000)), "nesting"},
		"many signs":             {in("return " + strings.Repeat("-", 9000) + "1"), "nesting"},
		"many nots":              {in("return " + strings.Repeat("not ", 3000) + "1"), "nesting"},
		"many lambdas":           {in("return " + strings.Repeat("lambda: ", 1500) + "1"), "nesting"},
		"many ifs":               {in("return " + strings.Repeat("1 if 1 else ", 1300) + "1"), "nesting"},
		"many sums":              {in("return " + strings.Repeat("1 + ", 900) + "1"), ""},
		"many elifs":             {in("if 0: pass", strings.Repeat("elif 0: pass\n  ", 1000)), "nothing"},
		"long global":            {strings.Repeat("# nothing\n", 9000), "at most 16384 bytes"},
		"load":                   {"load('a.star', 'b')\n", "one file"},
		"getattr":                {in("return getattr('a', 'join')"), "not available"},
		"hash":                   {in("return hash('a')"), "not available"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Compile("mine.star", c.script)
			if err == nil {
				_, err = p.Reward("1+1=", "2", "2")
			}
			var fault *Error
			switch {
			case c.want == "" && err != nil:
				t.Errorf("the error is %v, want none", err)
			case c.want == "":
			case !errors.As(err, &fault):
				t.Errorf("the error is %v, want one about %q", err, c.want)
			case !strings.Contains(fault.Message, c.want) ||
				fault.Line == 0 && !strings.Contains(name, "global"):
				t.Errorf("the error is %v, want one about %q", err, c.want)
			}
		})
	}
}
