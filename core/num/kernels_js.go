//go:build js && wasm && !purego

package num

// useSIMD selects the vector kernels. Only tests change it.
var useSIMD = kernAvailable() != 0

// Backend returns the name of the kernels in use: "wasm simd128" or "go".
func Backend() string {
	if useSIMD {
		return "wasm simd128"
	}
	return "go"
}

// The kernels are those of kernels.wasm, a module of its own on this program's memory:
// site/js/loader.js puts the two together. Where WebAssembly has no SIMD it offers the same
// functions, which then must not be called.

// kernAvailable returns 0 if the kernels must not be called.
//
//go:wasmimport kern available
func kernAvailable() int32

//go:wasmimport kern mulPanels
//go:noescape
func kernMulPanels(c *float32, ldc int32, a *float32, rowA, colA int32, b *float32, stride, m, n,
	k int32, add bool)

//go:wasmimport kern mulRow
//go:noescape
func kernMulRow(c, a *float32, colA int32, b *float32, stride, n, k int32, add bool)

//go:wasmimport kern packPanel
//go:noescape
func kernPackPanel(panel, b *float32, ldb, k, cols int32)

//go:wasmimport kern transpose8
//go:noescape
func kernTranspose8(panel, b *float32, ldb, k int32)

//go:wasmimport kern softmax
//go:noescape
func kernSoftmax(x *float32, ld, rows, first, n int32, scale float32)

//go:wasmimport kern softmaxBackward
//go:noescape
func kernSoftmaxBackward(dp, p *float32, ld, rows, n int32, scale float32)

//go:wasmimport kern expShift
//go:noescape
func kernExpShift(d, e, x *float32, n int32) float32

//go:wasmimport kern finishLog
//go:noescape
func kernFinishLog(d, e *float32, n int32, logSum, invSum float32)

//go:wasmimport kern norm
//go:noescape
func kernNorm(y, rstd, x, w *float32, rows, n int32, size, eps float32)

//go:wasmimport kern normBackward
//go:noescape
func kernNormBackward(dx, dw, dy, x, w, rstd *float32, rows, n int32, size float32)

//go:wasmimport kern add
//go:noescape
func kernAdd(dst, x *float32, n int32)

//go:wasmimport kern swiglu
//go:noescape
func kernSwiglu(y, gate, up *float32, n int32)

//go:wasmimport kern swigluBackward
//go:noescape
func kernSwigluBackward(dgate, dup, dy, gate, up *float32, n int32)

//go:wasmimport kern rope
//go:noescape
func kernRope(x *float32, ld, rows, heads, half int32, cos, sin *float32, inverse bool)

//go:wasmimport kern adamw
//go:noescape
func kernAdamw(p, g, m, v *float32, n int32, step *float32)

//go:wasmimport kern attendStep
//go:noescape
func kernAttendStep(out, q, k, v, keys, values, scores, cos, sin *float32, heads, hd, context,
	t int32, scale float32)

// attendIsKernel says that AttendStep is a kernel: a call from Go costs as much as some of its
// parts take.
const attendIsKernel = true

// The sizes of a program whose memory has 32-bit addresses fit int32.

func mulPanelsSIMD(c *float32, ldc int, a *float32, rowA, colA int, b *float32, stride, m, n,
	k int, add bool) {
	kernMulPanels(c, int32(ldc), a, int32(rowA), int32(colA), b, int32(stride), int32(m), int32(n),
		int32(k), add)
}

func mulRowSIMD(c, a *float32, colA int, b *float32, stride, n, k int, add bool) {
	kernMulRow(c, a, int32(colA), b, int32(stride), int32(n), int32(k), add)
}

func packPanelSIMD(panel, b *float32, ldb, k, cols int) {
	kernPackPanel(panel, b, int32(ldb), int32(k), int32(cols))
}

func transpose8SIMD(panel, b *float32, ldb, k int) {
	kernTranspose8(panel, b, int32(ldb), int32(k))
}

func softmaxSIMD(x *float32, ld, rows, first, n int, scale float32) {
	kernSoftmax(x, int32(ld), int32(rows), int32(first), int32(n), scale)
}

func softmaxBackwardSIMD(dp, p *float32, ld, rows, n int, scale float32) {
	kernSoftmaxBackward(dp, p, int32(ld), int32(rows), int32(n), scale)
}

func expShiftSIMD(d, e, x *float32, n int) float32 { return kernExpShift(d, e, x, int32(n)) }

func finishLogSIMD(d, e *float32, n int, logSum, invSum float32) {
	kernFinishLog(d, e, int32(n), logSum, invSum)
}

func normSIMD(y, rstd, x, w *float32, rows, n int, size, eps float32) {
	kernNorm(y, rstd, x, w, int32(rows), int32(n), size, eps)
}

func normBackwardSIMD(dx, dw, dy, x, w, rstd *float32, rows, n int, size float32) {
	kernNormBackward(dx, dw, dy, x, w, rstd, int32(rows), int32(n), size)
}

func addSIMD(dst, x *float32, n int) { kernAdd(dst, x, int32(n)) }

func swigluSIMD(y, gate, up *float32, n int) { kernSwiglu(y, gate, up, int32(n)) }

func swigluBackwardSIMD(dgate, dup, dy, gate, up *float32, n int) {
	kernSwigluBackward(dgate, dup, dy, gate, up, int32(n))
}

func ropeSIMD(x *float32, ld, rows, heads, half int, cos, sin *float32, inverse bool) {
	kernRope(x, int32(ld), int32(rows), int32(heads), int32(half), cos, sin, inverse)
}

func adamwSIMD(p, g, m, v *float32, n int, step *float32) { kernAdamw(p, g, m, v, int32(n), step) }

func attendStepSIMD(out, q, k, v, keys, values, scores, cos, sin *float32, heads, hd, context,
	t int, scale float32) {
	kernAttendStep(out, q, k, v, keys, values, scores, cos, sin, int32(heads), int32(hd),
		int32(context), int32(t), scale)
}
