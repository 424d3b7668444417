package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
)

// file returns a file with this header and so many bytes of numbers.
func file(header string, data int) []byte {
	f := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(f, header...), make([]byte, data)...)
}

// The bytes of a small file, written by hand from the format's description.
func TestEncodeWritesTheFormat(t *testing.T) {
	const header = `{"__metadata__":{"format":"pt"},` +
		`"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},` +
		`"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`
	padded := header + strings.Repeat(" ", (8-len(header)%8)%8)
	want := append(binary.LittleEndian.AppendUint64(nil, uint64(len(padded))), padded...)
	want = append(want, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0, 0, 0) // 1, -2, 0
	got := Encode([]Values{{"a", []int{2, 1}, []float32{1, -2}}, {"b", nil, []float32{0}}},
		[2]string{"format", "pt"})
	if !bytes.Equal(got, want) {
		t.Errorf("got\n%q, want\n%q", got, want)
	}
}

func TestHalfPrecisionIsRead(t *testing.T) {
	for _, c := range []struct {
		dtype string
		bits  uint16
		want  float32
	}{
		{"F16", 0x3c00, 1}, {"F16", 0xc000, -2}, {"F16", 0x7bff, 65504},
		{"F16", 0x3555, 0.33325195}, {"F16", 0x0001, 1. / (1 << 24)},
		{"F16", 0x8001, -1. / (1 << 24)}, {"F16", 0x0400, 1. / (1 << 14)},
		{"F16", 0, 0}, {"F16", 0x7c00, float32(math.Inf(1))},
		{"BF16", 0x3f80, 1}, {"BF16", 0xc0a0, -5},
	} {
		tensor := Tensor{Name: "x", DType: c.dtype, Shape: []int{1},
			Data: binary.LittleEndian.AppendUint16(nil, c.bits)}
		got := make([]float32, 1)
		if err := tensor.Read(got); err != nil || got[0] != c.want {
			t.Errorf("%s %04x is %v, %v, want %v", c.dtype, c.bits, got[0], err, c.want)
		}
	}
}

// A header that does not agree with its file is refused in a sentence that names tensor and field.
func TestFalseHeadersAreRefused(t *testing.T) {
	one := func(fields string) string { return `{"x":{` + fields + `}}` }
	for _, c := range []struct {
		why  string
		file []byte
		want string
	}{
		{"nothing", nil, "it has 0 bytes: want at least 8"},
		{"a length beyond the file", bytes.Repeat([]byte{255}, 8),
			"its header is said to have 18446744073709551615 bytes, and 0 follow"},
		{"no JSON", file("nonsense", 0), "its header is not a JSON object"},
		{"a list", file("[]", 0), "its header is not a JSON object"},
		{"an end too early", file(`{"x":{`, 0), `tensor "x": unexpected EOF`},
		{"something behind it", file(`{}{}`, 0), "something follows the object"},
		{"no fields", file(`{"x":{}}`, 0),
			`tensor "x": want a dtype, a shape and two data_offsets`},
		{"an unknown type", file(one(`"dtype":"F3","shape":[1],"data_offsets":[0,4]`), 4),
			`tensor "x": dtype is "F3", which this program does not know`},
		{"a negative size", file(one(`"dtype":"F32","shape":[-1],"data_offsets":[0,4]`), 4),
			`tensor "x": shape holds a number -1: want a dtype in quotes, and whole numbers`},
		{"an end beyond the file", file(one(`"dtype":"F32","shape":[2],"data_offsets":[0,8]`), 4),
			`it is cut short, or its header is wrong: 4 bytes follow the header, and tensor "x" ends`},
		{"an end before the start", file(one(`"dtype":"F32","shape":[1],"data_offsets":[4,0]`), 4),
			`tensor "x": data_offsets are [4 0]`},
		{"a shape that overflows", file(one(`"dtype":"F32","shape":[4294967296,4294967296,4],`+
			`"data_offsets":[0,0]`), 0),
			`tensor "x": shape is [4294967296 4294967296 4] of F32, which 0 bytes do not hold`},
		{"a shape that wraps to nothing", file(one(`"dtype":"F32","shape":[4611686018427387904,4],`+
			`"data_offsets":[0,0]`), 0), `tensor "x": shape is [4611686018427387904 4] of F32`},
		{"a shape too small", file(one(`"dtype":"F32","shape":[1],"data_offsets":[0,8]`), 8),
			`tensor "x": shape is [1] of F32, which 8 bytes do not hold exactly`},
		{"half a number", file(one(`"dtype":"F32","shape":[1],"data_offsets":[0,6]`), 6),
			`tensor "x": shape is [1] of F32, which 6 bytes do not hold exactly`},
		{"an overlap", file(`{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},`+
			`"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
			`tensor "y": data_offsets are [4 8]: want 8 as the first`},
		{"a gap", file(`{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8),
			`tensor "x": data_offsets are [4 8]: want 0 as the first`},
		{"bytes of nobody", file(one(`"dtype":"F32","shape":[1],"data_offsets":[0,4]`), 9),
			"5 bytes behind its last tensor belong to none"},
		{"a name twice", file(`{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},`+
			`"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 0),
			`tensor "x" is there twice`},
		{"metadata that are no texts", file(`{"__metadata__":{"a":1}}`, 0), "want texts by name"},
	} {
		_, err := Decode(c.file)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.why, err, c.want)
		}
	}
}

// Whatever a file holds, Decode returns an error or tensors that cover exactly what follows the
// header, and allocates nothing that the file is not as large as.
func FuzzDecode(f *testing.F) {
	f.Add(Encode([]Values{{"a", []int{2, 2}, make([]float32, 4)},
		{"b", []int{3}, make([]float32, 3)}}, [2]string{"format", "pt"}))
	f.Add(file(`{"x":{"dtype":"F16","shape":[0,4294967296],"data_offsets":[0,0]}}`, 0))
	f.Add(file(`{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}`, 4))
	f.Fuzz(func(t *testing.T, file []byte) {
		tensors, err := Decode(file)
		if err != nil {
			return
		}
		length := 8 + int(binary.LittleEndian.Uint64(file))
		covered := []byte{}
		for _, tensor := range tensors {
			if n, ok := product(tensor.Shape); !ok || n != tensor.Len() {
				t.Errorf("%s: shape %v of %d numbers", tensor.Name, tensor.Shape, tensor.Len())
			}
			_ = tensor.Read(make([]float32, tensor.Len()))
			covered = append(covered, tensor.Data...)
		}
		if !slices.Equal(covered, file[length:]) {
			t.Errorf("the tensors cover %d of %d bytes", len(covered), len(file)-length)
		}
	})
}
