//go:build verify

package e2e

import (
	"testing"
	"time"

	"posttrain/core/recipe"
)

// Every exhibit ends in the page within a minute, on a machine that has nothing else to do, and with the bits of the command
// line.
func TestVerifyExhibits(t *testing.T) {
	const within = time.Minute
	for _, e := range recipe.Exhibits() {
		t.Run(e.Name, func(t *testing.T) {
			want := native(t, e.Name)
			p := openFirst(t, e.Name)
			p.awaitRest()
			p.awaitStage()
			start := time.Now()
			equal(t, p.train(5*time.Minute), want)
			took := time.Since(start)
			t.Logf("%s took %.1f s", e.Name, took.Seconds())
			if took > within {
				t.Errorf("%s took %v, want %v at most", e.Name, took, within)
			}
			p.Go("about:blank")
		})
	}
}
