package scene

import (
	"fmt"

	"github.com/posttrain/posttrain/core/protocol"
)

// passed has pass@k at one level. Element i is for k = 2^i. nil means not yet measured.
type passed struct {
	base []float64 // before any update
	now  []float64 // at the newest step at which it was measured
	step int
}

// pass adds pass@k of each level from a measurement that has it.
func (t *laneRecord) pass(levels []Level, e protocol.Event) {
	found := map[string]float64{}
	for _, m := range e.Metrics {
		found[m.Name] = m.Value
	}
	for i, l := range levels {
		var at []float64
		for k := 1; ; k *= 2 {
			v, ok := found[fmt.Sprintf("eval/%s/pass_at_%d", l.Name, k)]
			if !ok || !finite(v) {
				break
			}
			at = append(at, min(max(v, 0), 1))
		}
		switch p := &t.tries[i]; {
		case at == nil:
		case e.Step == 0 && p.base == nil:
			p.base = at
		case e.Step > p.step:
			p.now, p.step = at, e.Step
		}
	}
}
