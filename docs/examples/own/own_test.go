package main

import (
	"context"
	"strings"
	"testing"
)

// A link that names what this program adds runs, and running it again gives the same digests. So
// does the link that is printed, which has all settings in it.
func TestTheSameBitsTwice(t *testing.T) {
	var printed []string
	link := "longer_words?seed=3&lane=sft,steps=10&lane=first_right,steps=10~grpo,steps=5"
	for range 2 {
		var out strings.Builder
		if err := run(context.Background(), &out, link); err != nil {
			t.Fatal(err)
		}
		printed = append(printed, out.String())
		link, _, _ = strings.Cut(out.String(), "\n")
	}
	if printed[0] != printed[1] || !strings.Contains(printed[0], "first_right~grpo") {
		t.Errorf("the first run printed\n%s\nand the second\n%s", printed[0], printed[1])
	}
}

// The exhibit is found by its name, and described as the page describes the others.
func TestExhibit(t *testing.T) {
	c, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	if e, err := c.Exhibit("longer_words"); err != nil || e.Title != longerWords.Title {
		t.Errorf("the exhibit is %q, %v", e.Title, err)
	}
	r, err := c.Parse("longer_words")
	if err != nil {
		t.Fatal(err)
	}
	if d := r.Describe(); d.Base.Name != "rotate" || len(d.Next) != 1 || len(d.Lanes) != 2 {
		t.Errorf("it is described with base %s, %d suggestions and %d lanes",
			d.Base.Name, len(d.Next), len(d.Lanes))
	}
}

// The verifier's verdicts by hand.
func TestReward(t *testing.T) {
	p, ok := rotate.Read("Rbead=")
	if !ok {
		t.Fatal("Rbead= is not read")
	}
	for response, want := range map[string]float64{"eadb": 1, "bead": 0, "": 0, "eadbb": 0} {
		if got := rotate.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
}
