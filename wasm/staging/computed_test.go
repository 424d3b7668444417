package staging

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// What a page is asked to compute is refused with the time or the memory that it would take.
func TestComputed(t *testing.T) {
	for link, want := range map[string]string{
		"cards?lane=sft": "",
		"cards?base=cards,dim=128,layers=2,steps=200&lane=sft": "",
		"cards?base=cards,size=full&lane=sft":                  "hours, and two minutes is",
		"cards?base=cards,steps=20000&lane=sft":                "minutes, and two minutes is",
		"cards?base=cards,size=large,steps=0&lane=sft":         "GB of memory, and a page has",
		"densities?lane=sft":                                   "",
	} {
		r, err := recipe.Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		d := Describe(r)
		if want == "" && d.Missing != "" || !strings.Contains(d.Missing, want) {
			t.Errorf("%s: what is missing is %q, want %q", link, d.Missing, want)
		}
		if len(d.Computed) != len(r.Unshipped()) {
			t.Errorf("%s: %d bases are computed, want %d", link, len(d.Computed),
				len(r.Unshipped()))
		}
	}
}
