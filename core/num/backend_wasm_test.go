//go:build js && wasm && !purego

package num

// backends returns every backend of this build, plain Go first, with whether this machine has it.
func backends() []backend {
	available := useSIMD
	choose := func(on bool) func() { return func() { useSIMD = on } }
	return []backend{
		{"go", true, choose(false)},
		{"wasm simd128", available, choose(true)},
	}
}
