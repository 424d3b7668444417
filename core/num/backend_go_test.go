//go:build !(amd64 || (js && wasm)) || purego

package num

// eachBackend runs f with the only backend there is.
func eachBackend(f func(name string)) { f(Backend()) }
