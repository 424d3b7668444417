package article

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
)

func TestFormulaAsHTML(t *testing.T) {
	isKnob := func(word string) bool { return word == "eps_low" }
	for text, want := range map[string]string{
		"ρ_it·A_i": "<var>ρ</var><sub>it</sub>·<var>A</var><sub>i</sub>",
		"log π/π_old(y_i)": "log <var>π</var>/<var>π</var><sub>old</sub>(<var>y</var>" +
			"<sub>i</sub>)",
		"1−eps_low < 2": "1−<code>eps_low</code> &lt; 2",
		"V_{s+1}":       "<var>V</var><sub>s+1</sub>",
		"γ^(s−t)·r_s": "<var>γ</var><sup><var>s</var>−<var>t</var></sup>·<var>r</var>" +
			"<sub>s</sub>",
		"e^−h/2·log π":    "<var>e</var><sup>−<var>h</var>/2</sup>·log <var>π</var>",
		"std + 1e-4 + 2r": "std + 1e-4 + 2<var>r</var>",
		"the score of a ": "the score of a ",
		"Σ_t k3_it":       "Σ<sub>t</sub> k3<sub>it</sub>",
		"π'_v":            "<var>π&#39;</var><sub>v</sub>",
	} {
		if have := formulaHTML(text, isKnob); have != want {
			t.Errorf("%q is written\n%s, want\n%s", text, have, want)
		}
	}
}

func TestDefinitions(t *testing.T) {
	have := definitions("J = Σ_i [ min(a, b = 1) ], over the N tokens, A_i = r_i − mean, " +
		"ρ = π/π_old; k3 = x, as it is")
	want := []string{"J = Σ_i [ min(a, b = 1) ], over the N tokens", "A_i = r_i − mean",
		"ρ = π/π_old", "k3 = x, as it is"}
	if !slices.Equal(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
}

// Every Greek letter and index in the formulas of methods is explained, by the notation, by a knob,
// or by the formula itself.
func TestEverySymbolIsExplained(t *testing.T) {
	for _, m := range method.All() {
		explained := ""
		for _, s := range symbols(m) {
			explained += s.Name
		}
		for _, r := range m.Formula {
			if unicode.Is(unicode.Greek, r) && !strings.ContainsRune(explained, r) &&
				!strings.Contains(m.Formula, string(r)+" ") {
				t.Errorf("%s: %c in %q is not explained", m.Name, r, m.Formula)
			}
		}
		for _, s := range symbols(m) {
			if s.Text == "" {
				t.Errorf("%s: %s has no meaning", m.Name, s.Name)
			}
		}
	}
	grpo := symbols(method.GRPO)
	for _, want := range []Item{{"π_ref", "the probability under the reference model"},
		{"T_i", "number of tokens of answer i"},
		{"β", "the knob beta: KL to the reference (beta)"}} {
		if !slices.Contains(grpo, want) {
			t.Errorf("the symbols of grpo are %v, without %v", grpo, want)
		}
	}
	if slices.ContainsFunc(grpo, func(i Item) bool { return i.Name == "σ" || i.Name == "k3" }) {
		t.Errorf("the symbols of grpo are %v, with some that it does not have or defines itself",
			grpo)
	}
}

func TestOwnKnobsInFormulas(t *testing.T) {
	a := Article{Knobs: []param.Knob{{Name: "share"}, {Name: "group"}, {Name: "k"}}}
	for word, want := range map[string]bool{"share": true, "group": false, "k": false, "x": false} {
		if a.isOwnKnob(word) != want {
			t.Errorf("%s: %v", word, !want)
		}
	}
}
