package scene

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

// View says what is to be shown and how.
type View struct {
	Scene  string `json:"scene"`  // a name of All; empty is the first
	Axis   string `json:"axis"`   // of the race to the right: a name of [Axes]; empty is the first
	Series string `json:"series"` // of the race upwards: the name of a Series; empty is each level's own metric
	X      string `json:"x"`      // of the plane to the right: a metric without eval/; empty is the first level's own
	Y      string `json:"y"`      // and upwards; empty is the last level's own
	Theme  string `json:"theme"`  // "light", "dark" or, for what the browser prefers, empty
	Motion bool   `json:"motion"` // whether changes may move to their place
}

// Axis is something that lanes use up, against which their progress can be drawn.
type Axis struct {
	Name string `json:"name"`
	Unit string `json:"unit"` // behind a number
	of   func(step int, c protocol.Cost) float64
}

// Axes returns what the race can be drawn against: updates, or an entry of the ledger.
func Axes() []Axis {
	all := []Axis{{"steps", "updates", func(step int, _ protocol.Cost) float64 { return float64(step) }}}
	for _, e := range protocol.Ledger() {
		all = append(all, Axis{e.Axis, e.Amount, func(_ int, c protocol.Cost) float64 { return e.Of(c) }})
	}
	return all
}

// axis is the view's; an unknown name is the first.
func (v View) axis() Axis {
	i := slices.IndexFunc(Axes(), func(a Axis) bool { return strings.EqualFold(a.Name, v.Axis) })
	return Axes()[max(i, 0)]
}
