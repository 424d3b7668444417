package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Decode returns the tensors of a file in the order of their numbers, as views of file. Together
// they must cover all bytes behind the header once. It ignores metadata.
func Decode(file []byte) ([]Tensor, error) {
	if len(file) < lengthLen {
		return nil, bad("it has %d bytes: want at least %d, the length of its header", len(file),
			lengthLen)
	}
	length := binary.LittleEndian.Uint64(file)
	switch rest := uint64(len(file) - lengthLen); {
	case length > rest:
		return nil, bad("its header is said to have %d bytes, and %d follow", length, rest)
	case length > maxHeader:
		return nil, bad("its header has %d bytes: the format allows %d", length, maxHeader)
	}
	header, data := file[lengthLen:lengthLen+length], file[lengthLen+length:]
	entries, err := readHeader(header)
	if err != nil {
		return nil, err
	}
	tensors := make([]Tensor, 0, len(entries))
	slices.SortStableFunc(entries, func(a, b entry) int { return a.compare(b) })
	end := 0
	for _, e := range entries {
		t, err := e.tensor(data, end)
		if err != nil {
			return nil, err
		}
		end += len(t.Data)
		tensors = append(tensors, t)
	}
	if end != len(data) {
		return nil, bad("%d bytes behind its last tensor belong to none", len(data)-end)
	}
	return tensors, nil
}

// entry is a tensor as the header describes it.
type entry struct {
	name    string
	DType   *string  `json:"dtype"`
	Shape   []uint64 `json:"shape"`
	Offsets []uint64 `json:"data_offsets"`
}

// compare orders entries by where their numbers begin and end. Those without offsets come first.
func (e entry) compare(other entry) int { return slices.Compare(e.Offsets, other.Offsets) }

// tensor returns the tensor, whose numbers must begin at the byte begin of data.
func (e entry) tensor(data []byte, begin int) (Tensor, error) {
	if e.DType == nil || e.Shape == nil || len(e.Offsets) != 2 {
		return Tensor{}, bad("tensor %q: want a dtype, a shape and two data_offsets", e.name)
	}
	size := width(*e.DType)
	if size == 0 {
		return Tensor{}, bad("tensor %q: dtype is %q, which this program does not know", e.name,
			*e.DType)
	}
	switch {
	case e.Offsets[0] > e.Offsets[1]:
		return Tensor{}, bad("tensor %q: data_offsets are %d: want a beginning and an end "+
			"behind it", e.name, e.Offsets)
	case e.Offsets[1] > uint64(len(data)):
		return Tensor{}, bad("it is cut short, or its header is wrong: %d bytes follow the "+
			"header, and tensor %q ends at byte %d", len(data), e.name, e.Offsets[1])
	}
	if e.Offsets[0] != uint64(begin) {
		return Tensor{}, bad("tensor %q: data_offsets are %d: want %d as the first, where the "+
			"tensor before it ends", e.name, e.Offsets, begin)
	}
	want, room := (e.Offsets[1]-e.Offsets[0])/uint64(size), (e.Offsets[1]-e.Offsets[0])%uint64(size)
	shape := make([]int, len(e.Shape))
	for i, d := range e.Shape {
		shape[i] = int(min(d, uint64(len(data))+1)) // no larger one fits, unless there is a 0
	}
	if n, ok := product(shape); !ok || uint64(n) != want || room != 0 {
		return Tensor{}, bad("tensor %q: shape is %d of %s, which %d bytes do not hold exactly",
			e.name, e.Shape, *e.DType, e.Offsets[1]-e.Offsets[0])
	}
	return Tensor{e.name, *e.DType, shape, data[e.Offsets[0]:e.Offsets[1]]}, nil
}

// readHeader reads the entries of a header. They are read one by one, because in a map the second
// of two with one name would hide the first.
func readHeader(header []byte) (entries []entry, err error) {
	in := json.NewDecoder(bytes.NewReader(header))
	if start, err := in.Token(); err != nil || start != json.Delim('{') {
		return nil, bad("its header is not a JSON object")
	}
	seen := map[string]bool{}
	for in.More() {
		token, err := in.Token()
		name, isText := token.(string)
		switch {
		case err != nil || !isText:
			return nil, bad("its header is not JSON after %q: %v", last(entries), err)
		case seen[name]:
			return nil, bad("tensor %q is there twice", name)
		}
		seen[name] = true
		if name == metadataName {
			if err := in.Decode(new(map[string]string)); err != nil {
				return nil, bad("%s: want texts by name: %v", metadataName, err)
			}
			continue
		}
		e := entry{name: name}
		if err := in.Decode(&e); err != nil {
			return nil, bad("tensor %q: %s", name, plain(err))
		}
		entries = append(entries, e)
	}
	if _, err := in.Token(); err != nil {
		return nil, bad("its header does not end as a JSON object: %v", err)
	}
	if _, err := in.Token(); !errors.Is(err, io.EOF) {
		return nil, bad("something follows the object in its header")
	}
	return entries, nil
}

// last returns the name of the newest entry, and "" if there is none.
func last(entries []entry) string {
	if len(entries) == 0 {
		return ""
	}
	return entries[len(entries)-1].name
}

// plain returns the text of an error of the JSON decoder, with the field that is wrong.
func plain(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s holds a %s: want a dtype in quotes, and whole numbers from 0 in "+
			"shape and data_offsets", wrong.Field, wrong.Value)
	}
	return err.Error()
}
