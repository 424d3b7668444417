//go:build amd64 && !purego

package num

import "testing"

// onlyGo turns the vector kernels off until the test ends.
func onlyGo(tb testing.TB) {
	old := useSIMD
	useSIMD = false
	tb.Cleanup(func() { useSIMD = old })
}

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
