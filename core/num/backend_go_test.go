//go:build !amd64 || purego

package num

import "testing"

// onlyGo has nothing to turn off here.
func onlyGo(testing.TB) {}

// eachBackend runs f with the only backend there is.
func eachBackend(f func(name string)) { f(Backend()) }
