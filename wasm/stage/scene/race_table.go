package scene

import (
	"fmt"
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
	for _, p := range panels {
		for _, band := range p.bands {
			for _, s := range band {
				steps = append(steps, s.step)
			}
		}
	}
	slices.Sort(steps)
	steps = slices.Compact(steps)
	tracks := r.tracks()
	for number, l := range tracks {
		if axis.Name != axes[0].Name {
			t.Head = append(t.Head, l.label+", "+axis.Unit)
		}
		for _, p := range panels {
			t.Head = append(t.Head, l.label+", "+p.title)
		}
		if n := r.runs(number); n > 1 {
			for _, p := range panels {
				t.Head = append(t.Head,
					fmt.Sprintf("%s, mean of %d runs [least, most], %s", l.label, n, p.title))
			}
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
			if r.runs(number) > 1 {
				row = append(row, spreadsAt(panels, number, step)...)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// runs returns how many runs there are of a track: more than one for a lane of the recipe that was
// run again.
func (r *Record) runs(track int) int {
	if track >= len(r.lanes) {
		return 1
	}
	return 1 + len(r.repeats(track))
}

// spreadsAt returns what each panel shows of a lane's runs at a step, "" where fewer than two were
// measured.
func spreadsAt(panels []panel, lane, step int) (cells []string) {
	for _, p := range panels {
		text := ""
		for _, s := range p.bands[lane] {
			if s.step == step {
				text = s.text(p.kind.Unit)
			}
		}
		cells = append(cells, text)
	}
	return cells
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
