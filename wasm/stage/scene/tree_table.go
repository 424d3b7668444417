package scene

import (
	"strconv"
)

// tabulateTree has a row for every different response of every lane, the most probable first.
func tabulateTree(r *Record, _ View) Table {
	t := Table{Caption: "Responses to one prompt", Head: []string{"lane", "updates", "prompt", "response", "probability", "drawn", "reward"}}
	for lane := range r.lanes {
		l := r.lanes[lane].latest()
		if l == nil {
			continue
		}
		for _, b := range grow(l.samples).ends() {
			response := b.prefix
			if b.cut {
				response += " (cut off)"
			}
			t.Rows = append(t.Rows, []string{
				r.recipe.Lanes[lane].Label, strconv.Itoa(l.step), l.prompt, response,
				probability(b.p), strconv.Itoa(b.drawn), share(b.earned()),
			})
		}
	}
	return t
}
