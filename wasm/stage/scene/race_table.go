package scene

import (
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
)

// tabulateRace returns a row for each step at which anything was measured.
func tabulateRace(r *Record, v View) Table {
	axis, panels := v.axis(), r.panels(v)
	t := Table{Caption: caption(panels), Head: []string{"updates"}}
	var steps []int
	for _, p := range panels {
		for _, curve := range p.curves {
			for _, m := range curve {
				steps = append(steps, m.step)
			}
		}
	}
	slices.Sort(steps)
	steps = slices.Compact(steps)
	tracks := r.tracks()
	for _, l := range tracks {
		if axis.Name != axes[0].Name {
			t.Head = append(t.Head, l.label+", "+axis.Unit)
		}
		for _, p := range panels {
			t.Head = append(t.Head, l.label+", "+p.title)
		}
	}
	for _, step := range steps {
		row := []string{strconv.Itoa(step)}
		for number := range tracks {
			spent, values := "", []string(nil)
			for _, p := range panels {
				value, curve := "", p.curves[number]
				if at, ok := slices.BinarySearchFunc(curve, step, byStep); ok {
					value, spent = written(curve[at].value,
						p.kind.Unit), amount(axis.of(step, curve[at].cost))
				}
				values = append(values, value)
			}
			if axis.Name != axes[0].Name {
				row = append(row, spent)
			}
			row = append(row, values...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// caption returns what is measured and in which units.
func caption(panels []panel) string {
	var said []string
	for _, p := range panels {
		text := p.kind.Title
		if p.kind.Unit != "" && p.kind.Unit != Share && p.kind.Unit != text {
			text += " in " + p.kind.Unit
		}
		if !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	return prose.Capital(strings.Join(said, " or ") + " of each lane")
}
