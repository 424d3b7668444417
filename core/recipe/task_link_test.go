package recipe_test

import (
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// A recipe that gets its lanes afterwards has the link that Parse gives it.
func TestParseTaskThenLanes(t *testing.T) {
	c := recipe.Standard()
	for _, link := range []string{"cards?seed=3", "cards?base=cards,dim=32&eval_every=5",
		"parity?eval_every=100", "compose", "refusal?eval_prompts=64", "densities"} {
		r, err := c.ParseTask(link)
		if err != nil {
			t.Fatalf("%s: %v", link, err)
		}
		if len(r.Lanes) > 0 {
			t.Errorf("%s has lanes: %s", link, r.Link())
		}
		if err := r.SetLanes("sft,steps=7"); err != nil {
			t.Fatal(err)
		}
		want, err := c.Parse(link, "sft,steps=7")
		if err != nil || want.Link() != r.Link() {
			t.Errorf("%s: link %s, want %s (%v)", link, r.Link(), want.Link(), err)
		}
	}
	for link, want := range map[string]string{
		"memorise":     "memorise is an exhibit: want a task, such as cards",
		"cards?seed=x": "seed=x: expected a whole number from 0 to 9007199254740991",
	} {
		if _, err := c.ParseTask(link); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %q", link, err, want)
		}
	}
}
