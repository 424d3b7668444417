package main

import "math"

// These names are not WebAssembly's: v128.load_splat and the others on part of a vector have
// shorter ones, pmin and pmax those of f32x4, and call is a call.

func op(name string, args ...value) expr { return expr{op: name, args: args} }

// at is an operation on memory.
func at(name string, offset int, args ...value) expr {
	return expr{op: name, offset: offset, args: args}
}

// Integers: addresses and counts.
func num(n int) expr       { return expr{op: "i32.const", bits: [4]uint32{uint32(int32(n))}} }
func addI(x, y value) expr { return op("i32.add", x, y) }
func subI(x, y value) expr { return op("i32.sub", x, y) }
func mulI(x, y value) expr { return op("i32.mul", x, y) }
func shlI(x, y value) expr { return op("i32.shl", x, y) }
func shrI(x, y value) expr { return op("i32.shr_u", x, y) }
func andI(x, y value) expr { return op("i32.and", x, y) }
func eqI(x, y value) expr  { return op("i32.eq", x, y) }
func gtI(x, y value) expr  { return op("i32.gt_s", x, y) }
func geI(x, y value) expr  { return op("i32.ge_s", x, y) }

// Single numbers.
func loadF(p value, offset int) expr { return at("f32.load", offset, p) }
func oneF() expr {
	return expr{op: "f32.const", bits: [4]uint32{math.Float32bits(1)}}
}
func sqrtF(x value) expr   { return op("f32.sqrt", x) }
func addF(x, y value) expr { return op("f32.add", x, y) }
func mulF(x, y value) expr { return op("f32.mul", x, y) }
func divF(x, y value) expr { return op("f32.div", x, y) }

func (f *function) storeF(p value, offset int, v value) { f.do(at("f32.store", offset, p, v)) }

// Vectors of four numbers.
func load(p value, offset int) expr { return at("v128.load", offset, p) }

func (f *function) store(p value, offset int, v value) { f.do(at("v128.store", offset, p, v)) }

// loadSplat reads one number into all lanes.
func loadSplat(p value, offset int) expr { return at("v128.load32_splat", offset, p) }

// loadZero1 and loadZero2 read one number or two, and zeros for the others.
func loadZero1(p value) expr { return at("v128.load32_zero", 0, p) }
func loadZero2(p value) expr { return at("v128.load64_zero", 0, p) }

// loadThird reads the third number, at p+8, into v.
func loadThird(p, v value) expr {
	return expr{op: "v128.load32_lane", offset: 8, args: []value{p, v}, lanes: []int{2}}
}

// storeOne, storeTwo and storeThird write these numbers of v to their places from p on.
func (f *function) storeOne(p, v value) {
	f.do(expr{op: "v128.store32_lane", args: []value{p, v}, lanes: []int{0}})
}
func (f *function) storeTwo(p, v value) {
	f.do(expr{op: "v128.store64_lane", args: []value{p, v}, lanes: []int{0}})
}
func (f *function) storeThird(p, v value) {
	f.do(expr{op: "v128.store32_lane", offset: 8, args: []value{p, v}, lanes: []int{2}})
}

func splat(x value) expr    { return op("f32x4.splat", x) }
func neg(x value) expr      { return op("f32x4.neg", x) }
func sqrt(x value) expr     { return op("f32x4.sqrt", x) }
func plus(x, y value) expr  { return op("f32x4.add", x, y) }
func minus(x, y value) expr { return op("f32x4.sub", x, y) }
func times(x, y value) expr { return op("f32x4.mul", x, y) }
func over(x, y value) expr  { return op("f32x4.div", x, y) }

func lane0(x value) expr {
	return expr{op: "f32x4.extract_lane", args: []value{x}, lanes: []int{0}}
}

// timesLane multiplies x with one lane of y. Only wide targets have it.
func timesLane(x, y value, lane int) expr {
	return expr{op: "f32x4.mul_lane", args: []value{x, y}, lanes: []int{lane}}
}

// pmin is y where y < x, else x; pmax is y where x < y, else x. So x is the result when one is NaN.
func pmin(x, y value) expr { return op("f32x4.pmin", x, y) }
func pmax(x, y value) expr { return op("f32x4.pmax", x, y) }

// Vectors as bits and as integers.
func xor(x, y value) expr          { return op("v128.xor", x, y) }
func choose(x, y, mask value) expr { return op("v128.bitselect", x, y, mask) }
func gtInt(x, y value) expr        { return op("i32x4.gt_s", x, y) }
func plusInt(x, y value) expr      { return op("i32x4.add", x, y) }
func minusInt(x, y value) expr     { return op("i32x4.sub", x, y) }
func splatInt(x value) expr        { return op("i32x4.splat", x) }
func shlInt(x value, n int) expr   { return op("i32x4.shl", x, num(n)) }
func shrInt(x value, n int) expr   { return op("i32x4.shr_s", x, num(n)) }

// shuffle picks four of the eight lanes of x and y.
func shuffle(x, y value, lanes ...int) expr {
	return expr{op: "i8x16.shuffle", args: []value{x, y}, lanes: lanes}
}

// bits is a vector of four constants.
func bits(w ...uint32) expr {
	e := expr{op: "v128.const"}
	for i := range e.bits {
		e.bits[i] = w[i%len(w)]
	}
	return e
}

func constant(v float64) expr { return bits(math.Float32bits(float32(v))) }
