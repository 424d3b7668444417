package num

import "testing"

// naive is the definition of a product: for each element one sum over k in ascending order.
func naive(c []float32, ldc int, a []float32, rowA, colA int, b []float32, ldb, m, n, k int,
	add bool) {
	for i := range m {
		for j := range n {
			var s float32
			if add {
				s = c[i*ldc+j]
			}
			for p := range k {
				s += float32(a[i*rowA+p*colA] * b[p*ldb+j])
			}
			c[i*ldc+j] = s
		}
	}
}

// checkProduct compares both products, through both ways of packing, with the definition.
func checkProduct(t *testing.T, g *gen, m, n, k int) {
	t.Helper()
	ldc, b := n+g.r.IntN(3), g.vec(k*n)
	bt := make([]float32, n*k)
	for p := range k {
		for j := range n {
			bt[j*k+p] = b[p*n+j]
		}
	}
	c0 := g.mat(m, n, ldc)
	for variant := range 4 {
		add, transposed := variant&1 != 0, variant&2 != 0
		want, got := append([]float32(nil), c0...), append([]float32(nil), c0...)
		if transposed {
			a := g.vec(k * m)
			naive(want, ldc, a, 1, m, b, n, m, n, k, add)
			MatMulTA(got, ldc, a, m, PackT(g.vec(PackedLen(k, n)), bt, k, k, n), m, n, k, add)
		} else {
			a := g.vec(m * k)
			naive(want, ldc, a, k, 1, b, n, m, n, k, add)
			MatMul(got, ldc, a, k, Pack(g.vec(PackedLen(k, n)), b, n, k, n), m, n, k, add)
		}
		for i := range want {
			if !sameBits(want[i], got[i]) {
				t.Fatalf("(%d,%d,%d) add %v, transposed %v, element %d: %v, want %v", m, n, k, add,
					transposed, i, got[i], want[i])
			}
		}
	}
}

func TestMatMulIsTheDefinition(t *testing.T) {
	eachBackend(func(backend string) {
		t.Run(backend, func(t *testing.T) {
			// All tiles of rows, one panel and two with and without a tail, all turns over k.
			for m := range 18 {
				for n := range 36 {
					for k := range 7 {
						g := &gen{r: NewRand(3, "matmul", "small", uint64(m), uint64(n), uint64(k)),
							special: k%3 == 2}
						checkProduct(t, g, m, n, k)
					}
				}
			}
			// One and two rows have a kernel of their own, which takes four panels at a time.
			for m := 1; m <= 2; m++ {
				for n := range 150 {
					g := &gen{r: NewRand(5, "matmul", "rows", uint64(m), uint64(n))}
					checkProduct(t, g, m, n, 1+n%7)
				}
			}
			for i := range uint64(25) {
				g := &gen{r: NewRand(4, "matmul", "large", i)}
				checkProduct(t, g, g.size(1, 2*blockM), g.size(1, 130), g.size(1, 2*blockK+9))
			}
		})
	})
}
