//go:build !page

package recipe

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed curves
var curves embed.FS

// Curves are what the lanes of an exhibit have measured in the run that its link makes, for a small
// picture of it.
type Curves struct {
	Engine int     `json:"engine"`
	Link   string  `json:"link"`   // the exhibit's recipe, measured more often
	Metric string  `json:"metric"` // what the values are
	Axis   string  `json:"axis"`   // what they are drawn against, see [Exhibit.Axis]
	Lanes  []Curve `json:"lanes"`  // the base comes first where it has a curve of its own
}

// Curve is what a lane has measured.
type Curve struct {
	Label  string    `json:"label"`  // of the lane, or [OfBase]
	Digest string    `json:"digest"` // of the lane at its end; "" for the base
	At     []float64 `json:"at"`     // where on the axis, ascending
	Values []float64 `json:"values"`
}

// The axes of curves. A cost such as cost/flops is another.
const (
	AxisUpdates = "updates"
	AxisTries   = "tries" // the k of pass@k
)

// Axis returns what the exhibit's curves are drawn against: the answers to a prompt where pass@k
// decides it, a cost where that decides it, and updates elsewhere.
func (e Exhibit) Axis() string {
	switch {
	case strings.HasPrefix(e.Decides, "cost/"):
		return e.Decides
	case strings.Contains(e.Decides, "/pass_at_"):
		return AxisTries
	}
	return AxisUpdates
}

// Curves returns the exhibit's curves. The error says how to make them if there are none.
func (e Exhibit) Curves() (c Curves, err error) {
	file := "curves/" + e.Name + ".json"
	text, err := curves.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, fmt.Errorf("exhibit %s has no core/recipe/%s: CONTRIBUTING.md says how to make "+
			"it: %w", e.Name, file, err)
	}
	return c, nil
}
