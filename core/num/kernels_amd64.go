//go:build amd64 && !purego

package num

import "golang.org/x/sys/cpu"

//go:generate go run ./asm -pkg num -out kernels_amd64.s -stubs kernels_amd64_stubs.go

// useSIMD selects the vector kernels, and useAVX512 those of AVX-512 among them. Only tests change
// them.
var (
	useSIMD   = hasAVX2
	useAVX512 = hasAVX512
)

// What the processor and the operating system offer. GODEBUG=cpu.avx512f=off hides AVX-512, and
// cpu.avx512f=off,cpu.avx2=off both.
var (
	hasAVX2   = cpu.X86.HasAVX2
	hasAVX512 = hasAVX2 && cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL
)

// Backend returns the name of the kernels in use: "avx512", "avx2" or "go".
func Backend() string {
	switch {
	case !useSIMD:
		return "go"
	case useAVX512:
		return "avx512"
	}
	return "avx2"
}
