package scene

// Between returns the picture at a share of the way from one to another. Shapes with the same key
// in both move. New shapes appear at their places, and old ones disappear at once. Words are those
// of the second picture, since the browser moves them.
func Between(from, to *Picture, t float64) Picture {
	if t >= 1 {
		return *to
	}
	p := Picture{Words: to.Words, w: to.w, h: to.h}
	ease := t * t * (3 - 2*t)
	areas := keyed(from.Areas, func(a Area) string { return a.Key })
	for _, a := range to.Areas {
		if old, ok := areas[a.Key]; ok {
			a.Upper, a.Lower = glide(old.Upper, a.Upper, ease), glide(old.Lower, a.Lower, ease)
			a.Alpha = old.Alpha + ease*(a.Alpha-old.Alpha)
		} else {
			a.Alpha *= ease
		}
		p.Areas = append(p.Areas, a)
	}
	lines := keyed(from.Lines, func(l Line) string { return l.Key })
	for _, l := range to.Lines {
		if old, ok := lines[l.Key]; ok {
			l.Points = glide(old.Points, l.Points, ease)
		}
		p.Lines = append(p.Lines, l)
	}
	dots := keyed(from.Dots, func(d Dot) string { return d.Key })
	for _, d := range to.Dots {
		if old, ok := dots[d.Key]; ok {
			d.At, d.Size = old.At.toward(d.At, ease), old.Size+ease*(d.Size-old.Size)
		}
		p.Dots = append(p.Dots, d)
	}
	return p
}

// keyed returns shapes by their keys, without those that have none.
func keyed[S any](shapes []S, key func(S) string) map[string]S {
	m := make(map[string]S, len(shapes))
	for _, s := range shapes {
		if k := key(s); k != "" {
			m[k] = s
		}
	}
	return m
}

func (p Point) toward(q Point, t float64) Point {
	return Point{p.X + t*(q.X-p.X), p.Y + t*(q.Y-p.Y)}
}

// glide moves points towards others. If there are more of the others, the rest start at the last
// point.
func glide(from, to []Point, t float64) []Point {
	points := make([]Point, len(to))
	for i, p := range to {
		points[i] = p
		if len(from) > 0 {
			points[i] = from[min(i, len(from)-1)].toward(p, t)
		}
	}
	return points
}
