// Package safetensors reads and writes the files in which the field keeps weights: a header in JSON
// that names tensors, and their numbers one after the other
// (https://huggingface.co/docs/safetensors). Start with [Encode] and
// [Decode], or [Write] for what is large.
//
// A file may come from anywhere, so a header that does not agree with its file is refused before
// any memory is allocated for what it promises.
package safetensors

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// ErrFormat is wrapped by every error about the content of a file.
var ErrFormat = errors.New("not a usable safetensors file")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// maxHeader is the largest header in bytes that the format allows.
const maxHeader = 100_000_000

// lengthLen is the size of the header's length, with which a file begins.
const lengthLen = 8

// metadataName is the entry of the header that is not a tensor.
const metadataName = "__metadata__"

// width returns the bytes of a number of a type, and 0 for a type that is not known. Types whose
// numbers take less than a byte are not.
func width(dtype string) int {
	switch dtype {
	case "F64", "I64", "U64", "C64":
		return 8
	case "F32", "I32", "U32":
		return 4
	case "F16", "BF16", "I16", "U16":
		return 2
	case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0":
		return 1
	}
	return 0
}

// Tensor is a tensor of a file. Data is a part of the file's bytes.
type Tensor struct {
	Name  string
	DType string // such as "F32"
	Shape []int
	Data  []byte // numbers in little-endian order, rows one after the other
}

// Len returns how many numbers the tensor has.
func (t Tensor) Len() int { return len(t.Data) / width(t.DType) }

// Read writes the tensor's numbers into dst, which must have room for exactly all of them. It reads
// F32, and F16 and BF16, every number of which a float32 can hold.
func (t Tensor) Read(dst []float32) error {
	if len(dst) != t.Len() {
		return bad("tensor %q has %d numbers: want %d", t.Name, t.Len(), len(dst))
	}
	switch t.DType {
	case "F32":
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Data[4*i:]))
		}
	case "BF16":
		for i := range dst {
			dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(t.Data[2*i:])) << 16)
		}
	case "F16":
		for i := range dst {
			dst[i] = fromHalf(binary.LittleEndian.Uint16(t.Data[2*i:]))
		}
	default:
		return bad("tensor %q has dtype %s: want F32, BF16 or F16", t.Name, t.DType)
	}
	return nil
}

// fromHalf returns the number with these bits of an IEEE 754 binary16.
func fromHalf(h uint16) float32 {
	sign, exponent, fraction := uint32(h>>15)<<31, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exponent {
	case 0: // zero, or a number below the smallest power of two
		x := float32(fraction) / (1 << 24)
		return math.Float32frombits(math.Float32bits(x) | sign)
	case 0x1f: // infinite, or not a number
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	return math.Float32frombits(sign | (exponent+127-15)<<23 | fraction<<13)
}
