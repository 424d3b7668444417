package glossary

import (
	"fmt"
	"strings"
	"testing"
)

// Every word leads to one entry, and every entry is complete.
func TestEveryWordMeansOneThing(t *testing.T) {
	taken := map[string]string{} // by word
	for _, e := range Entries() {
		if e.Name == "" || strings.Trim(e.Name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("%q is no name for a term: want lower-case letters and _", e.Name)
		}
		for _, word := range e.Words() {
			if other, ok := taken[word]; ok {
				t.Errorf("%q leads to %s and to %s", word, other, e.Name)
			}
			taken[word] = e.Name
		}
		sentences := strings.Count(e.Doc+" ", ". ") + strings.Count(e.Doc, ".\n")
		if !strings.HasSuffix(e.Doc, ".") || sentences > 4 {
			t.Errorf("%s is explained in %d sentences, want one to four: %q", e.Name, sentences,
				e.Doc)
		}
	}
}

// The terms that a newcomer meets first are all there.
func TestTermsOfThePage(t *testing.T) {
	for _, title := range []string{
		"lane", "nats", "policy", "reference model", "rollout", "group", "advantage", "coefficient",
		"ratio", "KL", "prior skill", "out of distribution", "demonstration", "own style",
		"foreign style", "digest", "base", "teacher", "verifier", "reward", "update", "prompt",
		"pass@k", "entropy", "LoRA", "forgetting", "stage", "exhibit", "verdict",
	} {
		if _, err := Lookup(title); err != nil {
			t.Error(err)
		}
	}
}

func ExampleLookup() {
	e, err := Lookup("rollout")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Doc)
	// Output: An answer that the policy has sampled in order to learn from it.
}
