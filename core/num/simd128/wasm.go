package main

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Numbers of WebAssembly's binary format.
const (
	sectionCustom, sectionType, sectionImport, sectionFunction = 0, 1, 2, 3
	sectionTable, sectionExport, sectionElement, sectionCode   = 4, 7, 9, 10

	externFunction, externTable, externMemory = 0, 1, 2
	typeFunction, typeFuncref                 = 0x60, 0x70

	opLoop, opIf, opElse, opEnd, opBranchIf = 0x03, 0x04, 0x05, 0x0b, 0x0d
	opCallIndirect, opLocalGet, opLocalSet  = 0x11, 0x20, 0x21
	noResult                                = 0x40
)

// opcode returns the bytes that name an operation.
func opcode(name string) []byte {
	one := map[string]byte{
		"call": 0x10, "f32.load": 0x2a, "f32.store": 0x38, "i32.const": 0x41, "f32.const": 0x43,
		"i32.eq": 0x46, "i32.gt_s": 0x4a, "i32.ge_s": 0x4e,
		"i32.add": 0x6a, "i32.sub": 0x6b, "i32.mul": 0x6c, "i32.and": 0x71,
		"i32.shl": 0x74, "i32.shr_u": 0x76,
		"f32.sqrt": 0x91, "f32.add": 0x92, "f32.mul": 0x94, "f32.div": 0x95,
	}
	if code, ok := one[name]; ok {
		return []byte{code}
	}
	vector := map[string]int{
		"v128.load": 0, "v128.load32_splat": 9, "v128.store": 11, "v128.const": 12,
		"i8x16.shuffle": 13, "i32x4.splat": 17, "f32x4.splat": 19, "f32x4.extract_lane": 31,
		"i32x4.gt_s": 59, "v128.xor": 81, "v128.bitselect": 82, "v128.load32_lane": 86,
		"v128.store32_lane": 90, "v128.store64_lane": 91, "v128.load32_zero": 92,
		"v128.load64_zero": 93, "i32x4.shl": 171, "i32x4.shr_s": 172, "i32x4.add": 174,
		"i32x4.sub": 177, "f32x4.neg": 225, "f32x4.sqrt": 227, "f32x4.add": 228,
		"f32x4.sub": 229, "f32x4.mul": 230, "f32x4.div": 231, "f32x4.pmin": 234,
		"f32x4.pmax": 235,
	}
	code, ok := vector[name]
	if !ok {
		panic(fmt.Sprintf("WebAssembly has no %s here", name))
	}
	return append([]byte{0xfd}, unsigned(code)...)
}

// code is what leaves a value on the stack.
func code(v value) []byte {
	if l, ok := v.(local); ok {
		return append([]byte{opLocalGet}, unsigned(l.number)...)
	}
	e := v.(expr)
	var out []byte
	for _, arg := range e.args {
		out = append(out, code(arg)...)
	}
	out = append(out, opcode(e.op)...)
	switch e.op {
	case "call":
		out = append(out, unsigned(e.callee.number)...)
	case "i32.const":
		out = append(out, signed(int(int32(e.bits[0])))...)
	case "f32.const":
		out = binary.LittleEndian.AppendUint32(out, e.bits[0])
	case "v128.const":
		for _, w := range e.bits {
			out = binary.LittleEndian.AppendUint32(out, w)
		}
	case "i8x16.shuffle":
		for _, l := range e.lanes {
			for b := range 4 {
				out = append(out, byte(4*l+b))
			}
		}
	case "f32x4.extract_lane":
		out = append(out, byte(e.lanes[0]))
	case "f32.load", "f32.store", "v128.load", "v128.store", "v128.load32_splat",
		"v128.load32_zero", "v128.load64_zero":
		out = append(out, access(e.offset)...)
	case "v128.load32_lane", "v128.store32_lane", "v128.store64_lane":
		out = append(append(out, access(e.offset)...), byte(e.lanes[0]))
	}
	return out
}

// access is where on memory: addresses are multiples of 4, of which the format wants the logarithm.
func access(offset int) []byte { return append([]byte{2}, unsigned(offset)...) }

// codes is the code of statements.
func codes(body []statement) (out []byte) {
	for _, s := range body {
		switch s := s.(type) {
		case assign:
			out = append(append(out, code(s.v)...), opLocalSet)
			out = append(out, unsigned(s.to.number)...)
		case effect:
			out = append(out, code(s.e)...)
		case result:
			out = append(out, code(s.v)...)
		case branch:
			out = append(append(out, code(s.cond)...), opIf, noResult)
			out = append(out, codes(s.then)...)
			if s.otherwise != nil {
				out = append(append(out, opElse), codes(s.otherwise)...)
			}
			out = append(out, opEnd)
		case repeat:
			out = append(append(out, opLoop, noResult), codes(s.body)...)
			out = append(append(out, code(s.cond)...), opBranchIf, 0, opEnd)
		}
	}
	return out
}

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

// encode writes two modules. Go's module needs the functions before it exists, the kernels need its
// memory: so Go gets functions that look the kernels up in a table, and the kernels, instantiated
// last, fill in the table. Thus a call stays within WebAssembly. The module with the table is a
// section, named calls, of the one with the kernels, so that there is one file.
func (m *module) encode() []byte {
	var types, numbers, bodies, exported [][]byte
	for _, f := range m.functions {
		types = append(types, f.typeCode())
		numbers = append(numbers, unsigned(f.number))
		bodies = append(bodies, f.bodyCode(codes(f.body)))
		if f.name != "" {
			exported = append(exported, unsigned(f.number))
		}
	}
	memory := slices.Concat(text("go"), text("mem"), []byte{externMemory, 0}, unsigned(1))
	table := slices.Concat(text("calls"), text("table"), []byte{externTable, typeFuncref, 0},
		unsigned(len(exported)))
	at0 := slices.Concat([]byte{0}, code(num(0)), []byte{opEnd})
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
		var body []byte
		for i, k := range f.params {
			body = append(body, code(local{i, k})...)
		}
		body = append(append(body, code(num(n))...), opCallIndirect)
		body = slices.Concat(body, unsigned(n), unsigned(0))
		types = append(types, f.typeCode())
		numbers = append(numbers, unsigned(n))
		bodies = append(bodies, (&function{}).bodyCode(body))
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

func (f *function) typeCode() []byte {
	return slices.Concat([]byte{typeFunction}, kinds(f.params), kinds(f.results))
}

// bodyCode is the function's variables and its code.
func (f *function) bodyCode(code []byte) []byte {
	var locals [][]byte
	for _, k := range f.locals {
		locals = append(locals, []byte{1, byte(k)})
	}
	all := slices.Concat(vector(locals...), code, []byte{opEnd})
	return append(unsigned(len(all)), all...)
}
