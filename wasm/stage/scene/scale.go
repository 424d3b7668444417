package scene

import (
	"math"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
)

// scale is an axis of values.
type scale struct {
	low, high float64
	grid      []float64 // from low to high
	unit      string
}

// whole is the scale of shares, from none to all.
var whole = scale{0, 1, []float64{0, 0.5, 1}, Share}

// around returns a scale with round numbers at its ends that contains all values. It contains 0
// too.
func around(unit string, values []float64) scale {
	s := scale{unit: unit}
	for _, v := range values {
		s.low, s.high = min(s.low, v), max(s.high, v)
	}
	switch {
	case s.low == s.high:
		s.high = 1
	case unit == Share && s.high > 0.4:
		return whole
	}
	step := niceStep((s.high - s.low) / 3)
	from, to := math.Floor(s.low/step+1e-9), math.Ceil(s.high/step-1e-9)
	s.low, s.high = from*step, to*step
	for i := from; i <= to; i++ {
		s.grid = append(s.grid, i*step)
	}
	return s
}

// ends returns the scale with a grid of its two ends.
func (s scale) ends() scale {
	s.grid = []float64{s.low, s.high}
	return s
}

// share returns the place of a value between low and high, as a share from 0 to 1.
func (s scale) share(v float64) float64 { return min(max((v-s.low)/(s.high-s.low), 0), 1) }

// tick returns a value of the grid as text, with enough digits to differ from the next value.
func (s scale) tick(v float64) string {
	if v == 0 {
		return "0"
	}
	step, suffix := (s.high-s.low)/float64(max(len(s.grid)-1, 1)), ""
	if s.unit == Share {
		step, v, suffix = 100*step, 100*v, prose.PercentSign
	}
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	switch {
	case math.Abs(v) >= 1000:
		return amount(v)
	case digits > 4:
		return quantity(v)
	}
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + suffix
}

// gutter returns the width of the widest tick.
func (s scale) gutter() (wide float64) {
	for _, v := range s.grid {
		wide = max(wide, Width(s.tick(v), tickSize, false, false))
	}
	return wide
}

// written returns a value with this unit as people read it: 97 %, 0.42, 12.3, 1.2k.
func written(v float64, unit string) string {
	size := math.Abs(v)
	switch {
	case unit == Share:
		return prose.Percent(v)
	case size >= 1000:
		return amount(v)
	case size >= 0.095 && size < 1:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case size < 0.095:
		return quantity(v)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
