package main

import (
	"bytes"
	"fmt"
	"strings"
)

// A register holds a value on arm64: first a virtual one, of which there are as many as needed.
type register struct {
	number int
	vector bool // or a single number
}

// An instruction is one line of assembly. It may write one register and read some.
type instruction struct {
	to    *register
	from  []register
	print func(name func(register) int) string
}

// A lowering turns the statements of a function into instructions for arm64.
type lowering struct {
	out       []instruction
	loops     []span // from its label to its branch
	registers int
	labels    int
}

// A span is a range of instructions, both ends included.
type span struct{ first, last int }

func (c *lowering) register(k kind) register {
	c.registers++
	return register{c.registers, k != i32}
}

// write adds a line that writes a register. In the format verb %[1]d is that one, and those that it
// reads follow.
func (c *lowering) write(to register, format string, from ...register) {
	c.out = append(c.out, instruction{&to, from, func(name func(register) int) string {
		return "\t" + fmt.Sprintf(format, numbers(name, append([]register{to}, from...))...)
	}})
}

// act adds a line that writes no register. The verbs %d stand for those that it reads.
func (c *lowering) act(format string, from ...register) {
	c.out = append(c.out, instruction{nil, from, func(name func(register) int) string {
		return "\t" + fmt.Sprintf(format, numbers(name, from)...)
	}})
}

func numbers(name func(register) int, rs []register) (all []any) {
	for _, r := range rs {
		all = append(all, name(r))
	}
	return all
}

// word adds an instruction as a number, because Go's assembler has no name for most of those on
// vectors of floats. The number has the written register at bit 0 and those in from at bits 5 and
// 16. also lists what else is read, such as the old value of the written register.
func (c *lowering) word(code uint32, name string, to register, from []register,
	also ...register) {
	c.out = append(c.out, instruction{&to, append(from[:len(from):len(from)], also...),
		func(number func(register) int) string {
			w, args := code|uint32(number(to)), []string{fmt.Sprintf("v%d", number(to))}
			for i, r := range from {
				w |= uint32(number(r)) << [...]int{5, 16}[i]
				args = append(args, fmt.Sprintf("v%d", number(r)))
			}
			return fmt.Sprintf("\tWORD $0x%08x // %s %s", w, name, strings.Join(args, ", "))
		}})
}

func (c *lowering) label() string {
	c.labels++
	return fmt.Sprintf("l%d", c.labels)
}

func (c *lowering) place(label string) {
	c.out = append(c.out, instruction{
		print: func(func(register) int) string { return label + ":" }})
}

// A frame maps the variables of a function to registers.
type frame struct {
	f    *function
	vars map[int]register
}

func (c *lowering) variable(fr *frame, l local) register {
	r, ok := fr.vars[l.number]
	if !ok {
		r = c.register(l.kind)
		fr.vars[l.number] = r
	}
	return r
}

// statements lowers a body and returns the register of its result, if it has one.
func (c *lowering) statements(fr *frame, body []statement) (out register) {
	for _, s := range body {
		switch s := s.(type) {
		case assign:
			c.into(fr, c.variable(fr, s.to), s.v)
		case effect:
			c.effect(fr, s.e)
		case result:
			out = c.value(fr, s.v)
		case branch:
			otherwise, end := c.label(), c.label()
			c.jump(fr, s.cond, false, otherwise)
			c.statements(fr, s.then)
			if s.otherwise != nil {
				c.act("B " + end)
			}
			c.place(otherwise)
			if s.otherwise != nil {
				c.statements(fr, s.otherwise)
				c.place(end)
			}
		case repeat:
			start := c.label()
			first := len(c.out)
			c.place(start)
			c.statements(fr, s.body)
			c.jump(fr, s.cond, true, start)
			c.loops = append(c.loops, span{first, len(c.out) - 1})
		}
	}
	return out
}

// jump goes to a label if a condition is not 0, or if it is 0 unless when.
func (c *lowering) jump(fr *frame, cond value, when bool, label string) {
	branches := map[string][2]string{
		"i32.eq": {"BNE", "BEQ"}, "i32.gt_s": {"BLE", "BGT"}, "i32.ge_s": {"BLT", "BGE"},
	}
	zero, other := "CBZ", "CBNZ"
	if e, ok := cond.(expr); ok {
		if b, ok := branches[e.op]; ok {
			x := c.value(fr, e.args[0])
			if n, ok := constantInt(e.args[1]); ok {
				c.act(fmt.Sprintf("CMP $%d, R%%d", n), x)
			} else {
				c.act("CMP R%d, R%d", c.value(fr, e.args[1]), x)
			}
			if when {
				c.act(b[1] + " " + label)
			} else {
				c.act(b[0] + " " + label)
			}
			return
		}
	}
	if when {
		zero = other
	}
	c.act(zero+" R%d, "+label, c.value(fr, cond))
}

func constantInt(v value) (int, bool) {
	e, ok := v.(expr)
	return int(int32(e.bits[0])), ok && e.op == "i32.const"
}

// value returns the register that holds a value: a variable's own, or a new one.
func (c *lowering) value(fr *frame, v value) register {
	switch v := v.(type) {
	case local:
		return c.variable(fr, v)
	case expr:
		switch v.op {
		case "call":
			return c.inline(fr, v)
		case "f32x4.extract_lane": // the lowest lane of a vector register is a number
			return c.value(fr, v.args[0])
		}
		r := c.register(v.kind())
		c.into(fr, r, v)
		return r
	}
	panic("not a value")
}

// kind is the kind of what an expr leaves.
func (e expr) kind() kind {
	if strings.HasPrefix(e.op, "i32.") {
		return i32
	}
	return v128
}

// inline lowers the statements of a called function with its parameters in registers of their own.
func (c *lowering) inline(fr *frame, e expr) register {
	inner := &frame{e.callee, map[int]register{}}
	for i, k := range e.callee.params {
		if l, ok := e.args[i].(local); ok {
			inner.vars[i] = c.variable(fr, l) // no function changes its parameters
			continue
		}
		r := c.register(k)
		c.into(fr, r, e.args[i])
		inner.vars[i] = r
	}
	return c.statements(inner, e.callee.body)
}

// effect lowers what leaves no value.
func (c *lowering) effect(fr *frame, e expr) {
	if e.op == "call" {
		c.inline(fr, e)
		return
	}
	p, v := c.value(fr, e.args[0]), c.value(fr, e.args[1])
	move := map[string]string{
		"v128.store": "FMOVQ", "f32.store": "FMOVS", "v128.store32_lane": "FMOVS",
		"v128.store64_lane": "FMOVD",
	}[e.op]
	switch {
	case move == "":
		panic("no instruction for " + e.op)
	case e.lanes == nil || e.lanes[0] == 0:
		c.act(fmt.Sprintf("%s F%%d, %d(R%%d)", move, e.offset), v, p)
	default:
		c.act(fmt.Sprintf("VST1 V%%d.S[%d], (R%%d)", e.lanes[0]), v, c.moved(p, e.offset))
	}
}

// moved returns an address at an offset.
func (c *lowering) moved(p register, offset int) register {
	if offset == 0 {
		return p
	}
	r := c.register(i32)
	c.write(r, fmt.Sprintf("ADD $%d, R%%[2]d, R%%[1]d", offset), p)
	return r
}

// plainWord returns the number and the name of an instruction that reads one register or two and
// has no other operands, and whether an operation is such an instruction.
func plainWord(op string) (code uint32, name string, ok bool) {
	w, ok := map[string]struct {
		code uint32
		name string
	}{
		"f32x4.add": {0x4e20d400, "fadd.4s"}, "f32x4.sub": {0x4ea0d400, "fsub.4s"},
		"f32x4.mul": {0x6e20dc00, "fmul.4s"}, "f32x4.div": {0x6e20fc00, "fdiv.4s"},
		"f32x4.neg": {0x6ea0f800, "fneg.4s"}, "f32x4.sqrt": {0x6ea1f800, "fsqrt.4s"},
		"i32x4.add": {0x4ea08400, "add.4s"}, "i32x4.sub": {0x6ea08400, "sub.4s"},
		"i32x4.gt_s": {0x4ea03400, "cmgt.4s"}, "v128.xor": {0x6e201c00, "eor.16b"},
		"f32.add": {0x1e202800, "fadd.s"}, "f32.mul": {0x1e200800, "fmul.s"},
		"f32.div": {0x1e201800, "fdiv.s"}, "f32.sqrt": {0x1e21c000, "fsqrt.s"},
		"f32x4.splat": {0x4e040400, "dup.4s"},
	}[op]
	return w.code, w.name, ok
}

// into lowers a value into a given register.
func (c *lowering) into(fr *frame, to register, v value) {
	if l, ok := v.(local); ok {
		c.move(to, c.variable(fr, l))
		return
	}
	e := v.(expr)
	if code, name, ok := plainWord(e.op); ok {
		var from []register
		for _, arg := range e.args {
			from = append(from, c.value(fr, arg))
		}
		c.word(code, name, to, from)
		return
	}
	switch op := e.op; {
	case op == "call" || op == "f32x4.extract_lane":
		c.move(to, c.value(fr, e))
	case op == "v128.const":
		c.constant(to, e.bits)
	case op == "f32.const":
		c.constant(to, [4]uint32{e.bits[0], e.bits[0], e.bits[0], e.bits[0]})
	case strings.HasPrefix(op, "i32."):
		c.integer(fr, to, e)
	case strings.Contains(op, "load"):
		c.load(fr, to, e)
	default:
		c.vector(fr, to, e)
	}
}

func (c *lowering) move(to, from register) {
	if to.vector {
		c.word(0x4ea01c00, "mov.16b", to, []register{from, from})
	} else {
		c.write(to, "MOVD R%[2]d, R%[1]d", from)
	}
}

// constant makes a vector in an integer register.
func (c *lowering) constant(to register, w [4]uint32) {
	if w == [4]uint32{} {
		c.write(to, "VEOR V%[1]d.B16, V%[1]d.B16, V%[1]d.B16")
		return
	}
	r := c.register(i32)
	if w[0] == w[1] && w[0] == w[2] && w[0] == w[3] {
		c.write(r, fmt.Sprintf("MOVD $0x%08x, R%%[1]d", w[0]))
		c.write(to, "VDUP R%[2]d, V%[1]d.S4", r)
		return
	}
	high := c.register(i32)
	c.write(r, fmt.Sprintf("MOVD $0x%016x, R%%[1]d", uint64(w[1])<<32|uint64(w[0])))
	c.write(high, fmt.Sprintf("MOVD $0x%016x, R%%[1]d", uint64(w[3])<<32|uint64(w[2])))
	c.write(to, "VDUP R%[2]d, V%[1]d.D2", r)
	c.write(to, "VMOV R%[2]d, V%[1]d.D[1]", high, to)
}

// integer lowers arithmetic on addresses and counts.
func (c *lowering) integer(fr *frame, to register, e expr) {
	if n, ok := constantInt(e); ok {
		c.write(to, fmt.Sprintf("MOVD $%d, R%%[1]d", n))
		return
	}
	name, ok := map[string]string{"i32.add": "ADD", "i32.sub": "SUB", "i32.mul": "MUL",
		"i32.shl": "LSL"}[e.op]
	if !ok {
		panic("no instruction for " + e.op)
	}
	x := c.value(fr, e.args[0])
	if n, ok := constantInt(e.args[1]); ok && name != "MUL" {
		c.write(to, fmt.Sprintf("%s $%d, R%%[2]d, R%%[1]d", name, n), x)
		return
	}
	c.write(to, name+" R%[3]d, R%[2]d, R%[1]d", x, c.value(fr, e.args[1]))
}

// load lowers reads of memory.
func (c *lowering) load(fr *frame, to register, e expr) {
	p := c.value(fr, e.args[0])
	switch e.op {
	case "v128.load":
		c.write(to, fmt.Sprintf("FMOVQ %d(R%%[2]d), F%%[1]d", e.offset), p)
	case "f32.load", "v128.load32_zero": // the other lanes become 0
		c.write(to, fmt.Sprintf("FMOVS %d(R%%[2]d), F%%[1]d", e.offset), p)
	case "v128.load64_zero":
		c.write(to, "FMOVD (R%[2]d), F%[1]d", p)
	case "v128.load32_splat":
		c.write(to, "VLD1R (R%[2]d), [V%[1]d.S4]", c.moved(p, e.offset))
	case "v128.load32_lane":
		if v := c.value(fr, e.args[1]); v != to {
			c.move(to, v)
		}
		c.write(to, fmt.Sprintf("VLD1 (R%%[2]d), V%%[1]d.S[%d]", e.lanes[0]),
			c.moved(p, e.offset), to)
	default:
		panic("no instruction for " + e.op)
	}
}

// vector lowers what takes several instructions or has operands in the instruction.
func (c *lowering) vector(fr *frame, to register, e expr) {
	x := c.value(fr, e.args[0])
	switch e.op {
	case "i32x4.splat":
		c.write(to, "VDUP R%[2]d, V%[1]d.S4", x)
		return
	case "i32x4.shl":
		n, _ := constantInt(e.args[1])
		c.word(0x4f005400|uint32(32+n)<<16, fmt.Sprintf("shl.4s #%d", n), to, []register{x})
		return
	case "i32x4.shr_s":
		n, _ := constantInt(e.args[1])
		c.word(0x4f000400|uint32(64-n)<<16, fmt.Sprintf("sshr.4s #%d", n), to, []register{x})
		return
	}
	y := c.value(fr, e.args[1])
	switch e.op {
	case "f32x4.mul_lane":
		lane := uint32(e.lanes[0])
		c.word(0x4f809000|lane&1<<21|lane>>1<<11, fmt.Sprintf("fmul.4s by lane %d:", lane), to,
			[]register{x, y})
	case "i8x16.shuffle":
		c.shuffle(to, x, y, e.lanes)
	case "f32x4.pmin":
		c.replace(to, x, y, c.compare(x, y))
	case "f32x4.pmax":
		c.replace(to, x, y, c.compare(y, x))
	case "v128.bitselect": // x where the mask is set, else y
		c.replace(to, y, x, c.value(fr, e.args[2]))
	default:
		panic("no instruction for " + e.op)
	}
}

// compare returns a mask of the lanes in which x > y.
func (c *lowering) compare(x, y register) register {
	mask := c.register(v128)
	c.word(0x6ea0e400, "fcmgt.4s", mask, []register{x, y})
	return mask
}

// replace writes x, and y where the mask is set.
func (c *lowering) replace(to, x, y, mask register) {
	switch to {
	case x:
		c.word(0x6ea01c00, "bit.16b", to, []register{y, mask}, to)
	case y:
		c.word(0x6ee01c00, "bif.16b", to, []register{x, mask}, to)
	default:
		c.move(to, x)
		c.word(0x6ea01c00, "bit.16b", to, []register{y, mask}, to)
	}
}

// shuffle lowers the patterns that the kernels use.
func (c *lowering) shuffle(to, x, y register, lanes []int) {
	patterns := map[string]struct {
		code uint32
		name string
	}{
		"[0 4 1 5]": {0x4e803800, "zip1.4s"}, "[2 6 3 7]": {0x4e807800, "zip2.4s"},
		"[0 1 4 5]": {0x4ec03800, "zip1.2d"}, "[2 3 6 7]": {0x4ec07800, "zip2.2d"},
	}
	if p, ok := patterns[fmt.Sprint(lanes)]; ok {
		c.word(p.code, p.name, to, []register{x, y})
		return
	}
	switch fmt.Sprint(lanes) {
	case "[2 3 2 3]":
		c.word(0x4ec07800, "zip2.2d", to, []register{x, x})
	case "[1 1 1 1]":
		c.word(0x4e0c0400, "dup.4s lane 1:", to, []register{x})
	default:
		panic(fmt.Sprint("no instruction for shuffle ", lanes))
	}
}

// arm64 writes the kernels as assembly of Go, and the Go file that declares them.
func (m *module) arm64() (asm, stubs []byte) {
	var a, s bytes.Buffer
	const generated = "// Code generated by core/num/simd128. DO NOT EDIT.\n\n" +
		"//go:build arm64 && !purego\n\n"
	a.WriteString(generated + "#include \"textflag.h\"\n")
	s.WriteString(generated + "package num\n\n" +
		"// A kernel is what its twin is, whose name ends in Go: see there.\n")
	for _, f := range m.functions {
		if f.name == "" {
			continue
		}
		declaration := "func " + f.name + "SIMD" + strings.TrimPrefix(f.signature, "func")
		fmt.Fprintf(&s, "\n//go:noescape\n%s\n", declaration)
		c, size := lower(f)
		fmt.Fprintf(&a, "\n// %s\nTEXT ·%sSIMD(SB), NOSPLIT, $0-%d\n",
			declaration, f.name, size)
		names := c.allocate(f.name)
		for _, in := range c.out {
			a.WriteString(in.print(func(r register) int { return names[r] }) + "\n")
		}
	}
	return a.Bytes(), s.Bytes()
}

// lower lowers a kernel, with its parameters and its result, and returns the size of its arguments.
func lower(f *function) (c *lowering, size int) {
	c = &lowering{}
	fr, offset := &frame{f, map[int]register{}}, 0
	for i, p := range f.takes {
		size, move := 8, "MOVD %s+%d(FP), R%%[1]d"
		switch p.goType {
		case "bool":
			size, move = 1, "MOVBU %s+%d(FP), R%%[1]d"
		case "float32":
			size, move = 4, "FMOVS %s+%d(FP), F%%[1]d"
		}
		offset = (offset + size - 1) / size * size
		c.write(c.variable(fr, local{i, f.params[i]}), fmt.Sprintf(move, p.name, offset))
		offset += size
	}
	out := c.statements(fr, f.body)
	if f.results != nil {
		offset = (offset + 7) / 8 * 8
		c.act(fmt.Sprintf("FMOVS F%%d, ret+%d(FP)", offset), out)
		offset += 4
	}
	c.act("RET")
	return c, offset
}
