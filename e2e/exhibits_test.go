//go:build verify

package e2e

import (
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/recipe"
)

// Every exhibit, gone through as a person does, every third one with the keyboard alone, ends in
// the page with the bits of the command line, and within a minute on two cores that have nothing
// else to do. What is held is the processor's time, since a clock would measure the rest of the
// machine as well; it has the search for what keeps people out, too.
func TestVerifyExhibits(t *testing.T) {
	const within = time.Minute
	for i, e := range recipe.Standard().Exhibits() {
		t.Run(e.Name, func(t *testing.T) {
			want := native(t, e.Name)
			p := openFirst(t, e.Name, axe(t))
			p.awaitRest()
			p.awaitStage()
			before, start := p.CPU()["renderer"], time.Now()
			visitor{p, i%3 == 0}.goesThrough(e)
			equal(t, p.digests(), want)
			renderer := p.CPU()["renderer"] - before
			t.Logf("%s took %.1f s, with %.1f s of the processor for the page and its workers",
				e.Name, time.Since(start).Seconds(), renderer)
			if renderer > cores*within.Seconds() {
				t.Errorf("%s needs %.1f s of a processor, so it takes longer than %v on %d cores",
					e.Name, renderer, within, cores)
			}
			p.Go("about:blank")
		})
	}
}
