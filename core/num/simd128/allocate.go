package main

import (
	"cmp"
	"fmt"
	"slices"
)

// integerRegisters are those that a function may use as it likes: R18 is the platform's, R27 the
// assembler's, and those from R28 on Go's.
func integerRegisters() (rs []int) {
	for r := range 27 {
		if r != 18 {
			rs = append(rs, r)
		}
	}
	return rs
}

// allocate gives each virtual register one of the processor's for as long as it is in use: from the
// first instruction that writes it to the last that reads it or, if it is used inside of a loop and
// older than the loop, to the loop's end.
func (c *lowering) allocate(name string) map[register]int {
	lives := c.lives(name)
	order := make([]register, 0, len(lives))
	for r := range lives {
		order = append(order, r)
	}
	slices.SortFunc(order, func(a, b register) int {
		return cmp.Or(cmp.Compare(lives[a].first, lives[b].first), cmp.Compare(a.number, b.number))
	})
	free := map[bool][]int{false: integerRegisters()}
	for r := range 32 {
		free[true] = append(free[true], r)
	}
	names := map[register]int{}
	var active []register
	for _, r := range order {
		active = slices.DeleteFunc(active, func(old register) bool {
			// An instruction reads before it writes, so it may write what it reads last.
			if lives[old].last > lives[r].first {
				return false
			}
			free[old.vector] = append(free[old.vector], names[old])
			return true
		})
		left := free[r.vector]
		if len(left) == 0 {
			panic(fmt.Sprintf("%s needs more registers than arm64 has", name))
		}
		names[r] = slices.Min(left)
		free[r.vector] = slices.DeleteFunc(left, func(n int) bool { return n == names[r] })
		active = append(active, r)
	}
	return names
}

// lives are the instructions between which each register is in use.
func (c *lowering) lives(name string) map[register]span {
	lives := map[register]span{}
	seen := func(r register, at int) {
		s, ok := lives[r]
		if !ok {
			s.first = at
		}
		s.last = at
		lives[r] = s
	}
	for i, in := range c.out {
		for _, r := range in.from {
			if _, ok := lives[r]; !ok {
				panic(fmt.Sprintf("%s reads a variable before it sets it", name))
			}
			seen(r, i)
		}
		if in.to != nil {
			seen(*in.to, i)
		}
	}
	for changed := true; changed; {
		changed = false
		for _, loop := range c.loops {
			for r, s := range lives {
				if s.first < loop.first && s.last >= loop.first && s.last < loop.last {
					lives[r] = span{s.first, loop.last}
					changed = true
				}
			}
		}
	}
	return lives
}
