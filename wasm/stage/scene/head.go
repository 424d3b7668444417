package scene

import "strconv"

const headHigh = 40.0

// head writes the name of a lane above its part of a picture and, unless step is negative, the
// number of updates. Below it writes the longest of the notes that fits.
func (p *Picture) head(r *Record, lane int, key string, box Box, step int, notes ...string) {
	label := fit(r.recipe.Lanes[lane].Label, box.W-20, titleSize, true, false)
	p.Dots = append(p.Dots, Dot{At: Point{box.X + 6, box.Y + 9}, Size: 10, Shape: LaneShape(lane),
		Role: LaneRole(lane)})
	p.word(Word{Key: key + "title", Text: label, At: Point{box.X + 17, box.Y + 9}, Anchor: Start,
		Size: titleSize, Bold: true, Role: LaneRole(lane)})
	if step >= 0 {
		room := max(box.W-Width(label, titleSize, true, false)-24, 0)
		count := plural(step, "update", "updates")
		when := firstWhole(room, labelSize, false, "after "+count, count, strconv.Itoa(step))
		p.word(Word{Key: key + "when", Text: when, At: Point{box.X + box.W, box.Y + 9}, Anchor: End,
			Size: labelSize, Role: Soft})
	}
	if len(notes) > 0 {
		p.word(Word{Key: key + "note", Text: firstWhole(box.W, labelSize, false, notes...),
			At: Point{box.X, box.Y + 29}, Anchor: Start, Size: labelSize, Role: Soft})
	}
}
