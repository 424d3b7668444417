package model

// The constants of the architecture that other programs need to compute the same.
const (
	// RotaryBase is theta of the rotary positions. Element j of a head's first half and element j
	// of its second half are a pair, which is rotated by position·RotaryBase^(-2j/D).
	RotaryBase = rotaryBase

	// NormEps is added to the mean square under the root of an RMSNorm.
	NormEps = normEps
)
