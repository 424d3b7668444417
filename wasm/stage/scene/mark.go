package scene

import "github.com/posttrain/posttrain/core/protocol"

// mark draws how an answer was judged: a tick, a cross, or, if answers can be partly right, the
// reward as a number. It draws nothing for an answer that was not judged.
func (p *Picture) mark(key string, at Point, size float64, m protocol.Mark, reward float64) {
	switch m {
	case protocol.Right:
		p.Dots = append(p.Dots, Dot{Key: key, At: at, Size: size, Shape: Tick, Role: Good})
	case protocol.Wrong:
		p.Dots = append(p.Dots, Dot{Key: key, At: at, Size: size, Shape: Cross, Role: Bad})
	case protocol.Graded:
		p.word(Word{Key: key + " mark", Text: share(reward), At: at, Anchor: Middle, Size: tickSize,
			Role: Ink})
	}
}

// markWide returns the width of a mark.
func markWide(m protocol.Mark) float64 {
	if m == protocol.Graded {
		return Width("1.00", tickSize, false, false)
	}
	return tickSize
}
