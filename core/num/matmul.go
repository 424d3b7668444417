package num

// Block sizes of a product. A panel of blockK rows (16 KiB) stays in the first-level cache while the rows of A pass by;
// a block of blockM rows of A stays in the second-level cache while the panels pass by. They do not show in the result:
// the accumulators of the next block of k start from what the last one stored.
const (
	blockK = 256
	blockM = 192
)

// MatMul computes C = A·B, or C += A·B when add. c is (m,n) with row stride ldc, a is (m,k) with row stride lda, b is
// (k,n) packed. c overlaps neither operand.
//
// Each element is one sum: it starts at +0, or at C when add, and for k ascending adds the rounded product a*b. With k = 0
// it is 0, or C stays as it is.
func MatMul(c []float32, ldc int, a []float32, lda int, b Packed, m, n, k int, add bool) {
	needMat(len(a), lda, m, k)
	matmul(c, ldc, a, lda, 1, b, m, n, k, add)
}

// MatMulTA computes C = Aᵀ·B, or C += Aᵀ·B when add. a is stored (k,m) with row stride lda; all else is as for MatMul.
func MatMulTA(c []float32, ldc int, a []float32, lda int, b Packed, m, n, k int, add bool) {
	needMat(len(a), lda, k, m)
	matmul(c, ldc, a, 1, lda, b, m, n, k, add)
}

// matmul is the product for any layout of A: element (i,k) is a[i*rowA + k*colA].
func matmul(c []float32, ldc int, a []float32, rowA, colA int, b Packed, m, n, k int, add bool) {
	needMat(len(c), ldc, m, n)
	if m == 0 || n == 0 {
		return
	}
	if k == 0 {
		if !add {
			zeroMat(c, ldc, m, n)
		}
		return
	}
	if b.Stride < k*Panel || len(b.Data) < (n-1)/Panel*b.Stride+k*Panel {
		panic(errPacked)
	}
	for k0 := 0; k0 < k; k0 += blockK {
		kb := min(blockK, k-k0)
		for i := 0; i < m; i += blockM {
			block := b
			block.Data = b.Data[k0*Panel:]
			mulBlock(c[i*ldc:], ldc, a[i*rowA+k0*colA:], rowA, colA, block, min(blockM, m-i), n, kb, add || k0 > 0)
		}
	}
}

// mulBlock multiplies a block of A that fits the caches with all panels.
func mulBlock(c []float32, ldc int, a []float32, rowA, colA int, b Packed, m, n, k int, add bool) {
	j := 0
	if useSIMD && m <= 2 {
		for ; j+4*Panel <= n; j += 4 * Panel {
			for i := range m {
				mulRow4SIMD(&c[i*ldc+j], &a[i*rowA], colA, &b.Data[j/Panel*b.Stride], b.Stride, k, add)
			}
		}
	}
	for ; j < n; j += Panel {
		cj, bj, cols := c[j:], b.Data[j/Panel*b.Stride:], min(Panel, n-j)
		if useSIMD {
			mulPanelSIMD(&cj[0], ldc, &a[0], rowA, colA, &bj[0], m, cols, k, add)
		} else {
			mulPanelGo(cj, ldc, a, rowA, colA, bj, m, cols, k, add)
		}
	}
}

// zeroMat clears a (m,n) matrix.
func zeroMat(c []float32, ldc, m, n int) {
	for i := range m {
		clear(c[i*ldc : i*ldc+n])
	}
}

// mulPanelGo multiplies m rows of A with one panel of n <= 16 columns, in tiles of 2 rows and 4 columns: as many
// accumulators as the scalar registers hold. An odd last row is computed as both rows of its tile.
func mulPanelGo(c []float32, ldc int, a []float32, rowA, colA int, b []float32, m, n, k int, add bool) {
	for i := 0; i < m; i += 2 {
		i1 := min(i+1, m-1)
		for j := 0; j < n; j += 4 {
			cols := min(4, n-j)
			c0, c1 := c[i*ldc+j:i*ldc+j+cols], c[i1*ldc+j:i1*ldc+j+cols]
			mulTileGo(c0, c1, a[i*rowA:], a[i1*rowA:], colA, b[j:], k, add)
		}
	}
}

// mulTileGo computes up to four columns of two rows; c0 and c1 are as long as there are columns to store.
func mulTileGo(c0, c1, a0, a1 []float32, colA int, b []float32, k int, add bool) {
	var t0, t1 [4]float32
	if add {
		copy(t0[:], c0)
		copy(t1[:], c1)
	}
	s00, s01, s02, s03 := t0[0], t0[1], t0[2], t0[3]
	s10, s11, s12, s13 := t1[0], t1[1], t1[2], t1[3]
	pa, pb := 0, 0
	for range k {
		x, y := a0[pa], a1[pa]
		w := (*[4]float32)(b[pb:])
		s00 += float32(x * w[0])
		s01 += float32(x * w[1])
		s02 += float32(x * w[2])
		s03 += float32(x * w[3])
		s10 += float32(y * w[0])
		s11 += float32(y * w[1])
		s12 += float32(y * w[2])
		s13 += float32(y * w[3])
		pa += colA
		pb += Panel
	}
	t0 = [4]float32{s00, s01, s02, s03}
	t1 = [4]float32{s10, s11, s12, s13}
	copy(c0, t0[:])
	copy(c1, t1[:])
}
