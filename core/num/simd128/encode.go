package main

import "slices"

// A kind is the type of a value.
type kind byte

const (
	i32  kind = 0x7f
	f32  kind = 0x7d
	v128 kind = 0x7b
)

// Numbers of the format.
const (
	sectionCustom, sectionType, sectionImport, sectionFunction = 0, 1, 2, 3
	sectionTable, sectionExport, sectionElement, sectionCode   = 4, 7, 9, 10

	externFunction, externTable, externMemory = 0, 1, 2
	typeFunction, typeFuncref                 = 0x60, 0x70
)

// unsigned and signed write integers in base 128, lowest digit first.
func unsigned(n int) (out []byte) {
	for ; n >= 0x80; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n))
}

func signed(n int) (out []byte) {
	for ; n < -0x40 || n >= 0x40; n >>= 7 {
		out = append(out, byte(n)|0x80)
	}
	return append(out, byte(n)&0x7f)
}

func text(s string) []byte { return append(unsigned(len(s)), s...) }

// vector is a list with its length in front.
func vector(items ...[]byte) []byte {
	return append(unsigned(len(items)), slices.Concat(items...)...)
}

func section(id byte, content ...[]byte) []byte {
	all := slices.Concat(content...)
	return slices.Concat([]byte{id}, unsigned(len(all)), all)
}

func wasm(sections ...[]byte) []byte {
	return append([]byte("\x00asm\x01\x00\x00\x00"), slices.Concat(sections...)...)
}

// A module holds the functions of the kernels in the order of their numbers. Those that are kernels
// can be called from outside.
type module struct {
	functions []*function
	load      *function
	store     *function
}

// kernel starts a function that Go calls.
func (m *module) kernel(name string, results ...kind) *function {
	f := m.function(results...)
	f.name = name
	return f
}

func (m *module) function(results ...kind) *function {
	f := &function{module: m, number: len(m.functions), results: results}
	m.functions = append(m.functions, f)
	return f
}

// encode writes two modules. Go's module needs the functions before it exists, the kernels need its
// memory: so Go gets functions that look the kernels up in a table, and the kernels, instantiated
// last, fill in the table. Thus a call stays within WebAssembly. The module with the table is a
// section, named calls, of the one with the kernels, so that there is one file.
func (m *module) encode() []byte {
	var types, numbers, bodies, exported [][]byte
	for _, f := range m.functions {
		types = append(types, f.signature())
		numbers = append(numbers, unsigned(f.number))
		bodies = append(bodies, f.body())
		if f.name != "" {
			exported = append(exported, unsigned(f.number))
		}
	}
	memory := slices.Concat(text("go"), text("mem"), []byte{externMemory, 0}, unsigned(1))
	table := slices.Concat(text("calls"), text("table"), []byte{externTable, typeFuncref, 0},
		unsigned(len(exported)))
	at0 := slices.Concat([]byte{0}, num(0).code(), []byte{opEnd})
	return wasm(
		section(sectionType, vector(types...)),
		section(sectionImport, vector(memory, table)),
		section(sectionFunction, vector(numbers...)),
		section(sectionElement, vector(append(at0, vector(exported...)...))),
		section(sectionCode, vector(bodies...)),
		section(sectionCustom, text("calls"), m.calls()),
	)
}

// calls is the module with the table: one function for each kernel, of its name.
func (m *module) calls() []byte {
	var types, numbers, bodies [][]byte
	exports := [][]byte{slices.Concat(text("table"), []byte{externTable, 0})}
	for _, f := range m.functions {
		if f.name == "" {
			continue
		}
		n := len(types)
		c := &function{params: f.params, results: f.results}
		for i, k := range f.params {
			c.emit(local{i, k})
		}
		c.emit(num(n), expr(slices.Concat([]byte{opCallIndirect}, unsigned(n), unsigned(0))))
		types = append(types, f.signature())
		numbers = append(numbers, unsigned(n))
		bodies = append(bodies, c.body())
		exports = append(exports, slices.Concat(text(f.name), []byte{externFunction}, unsigned(n)))
	}
	return wasm(
		section(sectionType, vector(types...)),
		section(sectionFunction, vector(numbers...)),
		section(sectionTable, vector(slices.Concat([]byte{typeFuncref, 0}, unsigned(len(types))))),
		section(sectionExport, vector(exports...)),
		section(sectionCode, vector(bodies...)),
	)
}

func kinds(ks []kind) []byte {
	var items [][]byte
	for _, k := range ks {
		items = append(items, []byte{byte(k)})
	}
	return vector(items...)
}

func (f *function) signature() []byte {
	return slices.Concat([]byte{typeFunction}, kinds(f.params), kinds(f.results))
}

func (f *function) body() []byte {
	var locals [][]byte
	for _, k := range f.locals {
		locals = append(locals, []byte{1, byte(k)})
	}
	all := slices.Concat(vector(locals...), f.out, []byte{opEnd})
	return append(unsigned(len(all)), all...)
}
