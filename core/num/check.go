package num

// Panic messages are constants, so that the checks cost no more than a comparison.
const (
	errShort  = "num: slice too short"
	errShape  = "num: negative size or stride smaller than its row"
	errPacked = "num: packed operand too small"
)

// needVec panics unless a slice of length have holds want elements.
func needVec(have, want int) {
	if have < want {
		panic(errShort)
	}
}

// needMat panics unless a slice of length have holds a (rows, n) matrix of row stride ld.
func needMat(have, ld, rows, n int) {
	if rows < 0 || n < 0 || (rows > 1 && ld < n) {
		panic(errShape)
	}
	if rows > 0 && n > 0 && have < (rows-1)*ld+n {
		panic(errShort)
	}
}
