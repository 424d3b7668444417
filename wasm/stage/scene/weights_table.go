package scene

import (
	"fmt"
	"strconv"
)

// tabulateWeights returns a row for each matrix and vector of each lane.
func tabulateWeights(r *Record, _ View) Table {
	t := Table{
		Caption: "What training has done to the weights: the update is the policy's less the " +
			"base's, its size the Euclidean norm, and its rank exp of the entropy of its " +
			"singular values",
		Head: []string{"lane", "updates", "weights", "shape", "size of the update",
			"beside the base's", "effective rank", "of what it can be",
			"values with 99 % of its energy", "unchanged", "unchanged in bfloat16"},
	}
	for lane, l := range r.recipe.Lanes {
		compared := r.lanes[lane].compared
		for _, m := range compared.matrices {
			t.Rows = append(t.Rows, []string{
				l.Label, strconv.Itoa(compared.step), m.Name,
				fmt.Sprintf("%d × %d", m.Rows, m.Cols), figure(m.Norm), figure(relative(m)),
				strconv.FormatFloat(m.Rank, 'f', 1, 64), share(rankShare(m)),
				strconv.Itoa(m.Rank99), share(m.Unchanged), share(m.UnchangedBF16),
			})
		}
	}
	return t
}
