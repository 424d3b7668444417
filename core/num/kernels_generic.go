//go:build !(amd64 || arm64 || (js && wasm)) || purego

package num

// useSIMD is false on platforms without vector kernels. The compiler then drops the calls of the
// functions below.
const useSIMD = false

const noSIMD = "num: no vector kernels in this build"

// Backend returns the name of the kernels in use: "go".
func Backend() string { return "go" }

func mulPanelsSIMD(c *float32, ldc int, a *float32, rowA, colA int, b *float32, stride, m, n,
	k int, add bool) {
	panic(noSIMD)
}
func mulRowSIMD(c, a *float32, colA int, b *float32, stride, n, k int, add bool) {
	panic(noSIMD)
}
func packPanelSIMD(panel, b *float32, ldb, k, cols int)             { panic(noSIMD) }
func transpose8SIMD(panel, b *float32, ldb, k int)                  { panic(noSIMD) }
func addSIMD(dst, x *float32, n int)                                { panic(noSIMD) }
func softmaxSIMD(x *float32, ld, rows, first, n int, scale float32) { panic(noSIMD) }
func softmaxBackwardSIMD(dp, p *float32, ld, rows, n int, scale float32) {
	panic(noSIMD)
}
func expShiftSIMD(d, e, x *float32, n int) float32                    { panic(noSIMD) }
func finishLogSIMD(d, e *float32, n int, logSum, invSum float32)      { panic(noSIMD) }
func normSIMD(y, rstd, x, w *float32, rows, n int, size, eps float32) { panic(noSIMD) }
func swigluSIMD(y, gate, up *float32, n int)                          { panic(noSIMD) }
func swigluBackwardSIMD(dgate, dup, dy, gate, up *float32, n int)     { panic(noSIMD) }
func ropeSIMD(x *float32, ld, rows, heads, half int, cos, sin *float32, inv bool) {
	panic(noSIMD)
}
func adamwSIMD(p, g, m, v *float32, n int, step *float32) { panic(noSIMD) }
func normBackwardSIMD(dx, dw, dy, x, w, rstd *float32, rows, n int, size float32) {
	panic(noSIMD)
}
