package main

import "testing"

// Two registers that are in use at the same time have different names.
func TestRegistersAreApart(t *testing.T) {
	for _, f := range kernels(true).functions {
		if f.name == "" {
			continue
		}
		c, _ := lower(f)
		lives, names := c.lives(f.name), c.allocate(f.name)
		for r, a := range lives {
			for s, b := range lives {
				if r != s && r.vector == s.vector && names[r] == names[s] &&
					a.first < b.last && b.first < a.last {
					t.Errorf("%s: register %d is two at once, in %v and in %v", f.name, names[r], a,
						b)
				}
			}
		}
	}
}

// What is older than a loop and used in it is in use until the loop ends.
func TestLoopsKeepRegisters(t *testing.T) {
	m := &module{}
	f, l := m.kernel("sum", "func(x *float32, n int) float32")
	total, by := f.let(v128, constant(0)), f.let(v128, constant(2))
	f.while(gtI(l[1], num(0)), func() {
		f.set(total, plus(total, times(by, load(l[0], 0))))
		f.inc(l[1], num(-4))
	})
	f.returns(lane0(total))
	c, _ := lower(f)
	loop := c.loops[0]
	kept := 0
	for r, s := range c.lives("sum") {
		if r.vector && s.first < loop.first && s.last >= loop.last {
			kept++
		}
	}
	if kept != 2 {
		t.Errorf("%d vectors last as long as the loop, want total and by", kept)
	}
}

func TestReadingBeforeSettingPanics(t *testing.T) {
	m := &module{}
	f, _ := m.kernel("unset", "func(x *float32) float32")
	f.returns(lane0(f.local(v128)))
	defer func() {
		if recover() == nil {
			t.Error("a variable that nothing sets was lowered")
		}
	}()
	c, _ := lower(f)
	c.lives("unset")
}
