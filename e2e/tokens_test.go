package e2e

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/posttrain/posttrain/e2e/browser"
)

// The reasons for the coefficients of tokens can be reached by the keyboard or by a link, also
// after the run: in the picture, and in a table whose factors multiply to the coefficients. Showing
// them does not change the lanes.
func TestTokens(t *testing.T) {
	p := openDrawn(t, short)
	p.awaitRest()
	p.awaitStage()
	endsLikeShort(t, p.train(time.Minute))
	p.Click("#tab-tree")
	p.Press(kb.ArrowRight)
	p.Wait(time.Minute, "document.activeElement.id === 'tab-tokens'")
	p.Click(".as-table summary")
	p.Wait(time.Minute, "document.querySelectorAll('.as-table td').length > 0")
	checkTokens(t, p)
	p.awaitRest()
	endsLikeShort(t, p.digests())

	p.Run("posttrain.load(" + quote(short+"&scene=tokens&seed=2") + ")")
	p.Wait(time.Minute, "posttrain.link().includes('seed=2')")
	p.awaitRest()
	p.Fill("#weigh-prompt", "3")
	p.Run("posttrain.step(1)")
	p.Wait(time.Minute, "document.querySelectorAll('.as-table td').length > 0 && "+
		"posttrain.state().lanes.every((l) => l.digest && l.step === 1)")
	checkTokens(t, p)
}

// checkTokens checks that the factors in the table multiply to the coefficients.
func checkTokens(t *testing.T, p lab) {
	t.Helper()
	p.Wait(time.Minute, "new Set([...document.querySelectorAll('.as-table tbody tr')].map((r) => "+
		"r.cells[0].innerText)).size === posttrain.state().lanes.length")
	head := browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('.as-table th')].map((c) => c.innerText)")
	rows := browser.Eval[[][]string](p.Page,
		"[...document.querySelectorAll('.as-table tbody tr')].map((r) => [...r.cells].map((c) => "+
			"c.innerText))")
	pushed := 0
	for _, row := range rows {
		x := func(name string) float64 {
			at := slices.Index(head, name)
			if at < 0 {
				t.Fatalf("no column %s in %q", name, head)
			}
			v, err := strconv.ParseFloat(row[at], 64)
			if err != nil {
				t.Fatalf("%q: %v", row, err)
			}
			return v
		}
		product := (x("mask")*x("ratio")*x("advantage") + x("KL") + x("extra")) * x("share")
		// four digits each
		if c := x("coefficient"); math.Abs(product+x("other")-c) > 5e-3*math.Abs(c) {
			t.Errorf("%q makes %v, not %v", row, product, c)
		} else if c != 0 {
			pushed++
		}
	}
	if pushed == 0 {
		t.Errorf("of %d tokens none was pushed", len(rows))
	}
}
