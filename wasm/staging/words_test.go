package staging

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// links returns the links of all exhibits, and of two lanes on every task.
func links() (all []string) {
	for _, e := range recipe.Standard().Exhibits() {
		all = append(all, e.Name)
	}
	for _, c := range recipe.Standard().Menu().Tasks {
		all = append(all, c.Name+"?lane=sft&lane=grpo&passk=64")
	}
	return all
}

// views returns all views of a scene. Of the many views of the race and the plane it returns a
// part, which depends on turn.
func views(record *scene.Record, s scene.Scene, turn int) (all []scene.View) {
	all = []scene.View{{Scene: s.Name}}
	series, measures := record.Offered()
	switch s.Name {
	case "race":
		for i, c := range series {
			if i%7 == turn%7 {
				all = append(all, scene.View{Scene: s.Name, Series: c.Name,
					Axis: scene.Axes()[(i+turn)%len(scene.Axes())].Name})
			}
		}
	case "plane":
		for i, c := range measures {
			if i%40 == turn%40 {
				all = append(all, scene.View{Scene: s.Name, X: c.Name,
					Y: measures[(i*7+turn)%len(measures)].Name})
			}
		}
	}
	return all
}

// sizes returns the sizes of the picture in pages that are 320 to 1440 pixels wide, alone or in a
// course. They follow from site/css/lab.css.
func sizes(lanes int, s scene.Scene) (all [][2]float64) {
	tall := 420.0
	if s.Lanes {
		tall = max(tall, 190*float64(lanes))
	}
	for _, width := range []float64{266, 286, 306, 336, 360, 421, 479, 480, 560, 650, 746} {
		all = append(all, [2]float64{width, tall})
	}
	for _, width := range []float64{383, 411, 440, 500, 606, 700, 822, 850} {
		all = append(all, [2]float64{width, 360})
	}
	for _, width := range []float64{495, 523, 600, 694, 722} {
		all = append(all, [2]float64{width, 440})
	}
	return all
}

// Before anything is told and after all of it, at no width is a word cut short, outside the
// picture, or upon another, but for what people and models write themselves.
func TestWordsAreWhole(t *testing.T) {
	for _, link := range links() {
		r := parse(t, link)
		for _, record := range []*scene.Record{scene.NewRecord(Of(r)), told(t, r)} {
			for _, s := range scene.Of(Of(r)) {
				for turn, size := range sizes(len(r.Lanes), s) {
					for _, v := range views(record, s, turn) {
						for _, complaint := range complaints(s.Picture(record, v, size[0], size[1]),
							size[0], size[1]) {
							t.Errorf("%s, %+v at %v: %s", link, v, size, complaint)
						}
					}
				}
			}
		}
	}
}

func complaints(p scene.Picture, width, height float64) (all []string) {
	for i, w := range p.Words {
		b := w.Box()
		if strings.Contains(w.Text, "…") && !w.Mono {
			all = append(all, fmt.Sprintf("%q is cut short", w.Text))
		}
		if b.X < -0.01 || b.Y < -0.01 || b.X+b.W > width+0.01 || b.Y+b.H > height+0.01 {
			all = append(all, fmt.Sprintf("%q lies at %v", w.Text, b))
		}
		if at := slices.IndexFunc(p.Words[:i],
			func(o scene.Word) bool { return b.Meets(o.Box()) }); at >= 0 {
			all = append(all, fmt.Sprintf("%q lies upon %q", w.Text, p.Words[at].Text))
		}
	}
	return all
}

// Every task that can be run is among the links.
func TestLinksHaveEveryTask(t *testing.T) {
	all := links()
	for _, k := range task.All() {
		if !slices.ContainsFunc(all,
			func(link string) bool { return strings.HasPrefix(link, k.Name+"?") }) {
			t.Errorf("no link runs %s", k.Name)
		}
	}
}
