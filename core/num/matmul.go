package num

// Block sizes of a product. A panel of blockK rows (16 KiB) stays in the first-level cache while
// the rows of A pass by; a block of blockM rows of A stays in the second-level cache while the
// panels pass by. They do not show in the result: the accumulators of the next block of k start
// from what the last one stored.
const (
	blockK = 256
	blockM = 192
)

// MatMul computes C = A·B, or C += A·B when add. c is (m,n) with row stride ldc, a is (m,k) with
// row stride lda, b is (k,n) packed. c overlaps neither operand.
//
// Each element is one sum: it starts at +0, or at C when add, and for k ascending adds the rounded
// product a*b. With k = 0 it is 0, or C stays as it is.
func MatMul(c []float32, ldc int, a []float32, lda int, b Packed, m, n, k int, add bool) {
	needMat(len(a), lda, m, k)
	matmul(c, ldc, a, lda, 1, b, m, n, k, add)
}

// MatMulTA computes C = Aᵀ·B, or C += Aᵀ·B when add. a is stored (k,m) with row stride lda; all
// else is as for MatMul.
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
			mulBlock(c[i*ldc:], ldc, a[i*rowA+k0*colA:], rowA, colA, block, min(blockM, m-i), n, kb,
				add || k0 > 0)
		}
	}
}

// mulBlock multiplies a block of A that fits the caches with all panels.
func mulBlock(c []float32, ldc int, a []float32, rowA, colA int, b Packed, m, n, k int, add bool) {
	if useSIMD && m <= 2 {
		for i := range m {
			mulRowSIMD(&c[i*ldc], &a[i*rowA], colA, &b.Data[0], b.Stride, n, k, add)
		}
		return
	}
	if useSIMD {
		mulPanelsSIMD(&c[0], ldc, &a[0], rowA, colA, &b.Data[0], b.Stride, m, n, k, add)
		return
	}
	mulPanelsGo(c, ldc, a, rowA, colA, b.Data, b.Stride, m, n, k, add)
}

// mulPanelsGo multiplies m rows of A with all panels of B, stride elements apart.
func mulPanelsGo(c []float32, ldc int, a []float32, rowA, colA int, b []float32, stride, m, n,
	k int, add bool) {
	for j := 0; j < n; j += Panel {
		mulPanelGo(c[j:], ldc, a, rowA, colA, b[j/Panel*stride:], m, min(Panel, n-j), k, add)
	}
}

// zeroMat clears a (m,n) matrix.
func zeroMat(c []float32, ldc, m, n int) {
	for i := range m {
		clear(c[i*ldc : i*ldc+n])
	}
}

// mulPanelGo multiplies m rows of A with one panel of n <= 16 columns, four columns at a time.
func mulPanelGo(c []float32, ldc int, a []float32, rowA, colA int, b []float32, m, n, k int,
	add bool) {
	for i := range m {
		for j := 0; j < n; j += 4 {
			mulTileGo(c[i*ldc+j:i*ldc+min(j+4, n)], a[i*rowA:], colA, b[j:], k, add)
		}
	}
}

// mulTileGo computes up to four columns of a row of C; c is as long as there are columns to store.
// Two steps of k in one turn share its checks; more accumulators would not fit the scalar
// registers.
func mulTileGo(c, a []float32, colA int, b []float32, k int, add bool) {
	var t [4]float32
	if add {
		copy(t[:], c)
	}
	s0, s1, s2, s3 := t[0], t[1], t[2], t[3]
	pa, pb := 0, 0
	for ; k >= 2; k -= 2 {
		x, y := a[pa], a[pa+colA]
		w := (*[Panel + 4]float32)(b[pb:])
		s0 += float32(x * w[0])
		s1 += float32(x * w[1])
		s2 += float32(x * w[2])
		s3 += float32(x * w[3])
		s0 += float32(y * w[Panel])
		s1 += float32(y * w[Panel+1])
		s2 += float32(y * w[Panel+2])
		s3 += float32(y * w[Panel+3])
		pa += 2 * colA
		pb += 2 * Panel
	}
	if k == 1 {
		x, w := a[pa], (*[4]float32)(b[pb:])
		s0 += float32(x * w[0])
		s1 += float32(x * w[1])
		s2 += float32(x * w[2])
		s3 += float32(x * w[3])
	}
	t = [4]float32{s0, s1, s2, s3}
	copy(c, t[:])
}
