package staging

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/recipe"
)

const (
	// pageSpeed is the arithmetic that a page is expected to do in a second, in FLOPs: a half of
	// what one thread does natively on the machine of docs/performance.md.
	pageSpeed = 20e9

	mostSeconds = 120 // that a page may compute a base
	mostBytes   = 1e9 // of memory that it may take
)

// Computed is a base that is not a file of the site and has to be computed before lanes can start
// from it.
type Computed struct {
	Key     string  `json:"key"` // names its weights
	Title   string  `json:"title"`
	Steps   int     `json:"steps"`
	Seconds float64 `json:"seconds"` // that it is expected to take
}

// computed returns what a page says of a base that it has to compute. The error says why it cannot
// be computed in a page.
func computed(b recipe.Base) (Computed, error) {
	p := b.Pretraining()
	c := Computed{b.Key(), b.Title, p.Values.Int("steps"), math.Ceil(p.FLOPs() / pageSpeed)}
	if bytes := p.Bytes(1); bytes > mostBytes {
		return c, fmt.Errorf("computing the base takes about %.1f GB of memory, and a page has at "+
			"most %.0f GB for it: want a smaller dim or fewer layers, or a terminal", bytes/1e9,
			mostBytes/1e9)
	}
	if c.Seconds > mostSeconds {
		return c, fmt.Errorf("computing the base would take a page about %s, and two minutes is "+
			"the most: want fewer steps, a smaller dim or fewer layers, or a terminal",
			duration(c.Seconds))
	}
	return c, nil
}

// duration writes a number of seconds in the unit that suits it.
func duration(seconds float64) string {
	switch {
	case seconds < 120*60:
		return fmt.Sprintf("%.0f minutes", math.Ceil(seconds/60))
	case seconds < 48*3600:
		return fmt.Sprintf("%.0f hours", seconds/3600)
	}
	return fmt.Sprintf("%.0f days", seconds/86400)
}
