package scene

import "strconv"

// tabulateTokens returns a row for each token of each response. The columns for factors, the margin
// and another judge are empty for a token that has none. In a pair, ratio is the slope in the
// margin and advantage the slope of the response's score.
func tabulateTokens(r *Record, _ View) Table {
	t := Table{
		Caption: "Why the newest update pushed each token: coefficient = (mask × ratio × " +
			"advantage + KL + extra) × share + other",
		Head: []string{"lane", "updates", "prompt", "response", "reward", "judge", "judged",
			"token", "probability",
			"coefficient", "mask", "ratio", "advantage", "KL", "extra", "share", "other", "margin"},
	}
	for lane := range r.lanes {
		w := r.lanes[lane].weighed
		for i, from := range w.responses {
			for _, tok := range from.tokens {
				row := []string{r.recipe.Lanes[lane].Label, strconv.Itoa(w.step), w.prompt,
					from.source + " " +
						strconv.Itoa(i+1), share(from.reward), from.judge, from.verdict()}
				if tok.world {
					t.Rows = append(t.Rows,
						append(row, tok.symbol+" (the world's)", "", "", "", "", "", "", "", "", "",
							""))
					continue
				}
				margin, f := "", tok.push
				if from.paired {
					margin = figure(from.margin)
				}
				row = append(row, tok.symbol, probability(tok.p), figure(f.Coefficient))
				for _, x := range []float64{f.Mask, f.Ratio, f.Advantage, f.K3Term, f.Extra,
					f.Share} {
					cell := ""
					if tok.explained() {
						cell = figure(x)
					}
					row = append(row, cell)
				}
				t.Rows = append(t.Rows, append(row, figure(f.Other), margin))
			}
		}
	}
	return t
}
