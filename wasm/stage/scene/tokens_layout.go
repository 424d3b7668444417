package scene

// cells are the places of a response's tokens.
type cells []cell

type cell struct {
	line    int // from 0
	x, wide float64
}

// lines returns the number of lines that a response takes.
func (c cells) lines() int {
	if len(c) == 0 {
		return 1
	}
	return c[len(c)-1].line + 1
}

// flow places the tokens of as many responses as there is room for, and returns the number of their
// lines. A response continues on the next line. Symbols that are runes all have the same width, and
// words are as wide as their texts.
func (w weighed) flow(wide float64, most int) (rows []cells, lines int) {
	for _, r := range w.responses {
		row := w.inColumns(r, wide)
		if w.words {
			row = inLines(r, wide)
		}
		if lines+row.lines() > most {
			break
		}
		rows, lines = append(rows, row), lines+row.lines()
	}
	return rows, lines
}

// inColumns places the tokens of a response of runes.
func (w weighed) inColumns(r response, room float64) (c cells) {
	wide := min(max(room/float64(w.longest()), leastCell), mostCell)
	columns := max(1, int((room+0.5)/wide))
	for t := range r.tokens {
		c = append(c, cell{t / columns, float64(t%columns) * wide, wide})
	}
	return c
}

// inLines places the tokens of a response of words.
func inLines(r response, room float64) (c cells) {
	line, x := 0, 0.0
	for _, tok := range r.tokens {
		wide := max(Width(tok.symbol, labelSize-1, false, false)+6, leastCell)
		if x > 0 && x+wide > room {
			line, x = line+1, 0
		}
		c = append(c, cell{line, x, wide})
		x += wide
	}
	return c
}
