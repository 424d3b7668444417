package param

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	names := []string{"sft", "rft", "grpo", "dr_grpo", "reinforce", "rloo"}
	for name, want := range map[string]string{
		"grpo": "grpo", "gpro": "grpo", "GRPO": "grpo", "drgrpo": "dr_grpo",
		"reenforce": "reinforce", "rlo": "rloo", "sfft": "sft", "": "sft",
	} {
		if got := Nearest(name, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
	if got := Nearest("x", nil); got != "" {
		t.Errorf("nearest of none is %q", got)
	}
	Nearest(strings.Repeat("x", 1<<20), names) // bounded work
}

// A name of something else altogether is near to none.
func TestNear(t *testing.T) {
	names := []string{"sft", "grpo", "base/facts", "--yes", "--version"}
	for name, want := range map[string]string{
		"gppo": "grpo", "stf": "sft", "--verbose": "--version",
		"size/full": "", "--cache": "", "x": "", "": "",
	} {
		if got := Near(name, names); got != want {
			t.Errorf("Near(%q) = %q, want %q", name, got, want)
		}
	}
	if err := Unknown("flag", "--cache", names); err.Error() != `unknown flag "--cache": accepted: `+
		"sft, grpo, base/facts, --yes, --version" {
		t.Error(err)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"ab", "ba", 1}, {"beta",
		"Beta", 0}, {"é", "e", 1}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
		if distance(c.b, c.a) != c.want {
			t.Errorf("distance(%q, %q) is not symmetric", c.a, c.b)
		}
	}
}
