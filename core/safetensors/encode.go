package safetensors

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Values is a tensor to be written, in float32.
type Values struct {
	Name  string
	Shape []int
	Data  []float32 // as many as the product of Shape
}

// Encode returns a file with the tensors in this order. metadata has pairs of a key and a text;
// the field's programs expect the pair "format", "pt". It panics if a tensor's shape does not fit
// its data.
func Encode(tensors []Values, metadata ...[2]string) []byte {
	size, header := 0, []byte{'{'}
	if len(metadata) > 0 {
		header = fmt.Appendf(header, "%s:{", quote(metadataName))
		for i, pair := range metadata {
			header = fmt.Appendf(header, "%s%s:%s", comma(i), quote(pair[0]), quote(pair[1]))
		}
		header = append(header, '}')
	}
	for i, t := range tensors {
		if n, ok := product(t.Shape); !ok || n != len(t.Data) {
			panic(fmt.Sprintf("safetensors: %s has shape %v and %d numbers", t.Name, t.Shape,
				len(t.Data)))
		}
		shape, err := json.Marshal(append([]int{}, t.Shape...)) // nil would be null
		if err != nil {
			panic(err) // a list of int is always JSON
		}
		header = fmt.Appendf(header, `%s%s:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`,
			comma(i+len(metadata)), quote(t.Name), shape, size, size+4*len(t.Data))
		size += 4 * len(t.Data)
	}
	header = append(header, '}')
	for len(header)%8 != 0 { // so that the numbers begin at a multiple of 8, as the format asks
		header = append(header, ' ')
	}
	file := slices.Grow([]byte(nil), lengthLen+len(header)+size)
	file = binary.LittleEndian.AppendUint64(file, uint64(len(header)))
	file = append(file, header...)
	for _, t := range tensors {
		for _, x := range t.Data {
			file = binary.LittleEndian.AppendUint32(file, math.Float32bits(x))
		}
	}
	return file
}

// comma returns what separates an entry from those before it.
func comma(before int) string {
	if before == 0 {
		return ""
	}
	return ","
}

func quote(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string is always JSON
	}
	return quoted
}

// product returns the number of elements of a shape. ok is false if an int cannot hold it.
func product(shape []int) (n int, ok bool) {
	n = 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}
