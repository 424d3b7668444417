package main

import "slices"

// A value is code that leaves one value on the stack.
type value interface{ code() []byte }

// An expr is a value that is computed where it stands.
type expr []byte

func (e expr) code() []byte { return e }

// A local is a variable of a function; as a value it is what the variable holds.
type local struct {
	number int
	kind   kind
}

func (l local) code() []byte { return append([]byte{opLocalGet}, unsigned(l.number)...) }

// A function collects statements. Parameters come before all else.
type function struct {
	module  *module
	number  int
	name    string // "" for what only other functions call
	params  []kind
	results []kind
	locals  []kind
	out     []byte
}

func (f *function) emit(vs ...value) {
	for _, v := range vs {
		f.out = append(f.out, v.code()...)
	}
}

func (f *function) param(k kind) local {
	if len(f.locals) > 0 {
		panic("a parameter after a local")
	}
	f.params = append(f.params, k)
	return local{len(f.params) - 1, k}
}

func (f *function) local(k kind) local {
	f.locals = append(f.locals, k)
	return local{len(f.params) + len(f.locals) - 1, k}
}

// ints are parameters that hold an address or a count.
func (f *function) ints(n int) []local {
	ls := make([]local, n)
	for i := range ls {
		ls[i] = f.param(i32)
	}
	return ls
}

// let is a new variable with a value.
func (f *function) let(k kind, v value) local {
	l := f.local(k)
	f.set(l, v)
	return l
}

func (f *function) set(l local, v value) {
	f.emit(v, expr(append([]byte{opLocalSet}, unsigned(l.number)...)))
}

// inc adds to an integer.
func (f *function) inc(l local, v value) { f.set(l, addI(l, v)) }

// toBytes turns counts of elements into counts of bytes.
func (f *function) toBytes(counts ...local) {
	for _, c := range counts {
		f.set(c, shlI(c, num(2)))
	}
}

func (f *function) store(p value, offset int, v value) { f.emit(p, v, access(opStore, 2, offset)) }

// call is a call of another function of the module, as a value or a statement.
func call(g *function, args ...value) expr {
	var e expr
	for _, a := range args {
		e = append(e, a.code()...)
	}
	return slices.Concat(e, []byte{opCall}, unsigned(g.number))
}

// when runs then if cond is not 0.
func (f *function) when(cond value, then func()) { f.either(cond, then, nil) }

func (f *function) either(cond value, then, otherwise func()) {
	f.emit(cond, expr{opIf, noResult})
	then()
	if otherwise != nil {
		f.emit(expr{opElse})
		otherwise()
	}
	f.emit(expr{opEnd})
}

// while runs body as long as cond is not 0. The condition is asked before the first turn and after
// each.
func (f *function) while(cond value, body func()) {
	f.when(cond, func() {
		f.emit(expr{opLoop, noResult})
		body()
		f.emit(cond, expr{opBranchIf, 0}, expr{opEnd})
	})
}
