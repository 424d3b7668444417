package num

// SoftmaxCausal normalises each row of x in place. Row i keeps its first min(first+i, n) entries,
// with first >= 1, and gets zeros from there up to n: p_j = exp((x_j-max)*scale) * (1/sum), with
// scale > 0. x is (rows,n) with row stride ld.
func SoftmaxCausal(x []float32, ld, rows, first, n int, scale float32) {
	needMat(len(x), ld, rows, n)
	if first < 1 {
		panic("num: a row of a softmax needs an entry")
	}
	if n == 0 || rows == 0 {
		return
	}
	if useSIMD {
		softmaxSIMD(&x[0], ld, rows, first, n, scale)
		return
	}
	for i := range rows {
		row, valid := x[i*ld:i*ld+n], min(first+i, n)
		softmaxGo(row[:valid], scale)
		clear(row[valid:])
	}
}

// softmaxGo is SoftmaxCausal for the entries that a row keeps.

func softmaxGo(x []float32, scale float32) {
	m := maxGo(x)
	var acc lanes
	for j, v := range x {
		e := Exp32(float32((v - m) * scale))
		acc[j&15] += e
		x[j] = e
	}
	scaleGo(x, 1/acc.fold())
}

// scaleGo multiplies x by f.
func scaleGo(x []float32, f float32) {
	for j := range x {
		x[j] *= f
	}
}

// SoftmaxBackward turns the gradient dp of the probabilities p into that of the scores, in place:
// ds_j = scale * (p_j * (dp_j - dot)), where dot is the sum of p_j*dp_j over the row in the
// package's order. dp and p are (rows,n) with row stride ld. Entries beyond the causal limit have p
// = 0 and get 0.
func SoftmaxBackward(dp, p []float32, ld, rows, n int, scale float32) {
	needMat(len(dp), ld, rows, n)
	needMat(len(p), ld, rows, n)
	if n == 0 || rows == 0 {
		return
	}
	if useSIMD {
		softmaxBackwardSIMD(&dp[0], &p[0], ld, rows, n, scale)
		return
	}
	for i := range rows {
		softmaxBackwardGo(dp[i*ld:i*ld+n], p[i*ld:i*ld+n], scale)
	}
}

// softmaxBackwardGo is SoftmaxBackward for one row.

func softmaxBackwardGo(dp, p []float32, scale float32) {
	dot := dotGo(p, dp)
	for j, q := range p {
		dp[j] = scale * (q * (dp[j] - dot))
	}
}

// LogSoftmax writes the logarithms of a softmax and the softmax itself: logp_j = (x_j-max) -
// log(sum) and p_j = exp(x_j-max) * (1/sum), where sum is that of exp(x_j-max) over the row. All
// three are (rows,n) with row stride ld. logp may be x.
func LogSoftmax(logp, p, x []float32, ld, rows, n int) {
	needMat(len(logp), ld, rows, n)
	needMat(len(p), ld, rows, n)
	needMat(len(x), ld, rows, n)
	if n == 0 {
		return
	}
	for i := range rows {
		l, q, row := logp[i*ld:i*ld+n], p[i*ld:i*ld+n], x[i*ld:i*ld+n]
		if useSIMD {
			sum := expShiftSIMD(&l[0], &q[0], &row[0], n)
			finishLogSIMD(&l[0], &q[0], n, Log32(sum), 1/sum)
		} else {
			sum := expShiftGo(l, q, row)
			finishLogGo(l, q, Log32(sum), 1/sum)
		}
	}
}

// expShiftGo writes d = x - max(x) and e = exp(d), and returns the sum of e. d may be x.
func expShiftGo(d, e, x []float32) float32 {
	m := maxGo(x)
	var acc lanes
	for j, v := range x {
		v -= m
		d[j] = v
		e[j] = Exp32(v)
		acc[j&15] += e[j]
	}
	return acc.fold()
}

// finishLogGo subtracts log(sum) from d and multiplies e by 1/sum.
func finishLogGo(d, e []float32, logSum, invSum float32) {
	for j := range d {
		d[j] -= logSum
		e[j] *= invSum
	}
}
