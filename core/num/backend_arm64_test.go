//go:build !purego

package num

// backends returns every backend of this build, plain Go first.
func backends() []backend {
	choose := func(on bool) func() { return func() { useSIMD = on } }
	return []backend{{"go", true, choose(false)}, {"neon", true, choose(true)}}
}
