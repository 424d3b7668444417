package train

import (
	"encoding/binary"
	"math"

	"github.com/tinylib/msgp/msgp"
)

// Numbers are float32 numbers that a file holds in the form of [Floats]. They are written without
// being copied first, which matters where they are the weights of a large model.
type Numbers []float32

// MarshalMsg appends the numbers as little-endian bytes.
func (n Numbers) MarshalMsg(to []byte) ([]byte, error) {
	to = msgp.AppendBytesHeader(msgp.Require(to, n.Msgsize()), uint32(4*len(n)))
	for _, x := range n {
		to = binary.LittleEndian.AppendUint32(to, math.Float32bits(x))
	}
	return to, nil
}

// UnmarshalMsg reads what MarshalMsg has written, and returns the bytes behind it.
func (n *Numbers) UnmarshalMsg(from []byte) (rest []byte, err error) {
	data, rest, err := msgp.ReadBytesZC(from)
	if err != nil {
		return from, err
	}
	*n = make(Numbers, len(data)/4)
	if err := Floats(data).Unpack(*n); err != nil {
		return from, err
	}
	return rest, nil
}

// Msgsize returns the most bytes that MarshalMsg appends.
func (n Numbers) Msgsize() int { return msgp.BytesPrefixSize + 4*len(n) }
