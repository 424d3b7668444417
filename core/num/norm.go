package num

import "math"

// RMSNorm scales each row of x to a root mean square of 1, then by the weights: rstd_i =
// 1/sqrt(sum/n + eps), where sum is that of x_j*x_j in the package's order, and y_j =
// (x_j*rstd_i)*w_j. x and y are (rows,n), rows contiguous; rstd is (rows), w is (n). y may be x.
func RMSNorm(y, rstd, x, w []float32, rows, n int, eps float32) {
	needMat(len(x), n, rows, n)
	needMat(len(y), n, rows, n)
	needVec(len(rstd), rows)
	needVec(len(w), n)
	if n == 0 || rows == 0 {
		return
	}
	if useSIMD {
		normSIMD(&y[0], &rstd[0], &x[0], &w[0], rows, n, float32(n), eps)
		return
	}
	for i := range rows {
		rstd[i] = normGo(y[i*n:i*n+n], x[i*n:i*n+n], w, float32(n), eps)
	}
}

// normGo is RMSNorm for one row of length size. It returns rstd.
func normGo(y, x, w []float32, size, eps float32) float32 {
	rstd := 1 / sqrt32(dotGo(x, x)/size+eps)
	for j, v := range x {
		y[j] = (v * rstd) * w[j]
	}
	return rstd
}

// sqrt32 returns the correctly rounded square root. The compiler makes it one instruction.
func sqrt32(x float32) float32 {
	return float32(math.Sqrt(float64(x)))
}

// RMSNormBackward adds the gradients of RMSNorm to dx, (rows,n), and dw, (n), given that of its
// result, dy, and its rstd. Row by row in ascending order, with dot the sum of (dy_j*w_j)*x_j in
// the package's order and every operation rounded as written:
//
//	c     = (((dot*rstd)*rstd)*rstd) / n
//	dx_j += (dy_j*w_j)*rstd - x_j*c
//	dw_j += dy_j*(x_j*rstd)
//
// dx may not overlap the inputs.
func RMSNormBackward(dx, dw, dy, x, w, rstd []float32, rows, n int) {
	needMat(len(dx), n, rows, n)
	needMat(len(dy), n, rows, n)
	needMat(len(x), n, rows, n)
	needVec(len(dw), n)
	needVec(len(w), n)
	needVec(len(rstd), rows)
	if n == 0 || rows == 0 {
		return
	}
	if useSIMD {
		normBackwardSIMD(&dx[0], &dw[0], &dy[0], &x[0], &w[0], &rstd[0], rows, n, float32(n))
		return
	}
	for i := range rows {
		normBackwardGo(dx[i*n:i*n+n], dw, dy[i*n:i*n+n], x[i*n:i*n+n], w, float32(n), rstd[i])
	}
}

// normBackwardGo is RMSNormBackward for one row of length size.
func normBackwardGo(dx, dw, dy, x, w []float32, size, rstd float32) {
	var acc lanes
	for j, v := range x {
		acc[j&15] += float32((dy[j] * w[j]) * v)
	}
	c := (((acc.fold() * rstd) * rstd) * rstd) / size
	for j, v := range x {
		dx[j] += float32((dy[j]*w[j])*rstd) - float32(v*c)
		dw[j] += float32(dy[j] * (v * rstd))
	}
}
