package optim

import "github.com/posttrain/posttrain/core/num"

// The iteration of Newton and Schulz in Muon: how often, and the coefficients of its polynomial
// a·x + b·x³ + c·x⁵ in the singular values, by Jordan et al. 2024.
const (
	iterations = 5

	schulzA = 3.4445
	schulzB = -4.7750
	schulzC = 2.0315
)

// Orthogonalise returns a matrix (rows,cols) with the singular vectors of m and singular values
// near 1: from 0.68 to 1.14 where those of m are at least a hundredth of its norm, and never above
// 1.21. Much smaller ones stay smaller, and a matrix of zeros stays one. The bits are the same
// everywhere.
func Orthogonalise(m []float32, rows, cols int) []float32 {
	return new(orthogonaliser).orthogonalise(m, rows, cols)
}

// orthogonaliser is the memory for [Orthogonalise], which grows to the largest matrix.
type orthogonaliser struct {
	x, next, out []float32 // (short,long) and (rows,cols)
	square, poly []float32 // (short,short)
	packed       []float32
}

// orthogonalise is [Orthogonalise]. The next call overwrites its result.
func (o *orthogonaliser) orthogonalise(m []float32, rows, cols int) []float32 {
	short, long := min(rows, cols), max(rows, cols)
	o.grow(short, long)
	o.start(m, rows, cols)
	for range iterations {
		o.iterate(short, long)
	}
	if rows <= cols {
		return o.x
	}
	transpose(o.out, o.x, short, long)
	return o.out
}

// grow makes the memory for a matrix.
func (o *orthogonaliser) grow(short, long int) {
	need := func(x *[]float32, n int) {
		if cap(*x) < n {
			*x = make([]float32, n)
		}
		*x = (*x)[:n]
	}
	need(&o.x, short*long)
	need(&o.next, short*long)
	need(&o.out, short*long)
	need(&o.square, short*short)
	need(&o.poly, short*short)
	need(&o.packed, max(num.PackedLen(long, short), num.PackedLen(short, long),
		num.PackedLen(short, short)))
}

// start sets x to m divided by its norm, with the shorter side as rows.
func (o *orthogonaliser) start(m []float32, rows, cols int) {
	if rows <= cols {
		copy(o.x, m)
	} else {
		transpose(o.x, m, rows, cols)
	}
	norm := Norm(m)
	if norm == 0 {
		return
	}
	for i, v := range o.x {
		o.x[i] = float32(float64(v) / norm)
	}
}

// iterate sets x to a·x + (b·x·xᵀ + c·(x·xᵀ)²)·x.
func (o *orthogonaliser) iterate(short, long int) {
	const a, b, c = float32(schulzA), float32(schulzB), float32(schulzC)
	num.MatMul(o.square, short, o.x, long, num.PackT(o.packed, o.x, long, long, short),
		short, short, long, false)
	num.MatMul(o.poly, short, o.square, short, num.Pack(o.packed, o.square, short, short, short),
		short, short, short, false)
	for i, s := range o.square {
		o.poly[i] = float32(b*s) + float32(c*o.poly[i])
	}
	num.MatMul(o.next, long, o.poly, short, num.Pack(o.packed, o.x, long, short, long),
		short, long, short, false)
	for i, x := range o.x {
		o.x[i] = float32(a*x) + o.next[i]
	}
}

// transpose writes the transpose of m (rows,cols) into to.
func transpose(to, m []float32, rows, cols int) {
	for i := range rows {
		for j := range cols {
			to[j*rows+i] = m[i*cols+j]
		}
	}
}
