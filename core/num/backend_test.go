package num

import "testing"

// A backend is a set of kernels that Backend names.
type backend struct {
	name string
	here bool // this machine has it
	use  func()
}

// eachBackend runs f with every backend of this machine, plain Go first.
func eachBackend(f func(name string)) {
	all, old := backends(), Backend()
	for _, b := range all {
		if b.here {
			b.use()
			f(b.name)
		}
	}
	for _, b := range all {
		if b.name == old {
			b.use()
		}
	}
}

// What this machine lacks is said, since the other tests pass without it. "make test" prints it.
func TestBackends(t *testing.T) {
	best := ""
	for _, b := range backends() {
		if !b.here {
			t.Logf("this machine has no %s: its kernels are not tested", b.name)
			continue
		}
		best = b.name
	}
	if got := Backend(); got != best {
		t.Errorf("%s is in use, want %s", got, best)
	}
	eachBackend(func(name string) {
		if got := Backend(); got != name {
			t.Errorf("%s is in use, want %s", got, name)
		}
		t.Logf("tested: %s", name)
	})
	if got := Backend(); got != best {
		t.Errorf("afterwards %s is in use, want %s", got, best)
	}
}
