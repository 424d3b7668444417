package scene

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

// View is the choice of what to show and how.
type View struct {
	Scene  string `json:"scene"`  // a name of [All]; "" means the first
	Axis   string `json:"axis"`   // x axis of the race: a name of [Axes]; "" means the first
	Series string `json:"series"` // y axis of the race: a Series; "" means the levels' own metrics
	X      string `json:"x"`      // of the plane: a metric without eval/; "" is the first level's
	Y      string `json:"y"`      // of the plane; "" is the last level's
	Motion bool   `json:"motion"` // changes may move to their places
}

// Axis is an x axis of the race: updates, or something that lanes use up.
type Axis struct {
	Name string `json:"name"`
	Unit string `json:"unit"` // behind a number
	of   func(step int, c protocol.Cost) float64
}

// Axes returns the x axes of the race: updates and the entries of the ledger.
func Axes() []Axis { return slices.Clone(axes) }

// axes is what Axes returns a copy of.
var axes = func() []Axis {
	all := []Axis{{"steps", "updates",
		func(step int, _ protocol.Cost) float64 { return float64(step) }}}
	for _, e := range protocol.Ledger() {
		all = append(all,
			Axis{e.Axis, e.Amount, func(_ int, c protocol.Cost) float64 { return e.Of(c) }})
	}
	return all
}()

// axis returns the view's axis. An unknown name means the first.
func (v View) axis() Axis {
	i := slices.IndexFunc(axes, func(a Axis) bool { return strings.EqualFold(a.Name, v.Axis) })
	return axes[max(i, 0)]
}
