package scene

// Beside is a run that the race and the plane draw with the record's own: one that was kept, behind
// it, or the same again, as a part of the band around it.
type Beside struct {
	Name  string `json:"name"` // how it differs from the record's own run
	Lanes []Lane `json:"lanes"`
	Again bool   `json:"again,omitempty"` // it has the same settings but for the seed or the base's
}

// track is a lane that the race and the plane draw.
type track struct {
	*laneRecord
	label string
	look  int  // the lane of the recipe whose colour and shape it has
	kept  bool // it is a lane of a run beside the record's own
}

// tracks returns the recipe's lanes in their order, and then those of the kept runs beside it. A
// kept lane looks like the lane of the recipe that has the same label, or else the same number.
func (r *Record) tracks() (all []track) {
	for i := range r.lanes {
		all = append(all, track{&r.lanes[i], r.recipe.Lanes[i].Label, i, false})
	}
	next := 0
	for _, run := range r.recipe.Beside {
		if run.Again {
			next += len(run.Lanes)
			continue
		}
		for i, l := range run.Lanes {
			look := i
			for own, o := range r.recipe.Lanes {
				if o.Label == l.Label {
					look = own
					break
				}
			}
			all = append(all, track{&r.beside[next], l.Label + ", " + run.Name, look, true})
			next++
		}
	}
	return all
}

// line returns how a track is drawn: kept ones are dashed, thinner and paler.
func (t track) line(key string, width, alpha float64) Line {
	l := Line{Key: key, Width: width, Role: LaneRole(t.look), Alpha: alpha}
	if t.kept {
		l.Width, l.Alpha, l.Dash = 1.5, 0.55, 6
	}
	return l
}

// eachBehind calls f with the number of each track in the order of drawing: kept ones first, so
// that the recipe's own lie upon them.
func eachBehind(tracks []track, f func(i int)) {
	for _, kept := range []bool{true, false} {
		for i, t := range tracks {
			if t.kept == kept {
				f(i)
			}
		}
	}
}
