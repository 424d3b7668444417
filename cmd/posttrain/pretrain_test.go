package main

import (
	"testing"

	"posttrain/core/recipe"
)

// Fifty steps of a base's pretraining, a schedule of their own. The number
// changes when the engine does, and then every base has to be made again.
func TestPretrainingBits(t *testing.T) {
	b, err := recipe.LookupBase("cards")
	if err != nil {
		t.Fatal(err)
	}
	b.Pretraining.Steps = 50
	params, err := b.Pretraining.Run(2, func(int, float64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	const want = "06e6c1ec2608ad947964e7d02aedf7e43074fb14f7b8467d1d51a752e61b69c1"
	if have := params.Digest(); have != want {
		t.Errorf("digest is %s, want %s", have, want)
	}
}
