package article

import "testing"

func TestTextsAsHTML(t *testing.T) {
	for text, want := range map[string]string{
		"a < b & c": "a &lt; b &amp; c",
		"Hu 2021, arXiv:2106.09685.": `Hu 2021, <a href="https://arxiv.org/abs/2106.09685">` +
			`arXiv:2106.09685</a>.`,
		"doi:10.1007/BF00992696": `<a href="https://doi.org/10.1007/BF00992696">` +
			`doi:10.1007/BF00992696</a>`,
		"with style=x.":     "with <code>style=x</code>.",
		"eps_low is low":    "<code>eps_low</code> is low",
		"as DPO does":       `as <a href="dpo">DPO</a> does`,
		"dpo, dpo and ppo":  `<a href="dpo">dpo</a>, dpo and ppo`,
		"not dpo-like":      "not dpo-like",
		"one\n  two\tthree": "one two three",
		"1e-4 and π_ref":    "1e-4 and <code>π_ref</code>",
	} {
		w := inliner{termIndex{}, map[string]Ref{"dpo": {Method, "dpo", ""}, "DPO": {Method, "dpo",
			""}}, func(r Ref) string { return r.Name }, map[Ref]bool{}}
		if have := w.write(text); have != want {
			t.Errorf("%q is written\n%s, want\n%s", text, have, want)
		}
	}
}

func TestTermsInTexts(t *testing.T) {
	index := newTermIndex()
	for text, want := range map[string]string{
		"reference models are copies": "reference_model",
		"Out of distribution":         "out_of_distribution",
		"kl=loss":                     "",
		"KL of":                       "kl",
		"pass@k is":                   "pass_at_k",
		"ratio":                       "ratio",
		"rationale":                   "",
		"the":                         "",
	} {
		e, n := index.find(text)
		have := ""
		if e != nil {
			have = e.Name
		}
		if have != want || (n > 0) != (want != "") {
			t.Errorf("%q begins with the term %q, %d bytes; want %q", text, have, n, want)
		}
	}
}
