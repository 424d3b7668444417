package scene

import (
	"strconv"
)

// tabulateTree returns a row for each different response of each lane, the most probable first.
func tabulateTree(r *Record, _ View) Table {
	t := Table{Caption: "Responses to one prompt",
		Head: []string{"lane", "updates", "prompt", "response", "probability", "drawn", "reward"}}
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
				probability(b.p), strconv.Itoa(b.drawn), share(b.meanReward()),
			})
		}
	}
	return t
}
