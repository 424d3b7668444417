package model

import "math"

// RoundInt8 rounds every matrix to 8 bits, as weights are quantised for inference: a row keeps a
// scale, the largest of its numbers without their sign divided by 127, and whole multiples of that
// from -127 to 127, ties to even. The vectors, which are the gains of the norms, stay as they are.
func (p *Params) RoundInt8() {
	for _, b := range p.Blocks() {
		if b.Rows == 1 {
			continue
		}
		for row := b.Data; len(row) > 0; row = row[b.Cols:] {
			roundRow(row[:b.Cols])
		}
	}
}

// roundRow rounds a row to multiples of its scale. A row whose scale is not a positive number, such
// as one of zeros, stays as it is.
func roundRow(row []float32) {
	most := float32(0)
	for _, w := range row {
		most = max(most, w, -w)
	}
	scale := most / 127
	if !(scale > 0 && scale <= math.MaxFloat32) {
		return
	}
	for i, w := range row {
		row[i] = float32(max(-127, min(127, nearest(w/scale)))) * scale
	}
}

// nearest returns the whole number nearest to x, ties to even. It is exact for numbers that an
// int32 holds, on every machine.
func nearest(x float32) int32 {
	whole := int32(x) // towards zero
	rest := x - float32(whole)
	switch odd := whole&1 != 0; {
	case rest > 0.5 || rest == 0.5 && odd:
		return whole + 1
	case rest < -0.5 || rest == -0.5 && odd:
		return whole - 1
	}
	return whole
}
