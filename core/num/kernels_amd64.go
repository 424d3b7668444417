//go:build amd64 && !purego

package num

import "golang.org/x/sys/cpu"

//go:generate go run ./asm -pkg num -out kernels_amd64.s -stubs kernels_amd64_stubs.go

// useSIMD selects the vector kernels. Only tests change it.
var useSIMD = cpu.X86.HasAVX2

// Backend returns the name of the kernels in use: "avx2" or "go".
func Backend() string {
	if useSIMD {
		return "avx2"
	}
	return "go"
}
