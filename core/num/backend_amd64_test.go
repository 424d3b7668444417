//go:build !purego

package num

// backends returns every backend of this build, plain Go first, with whether this machine has it.
func backends() []backend {
	choose := func(simd, wide bool) func() {
		return func() { useSIMD, useAVX512 = simd, wide }
	}
	return []backend{
		{"go", true, choose(false, false)},
		{"avx2", hasAVX2, choose(true, false)},
		{"avx512", hasAVX512, choose(true, true)},
	}
}
