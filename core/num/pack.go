package num

// Panel is the number of columns that are packed side by side.
const Panel = 16

// Packed is the right operand (K,N) of a product in panels of 16 columns: element (k,n) is
// Data[(n/16)*Stride + k*16 + n%16]. Columns beyond N in the last panel are zero or anything
// finite: what they give is never stored. Stride is at least K*16, and larger when the panels have
// room to grow (a key-value cache).
type Packed struct {
	Data   []float32
	Stride int
}

// PackedLen returns the number of floats of a packed (k,n) operand without room to grow.
func PackedLen(k, n int) int {
	return (n + Panel - 1) / Panel * Panel * k
}

// Pack copies b, (k,n) with row stride ldb, into panels in dst, which has at least PackedLen(k,n)
// elements.
func Pack(dst []float32, b []float32, ldb, k, n int) Packed {
	needMat(len(b), ldb, k, n)
	needVec(len(dst), PackedLen(k, n))
	for j := 0; j < n && k > 0; j += Panel {
		panel, cols := dst[j*k:], min(Panel, n-j)
		if useSIMD {
			packPanelSIMD(&panel[0], &b[j], ldb, k, cols)
		} else {
			packPanelGo(panel, b[j:], ldb, k, cols)
		}
	}
	return Packed{Data: dst, Stride: Panel * k}
}

// PackT packs the transpose of b: b is (n,k) with row stride ldb, and the result is the (k,n)
// operand.
func PackT(dst []float32, b []float32, ldb, k, n int) Packed {
	needMat(len(b), ldb, n, k)
	needVec(len(dst), PackedLen(k, n))
	for j := 0; j < n && k > 0; j += Panel {
		panel, cols := dst[j*k:], min(Panel, n-j)
		done := 0
		if useSIMD {
			for ; done+8 <= cols; done += 8 {
				transpose8SIMD(&panel[done], &b[(j+done)*ldb], ldb, k)
			}
		}
		packPanelTGo(panel, b[j*ldb:], ldb, k, done, cols)
	}
	return Packed{Data: dst, Stride: Panel * k}
}

// packPanelGo copies k rows of cols <= 16 elements of b into one panel and clears the other
// columns.
func packPanelGo(panel, b []float32, ldb, k, cols int) {
	for r := range k {
		row := panel[r*Panel : r*Panel+Panel]
		copy(row, b[r*ldb:r*ldb+cols])
		clear(row[cols:])
	}
}

// packPanelTGo copies rows from to cols of b, of k elements each, into the columns of one panel,
// and clears the columns beyond.
func packPanelTGo(panel, b []float32, ldb, k, from, cols int) {
	panel = panel[:k*Panel]
	for c := from; c < cols; c++ {
		row := b[c*ldb : c*ldb+k]
		for r, v := range row {
			panel[r*Panel+c] = v
		}
	}
	for c := cols; c < Panel; c++ {
		for r := range k {
			panel[r*Panel+c] = 0
		}
	}
}
