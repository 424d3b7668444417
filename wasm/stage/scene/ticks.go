package scene

import (
	"math"
	"strconv"
)

// tick is a number on the x axis.
type tick struct {
	at     float64
	text   string
	anchor Anchor
	shift  float64 // of the text, in pixels
}

// ticks returns round numbers from 0 to reach that are far enough from each other, for an axis that
// is wide pixels long and has beyond pixels of room after its end. The unit is written after the
// first number or, if there is no room, after the last.
func ticks(reach, wide, beyond float64, unit string) []tick {
	first, bare := ticksAfter("0 "+unit, reach, wide, beyond), ticksAfter("0", reach, wide, beyond)
	if len(bare) > len(first) {
		last := &bare[len(bare)-1]
		half := Width(last.text, tickSize, false, false) / 2
		if whole := last.text + " " + unit; last.at/reach*wide-half+Width(whole, tickSize, false,
			false) <= wide+beyond {
			last.text, last.anchor, last.shift = whole, Start, -half
			return bare
		}
	}
	if len(first) == 1 && len(bare) > 1 {
		return bare
	}
	return first
}

func ticksAfter(first string, reach, wide, beyond float64) []tick {
	all := []tick{{0, firstWhole(wide+beyond, tickSize, false, first, "0"), Start, 0}}
	step := niceStep(reach / max(1, math.Floor(wide/72)))
	if step > reach { // one number says more than none
		step = niceStep(reach / 2.5)
	}
	free := Width(all[0].text, tickSize, false, false) + 10
	for i := 1; ; i++ {
		x := step * float64(i)
		if x > reach*(1+1e-9) || i > 99 {
			return all
		}
		text := amount(x)
		if reach < 5 && x != math.Trunc(x) {
			text = strconv.FormatFloat(x, 'g', 3, 64)
		}
		half := Width(text, tickSize, false, false) / 2
		at := x / reach * wide
		if at-half >= free && half <= beyond+wide-at {
			all = append(all, tick{x, text, Middle, 0})
			free = at + half + 10
		}
	}
}

// niceStep returns the least of 1, 2, 5, 10, 20, ... that is at least x.
func niceStep(x float64) float64 {
	if x <= 0 || !finite(x) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(x)))
	for _, f := range []float64{1, 2, 5} {
		if f*power >= x*(1-1e-9) {
			return f * power
		}
	}
	return 10 * power
}
