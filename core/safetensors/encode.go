package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
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
	sources, size := make([]Source, len(tensors)), 0
	for i, t := range tensors {
		sources[i] = Source{t.Name, t.Shape, func() []float32 { return t.Data }}
		size += 4 * len(t.Data)
	}
	var file bytes.Buffer
	file.Grow(size)
	if err := Write(&file, sources, metadata...); err != nil {
		panic(err) // a buffer takes everything
	}
	return file.Bytes()
}

// Source is a tensor to be written whose numbers need not be in memory before their turn comes.
type Source struct {
	Name  string
	Shape []int

	// Numbers returns as many float32 numbers as the product of Shape. Write calls it once and uses
	// what it returns until it calls that of the next tensor.
	Numbers func() []float32
}

// Write writes the file that [Encode] returns. It panics if a tensor's shape does not fit its
// numbers.
func Write(w io.Writer, tensors []Source, metadata ...[2]string) error {
	header := encodeHeader(tensors, metadata)
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	if _, err := w.Write(append(head, header...)); err != nil {
		return err
	}
	const atOnce = 1 << 14 // numbers that are written at a time
	chunk := make([]byte, 0, 4*atOnce)
	for _, t := range tensors {
		numbers := t.Numbers()
		if n, _ := product(t.Shape); n != len(numbers) {
			panic(misfit(t, len(numbers)))
		}
		for part := range slices.Chunk(numbers, atOnce) {
			chunk = chunk[:0]
			for _, x := range part {
				chunk = binary.LittleEndian.AppendUint32(chunk, math.Float32bits(x))
			}
			if _, err := w.Write(chunk); err != nil {
				return err
			}
		}
	}
	return nil
}

func misfit(t Source, numbers int) string {
	return fmt.Sprintf("safetensors: %s has shape %v and %d numbers", t.Name, t.Shape, numbers)
}

// encodeHeader returns the header of a file.
func encodeHeader(tensors []Source, metadata [][2]string) []byte {
	size, header := 0, []byte{'{'}
	if len(metadata) > 0 {
		header = fmt.Appendf(header, "%s:{", quote(metadataName))
		for i, pair := range metadata {
			header = fmt.Appendf(header, "%s%s:%s", comma(i), quote(pair[0]), quote(pair[1]))
		}
		header = append(header, '}')
	}
	for i, t := range tensors {
		n, ok := product(t.Shape)
		if !ok {
			panic(misfit(t, 0))
		}
		shape, err := json.Marshal(append([]int{}, t.Shape...)) // nil would be null
		if err != nil {
			panic(err) // a list of int is always JSON
		}
		header = fmt.Appendf(header, `%s%s:{"dtype":"F32","shape":%s,"data_offsets":[%d,%d]}`,
			comma(i+len(metadata)), quote(t.Name), shape, size, size+4*n)
		size += 4 * n
	}
	header = append(header, '}')
	for len(header)%8 != 0 { // so that the numbers begin at a multiple of 8, as the format asks
		header = append(header, ' ')
	}
	return header
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
