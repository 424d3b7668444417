//go:build !(js && wasm) || purego

package num

// attendIsKernel says that AttendStep is a kernel. Here it is made of kernels: calls cost little.
const attendIsKernel = false

func attendStepSIMD(out, q, k, v, keys, values, scores, cos, sin *float32, heads, hd, context,
	t int, scale float32) {
	panic("num: AttendStep is no kernel in this build")
}
