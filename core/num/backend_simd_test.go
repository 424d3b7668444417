//go:build (amd64 || (js && wasm)) && !purego

package num

// eachBackend runs f with every backend there is on this machine.
func eachBackend(f func(name string)) {
	old := useSIMD
	defer func() { useSIMD = old }()
	for _, on := range []bool{false, true} {
		if useSIMD = on && old; useSIMD == on {
			f(Backend())
		}
	}
}
