package num

import (
	"cmp"
	"math"
	"slices"
)

// SingularValues returns the singular values of a (rows,cols), largest first, to about 1e-14 of the
// largest. There are as many as the shorter side is long. It reduces a to a triangle by modified
// Gram-Schmidt, which gives as good a triangle as reflections, and makes the rows of the triangle
// orthogonal by one-sided Jacobi rotations: Demmel and Veselić 1992, Jacobi's method is more
// accurate than QR. Every operation is exact by IEEE 754 and in a fixed order, so the bits are the
// same everywhere.
func SingularValues(a []float32, rows, cols int) []float64 {
	r := triangle(shorter(a, rows, cols))
	const mostSweeps = 40
	for sweep := 0; rotateAll(r) && sweep < mostSweeps; sweep++ {
	}
	values := make([]float64, len(r))
	for i, row := range r {
		values[i] = math.Sqrt(dot(row, row))
	}
	slices.SortFunc(values, func(x, y float64) int { return cmp.Compare(y, x) })
	return values
}

// shorter returns copies of the rows of a, or of its columns if there are fewer.
func shorter(a []float32, rows, cols int) [][]float64 {
	n, m, vector, entry := rows, cols, cols, 1
	if cols < rows {
		n, m, vector, entry = cols, rows, 1, cols
	}
	v := make([][]float64, n)
	for i := range v {
		v[i] = make([]float64, m)
		for j := range v[i] {
			v[i][j] = float64(a[i*vector+j*entry])
		}
	}
	return v
}

// triangle returns R (n,n) of vectors v (n,m) = Rᵀ·Q, and overwrites them.
func triangle(v [][]float64) [][]float64 {
	r := make([][]float64, len(v))
	for i, q := range v {
		r[i] = make([]float64, len(v))
		length := math.Sqrt(dot(q, q))
		r[i][i] = length
		if length == 0 {
			continue
		}
		for j := range q {
			q[j] /= length
		}
		for k := i + 1; k < len(v); k++ {
			along := dot(q, v[k])
			r[i][k] = along
			for j, x := range q {
				v[k][j] -= float64(along * x)
			}
		}
	}
	return r
}

// rotateAll rotates every two vectors within their plane until they are orthogonal, and reports
// whether any were not.
func rotateAll(v [][]float64) (turned bool) {
	const orthogonal = 1e-14 // cosine of the angle between two
	square := make([]float64, len(v))
	for i := range v {
		square[i] = dot(v[i], v[i])
	}
	for i := range v {
		for k := i + 1; k < len(v); k++ {
			both := dot(v[i], v[k])
			if math.Abs(both) <= float64(orthogonal*math.Sqrt(float64(square[i]*square[k]))) {
				continue
			}
			turned = true
			tilt := (square[k] - square[i]) / (2 * both)
			tangent := math.Copysign(1/(math.Abs(tilt)+math.Sqrt(1+float64(tilt*tilt))), tilt)
			cosine := 1 / math.Sqrt(1+float64(tangent*tangent))
			square[i], square[k] = rotate(v[i], v[k], cosine, float64(cosine*tangent))
		}
	}
	return turned
}

// rotate turns two vectors and returns their squared lengths.
func rotate(p, q []float64, cosine, sine float64) (ofP, ofQ float64) {
	for j, x := range p {
		y := q[j]
		p[j] = float64(cosine*x) - float64(sine*y)
		q[j] = float64(sine*x) + float64(cosine*y)
		ofP += float64(p[j] * p[j])
		ofQ += float64(q[j] * q[j])
	}
	return ofP, ofQ
}

func dot(x, y []float64) (sum float64) {
	for i := range x {
		sum += float64(x[i] * y[i])
	}
	return sum
}
