package scene

import (
	"slices"
	"strconv"
)

// tabulateRace has a row for every step at which anything was measured.
func tabulateRace(r *Record, v View) Table {
	axis := v.axis()
	t := Table{Caption: "Accuracy of each lane on each level", Head: []string{"updates"}}
	var steps []int
	for _, l := range r.lanes {
		for _, curve := range l.curves {
			for _, m := range curve {
				steps = append(steps, m.step)
			}
		}
	}
	slices.Sort(steps)
	steps = slices.Compact(steps)
	for _, lane := range r.recipe.Lanes {
		if axis.Name != Axes[0].Name {
			t.Head = append(t.Head, lane.Label+", "+axis.Unit)
		}
		for _, level := range r.recipe.Levels {
			t.Head = append(t.Head, lane.Label+", "+level.Title)
		}
	}
	for _, step := range steps {
		row := []string{strconv.Itoa(step)}
		for _, l := range r.lanes {
			spent, values := "", []string(nil)
			for _, curve := range l.curves {
				value := ""
				if at, ok := slices.BinarySearchFunc(curve, step, func(m measurement, step int) int { return m.step - step }); ok {
					value, spent = share(curve[at].value), amount(axis.of(step, curve[at].cost))
				}
				values = append(values, value)
			}
			if axis.Name != Axes[0].Name {
				row = append(row, spent)
			}
			row = append(row, values...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
