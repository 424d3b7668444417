package scene

import "slices"

// arrange returns the places of n panels. With room, the first half are side by side above the
// others. In a narrow frame they are one below the other, or in pairs if that would make them too
// low.
func arrange(n int, frame Box) []Box {
	const gapX, gapY = 28, 14
	w, h := frame.W, frame.H
	if n == 0 {
		return nil
	}
	rows := [][2]float64{{float64(min(n, 2)), 1}} // by row: panels, relative height
	switch {
	case w < 480 && h/float64(n) >= 100:
		rows = slices.Repeat([][2]float64{{1, 1}}, n)
	case w < 480:
		rows = slices.Repeat([][2]float64{{2, 1}}, n/2)
		if n%2 == 1 {
			rows = append(rows, [2]float64{1, 1})
		}
	case n > 2 && h < 380 && w >= 900:
		rows = [][2]float64{{float64(n), 1}}
	case n == 3:
		rows = [][2]float64{{2, 1}, {1, 0.55}}
	case n > 2:
		rows = [][2]float64{{float64(n / 2), 1}, {float64(n - n/2), 0.8}}
	}
	total := 0.0
	for _, row := range rows {
		total += row[1]
	}
	var boxes []Box
	y, free := 0.0, max(h-gapY*float64(len(rows)-1), 0)
	for _, row := range rows {
		high, wide := free*row[1]/total, max((w-gapX*(row[0]-1))/row[0], 0)
		for i := range int(row[0]) {
			boxes = append(boxes, Box{frame.X + float64(i)*(wide+gapX), frame.Y + y, wide, high})
		}
		y += high + gapY
	}
	return boxes
}
