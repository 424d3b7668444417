package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/e2e/browser"
)

// accuracies returns how often the lanes of a link are right at the first level in the end, as the
// command line has it.
func accuracies(t *testing.T, link string) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for _, l := range ends(t, printed(t, link)) {
		all[l.Label] = l.Metrics["eval/id/accuracy"]
	}
	return all
}

// With one choice the same is trained with other seeds, too, and the numbers of the table and of
// the verdict are those of the command line's runs. The run on the page is what it was.
func TestOtherSeeds(t *testing.T) {
	p := openLab(t, short, axe(t))
	p.Choose("#repeats", "seeds 3")
	digests := p.train(time.Minute)
	endsLikeShort(t, digests)
	p.Wait(5*time.Minute, `document.querySelector("[data-place=where]").innerText.includes("3 of 3 runs have ended")`)
	least, most, sum := 1.0, 0.0, 0.0
	for _, seed := range []string{"", "&seed=2", "&seed=3"} {
		a := accuracies(t, short+seed)["sft"]
		least, most, sum = min(least, a), max(most, a), sum+a
	}
	want := fmt.Sprintf("%s [%s, %s]", prose.Percent(sum/3), prose.Percent(least),
		prose.Percent(most))
	p.numbers() // and the table is open
	p.reads(".as-table", want)
	rows := p.numbers()
	head, last := strings.Split(rows[0], "|"), strings.Split(rows[len(rows)-1], "|")
	for i, title := range head {
		if strings.HasPrefix(title, "SFT, mean of 3 runs [least, most]") {
			if last[i] != want {
				t.Errorf("%s is %q, want %q", title, last[i], want)
			}
			break
		}
	}
	p.reads(".caption", "The band reaches from the least to the most of 3 runs")
	p.reads(".verdict", "Over 3 runs, ")
	p.reads(".verdict", "SFT "+prose.Percent(sum/3)+" [")
	if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
		t.Errorf("%q", found)
	}
	p.reads("button.run", "Run again")
	equal(t, p.digests(), digests)

	p.Choose("#repeats", "")
	own := len(slices.DeleteFunc(head, func(title string) bool {
		return strings.Contains(title, "mean of")
	}))
	p.Wait(time.Minute, "document.querySelectorAll('.as-table th').length === "+strconv.Itoa(own))
}
