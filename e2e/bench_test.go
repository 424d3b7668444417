package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
)

// The page that measures speed does the reference work with the vector kernels and shows a row for
// each model, in any window.
func TestBench(t *testing.T) {
	p := lab{chromium.Again(t), t}
	p.visit("/bench.html?rounds=1")
	p.Wait(time.Minute, "!document.getElementById('start').disabled")
	p.Run("document.getElementById('start').click()")
	p.Wait(5*time.Minute, "/^Done|could not/.test(document.getElementById('state').textContent)")
	said := browser.Eval[string](p.Page, "document.getElementById('state').textContent")
	if !strings.HasPrefix(said, "Done. Kernels: wasm") {
		t.Errorf("the page says %q", said)
	}
	rows := browser.Eval[[]string](p.Page,
		"[...document.querySelectorAll('#speed tr')].map((row) => row.innerText)")
	if len(rows) != 2 || !strings.HasPrefix(rows[0], "small") ||
		!strings.HasPrefix(rows[1], "medium") {
		t.Errorf("rows %q", rows)
	}
	for _, row := range rows {
		if strings.Count(row, " ms") != 3 || strings.Count(row, "tokens/s") != 2 ||
			!strings.Contains(row, "GFLOP/s") {
			t.Errorf("row %q", row)
		}
	}
	p.Show(browser.View{Width: 390, Height: 800})
	if wide := browser.Eval[int](p.Page, "document.documentElement.scrollWidth"); wide > 390 {
		t.Errorf("the page is %d pixels wide in a window of 390", wide)
	}
}
