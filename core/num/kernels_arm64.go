//go:build !purego

package num

// useSIMD selects the vector kernels. Only tests change it. Every arm64 processor has NEON.
var useSIMD = true

// Backend returns the name of the kernels in use: "neon" or "go".
func Backend() string {
	if useSIMD {
		return "neon"
	}
	return "go"
}
