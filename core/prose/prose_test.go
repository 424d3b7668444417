package prose

import (
	"strings"
	"testing"
)

func TestPercent(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0\u202f%", .002: "0.2\u202f%", .0049: "0.5\u202f%", .5: "50\u202f%", .625: "63\u202f%",
		.994: "99\u202f%", .996: "99.6\u202f%", 1: "100\u202f%",
	} {
		if got := Percent(share); got != want {
			t.Errorf("%v is written %q, want %q", share, got, want)
		}
	}
}

func TestList(t *testing.T) {
	for want, parts := range map[string][]string{
		"": nil, "one": {"one"}, "one and two": {"one", "two"},
		"one, two and three": {"one", "two", "three"},
	} {
		if got := List(parts); got != want {
			t.Errorf("%q is written %q, want %q", parts, got, want)
		}
	}
}

func TestCapital(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "a": "A", "own style": "Own style", "GRPO": "GRPO", "épreuve": "Épreuve", "π": "Π",
		"3 steps": "3 steps",
	} {
		if have := Capital(text); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 steps", 1: "1 step", 2: "2 steps"} {
		if have := Count(n, "step"); have != want {
			t.Errorf("%d: %q, want %q", n, have, want)
		}
	}
}

func TestWrap(t *testing.T) {
	for text, want := range map[string]string{
		"": "\n", " one\n two ": "  one two\n",
		strings.Repeat("ab ", 40): "  " + strings.Repeat("ab ", 32) + "ab\n" +
			"  " + strings.Repeat("ab ", 6) + "ab\n",
		strings.Repeat("ü", 120) + " b": "  " + strings.Repeat("ü", 120) + "\n  b\n",
	} {
		if have := Wrap(text, "  "); have != want {
			t.Errorf("%q: %q, want %q", text, have, want)
		}
	}
}
