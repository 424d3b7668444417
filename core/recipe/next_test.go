package recipe

import (
	"slices"
	"strings"
	"testing"
)

// Each suggestion of an exhibit can be run. It differs from the exhibit and from the suggestions
// before it, but not in its name or seed, and its link is canonical.
func TestSuggestions(t *testing.T) {
	for _, e := range Standard().Exhibits() {
		suggestions, err := Standard().Suggestions(e, 7)
		if err != nil || len(suggestions) == 0 {
			t.Fatalf("exhibit %s suggests %v, %v", e.Name, suggestions, err)
		}
		own := parsed(t, e.Name)
		if err := own.SetSeed(7); err != nil {
			t.Fatal(err)
		}
		links := []string{own.Link()}
		for _, s := range suggestions {
			r := parsed(t, s.Link)
			if r.Link() != s.Link || r.Name != e.Name || r.Seed() != 7 ||
				slices.Contains(links, s.Link) ||
				!strings.HasSuffix(s.Says, ".") && !strings.HasSuffix(s.Says, "?") {
				t.Errorf("exhibit %s suggests %q by %s: want a sentence, and a link to something "+
					"else under its name", e.Name, s.Says, s.Link)
			}
			if _, err := r.Open(); err != nil {
				t.Errorf("exhibit %s: %s cannot be opened: %v", e.Name, s.Link, err)
			}
			links = append(links, s.Link)
		}
		if got := own.Describe().Next; !slices.Equal(got, suggestions) {
			t.Errorf("exhibit %s: the page is offered %v, want %v", e.Name, got, suggestions)
		}
	}
}

// A change sets knobs of one lane or of all, replaces a lane or adds one.
func TestChanges(t *testing.T) {
	for want, c := range map[string]Change{
		// a value that is the default is left out of the link
		"lane=sft,steps=300,style=y&lane=grpo,lr=0.0004,beta=0,steps=150": {
			Lane: 1, Set: "lr=1e-3"},
		"lane=sft,lr=0.003,steps=9,style=y&lane=grpo,lr=0.0004,beta=0,steps=9": {Set: "steps=9"},
		"lane=sft,lr=0.003,steps=300,style=y&lane=rloo,steps=9": {
			Lane: 2, Instead: "rloo,steps=9"},
		"&lane=grpo,lr=0.0004,beta=0,steps=150&lane=rloo": {
			Lane: 3, Instead: "rloo"},
		"eval_every=5&lane=sft": {Set: "eval_every=5"},
	} {
		r := parsed(t, "memorise")
		if err := c.apply(r); err != nil || !strings.Contains(r.Link(), want) {
			t.Errorf("%+v makes %s, %v, want %s", c, r.Link(), err, want)
		}
	}
	for _, c := range []Change{{Lane: 2, Set: "style=x"}, {Set: "nonsense=1"},
		{Lane: 1, Set: "lr=much"}, {Lane: 1, Instead: "nonsense"}} {
		if err := c.apply(parsed(t, "memorise")); err == nil {
			t.Errorf("%+v is no change of the exhibit", c)
		}
	}
}
