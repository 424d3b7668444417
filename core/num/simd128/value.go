package main

import (
	"go/ast"
	"go/parser"
	"go/types"
)

// A kind is the type of a value.
type kind byte

const (
	i32  kind = 0x7f // an address, a count or a flag; 64 bits wide on arm64
	f32  kind = 0x7d
	v128 kind = 0x7b
)

// A value is a local or an expr.
type value any

// A local is a variable of a function; as a value it is what the variable holds.
type local struct {
	number int
	kind   kind
}

// An expr is an operation. Its name is that of WebAssembly's text format, with the few exceptions
// that ops.go lists.
type expr struct {
	op     string
	args   []value
	offset int       // of what is on memory
	lanes  []int     // of a shuffle, or the lane
	bits   [4]uint32 // of a constant; the first for a number
	callee *function
}

// A statement is one of the types below.
type statement any

type (
	// assign sets a variable.
	assign struct {
		to local
		v  value
	}
	// effect does what leaves no value: a store, or a call.
	effect struct{ e expr }
	// result is the last statement of a function with a result.
	result struct{ v value }
	// branch runs then if cond is not 0, otherwise the other statements.
	branch struct {
		cond            value
		then, otherwise []statement
	}
	// repeat runs body, and again as long as cond is not 0.
	repeat struct {
		body []statement
		cond value
	}
)

// A parameter is one of a kernel's Go function.
type parameter struct {
	name, goType string
}

// A function collects statements. Parameters come before all else.
type function struct {
	module    *module
	number    int
	name      string // "" for what only other functions call
	signature string // of the kernel in Go
	takes     []parameter
	params    []kind
	results   []kind
	locals    []kind
	body      []statement
}

// A module holds the functions of the kernels in the order of their numbers. Those that are kernels
// can be called from outside.
type module struct {
	functions []*function
	load      *function
	store     *function

	// wide says that there are 32 vector registers, not 16, and a product with a lane of a vector.
	wide bool
}

func (m *module) function(results ...kind) *function {
	f := &function{module: m, number: len(m.functions), results: results}
	m.functions = append(m.functions, f)
	return f
}

// named returns a kernel of the module.
func (m *module) named(name string) *function {
	for _, f := range m.functions {
		if f.name == name {
			return f
		}
	}
	panic("no kernel " + name)
}

// kernel starts a function that Go calls, with the signature of its Go twin on bare pointers. It
// returns the parameters, too.
func (m *module) kernel(name, signature string) (*function, []local) {
	f := m.function()
	f.name, f.signature = name, signature
	tree, err := parser.ParseExpr(signature)
	if err != nil {
		panic(err)
	}
	goFunc := tree.(*ast.FuncType)
	kinds := map[string]kind{"*float32": i32, "int": i32, "bool": i32, "float32": f32}
	var params []local
	for _, field := range goFunc.Params.List {
		goType := types.ExprString(field.Type)
		for _, n := range field.Names {
			f.takes = append(f.takes, parameter{n.Name, goType})
			params = append(params, f.param(kinds[goType]))
		}
	}
	if goFunc.Results != nil {
		f.results = []kind{f32}
	}
	return f, params
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

// let is a new variable with a value.
func (f *function) let(k kind, v value) local {
	l := f.local(k)
	f.set(l, v)
	return l
}

func (f *function) add(s statement) { f.body = append(f.body, s) }

func (f *function) set(l local, v value) { f.add(assign{l, v}) }

// returns ends the function with its result.
func (f *function) returns(v value) { f.add(result{v}) }

// inc adds to an integer.
func (f *function) inc(l local, v value) { f.set(l, addI(l, v)) }

// toBytes turns counts of elements into counts of bytes.
func (f *function) toBytes(counts ...local) {
	for _, c := range counts {
		f.set(c, shlI(c, num(2)))
	}
}

// call is a call of another function of the module, as a value or an effect.
func call(g *function, args ...value) expr { return expr{op: "call", args: args, callee: g} }

// do adds what leaves no value.
func (f *function) do(e expr) { f.add(effect{e}) }

// inner returns the statements that body adds.
func (f *function) inner(body func()) []statement {
	outer := f.body
	f.body = nil
	body()
	added := f.body
	f.body = outer
	return added
}

// when runs then if cond is not 0.
func (f *function) when(cond value, then func()) {
	f.add(branch{cond: cond, then: f.inner(then)})
}

func (f *function) either(cond value, then, otherwise func()) {
	f.add(branch{cond, f.inner(then), f.inner(otherwise)})
}

// while runs body as long as cond is not 0. The condition is asked before the first turn and after
// each.
func (f *function) while(cond value, body func()) {
	f.when(cond, func() { f.add(repeat{f.inner(body), cond}) })
}
