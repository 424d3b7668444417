//go:build unix

package e2e

import (
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// On a machine that gives the browser a fifth of a processor, and none of it to one of its
// processes at a time, no worker is taken for dead, nor after the machine has slept for an hour,
// and the bits are the same.
func TestASlowMachineIsNotABrokenOne(t *testing.T) {
	const run, rest = 200 * time.Millisecond, 1800 * time.Millisecond // on two processors
	p := openDrawn(t, short, keepWorkers)
	// a small picture that does not move, since drawing takes most of a processor without a GPU
	p.Show(browser.View{Width: 390, Height: 844, Calm: true})
	p.awaitRest()
	p.awaitStage() // compiling it would take minutes on a machine so slow
	p.Run("globalThis.clock = performance.now.bind(performance); posttrain.run(); " +
		"performance.now = () => clock() + 3.6e6")
	p.Slowly(run, rest, func() {
		p.Wait(10*time.Minute, "posttrain.state().done || workers.length > 3")
	})
	if n := browser.Eval[int](p.Page, "workers.length"); n != 3 {
		t.Errorf("%d workers were started, want a clerk and two lanes", n)
	}
	if said := browser.Eval[string](p.Page,
		"document.querySelector('.notice').innerText"); said != "" {
		t.Errorf("the page says %q", said)
	}
	endsLikeShort(t, p.digests())
}
