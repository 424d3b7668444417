// Package checkpoint reads and writes files of models, of lanes and of pretrainings. Start with
// [ReadModel], which reads the model out of either of the first two, and [EncodeModel] with
// [WriteFile].
//
// The file of a lane or of a pretraining holds everything that it needs to go on. A file is a line
// of magic, a msgp payload and a checksum. One that was cut short or has a flipped bit is refused
// with an error that wraps [ErrFormat].
package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tinylib/msgp/msgp"
)

const (
	magic   = "POSTTRAIN\n"
	version = 1

	// maxFile bounds the bytes that are read into memory. It is enough for a lane with two hundred
	// million weights.
	maxFile = 1 << 32

	headerLen = len(magic) + 2 + 8 // magic, version, kind, payload length
)

// kind is the kind of a payload.
type kind byte

const (
	modelKind       kind = 'm'
	laneKind        kind = 'l'
	pretrainingKind kind = 'p'
)

// ErrFormat is wrapped by every error about the content of a file.
var ErrFormat = errors.New("not a usable checkpoint")

func bad(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrFormat, fmt.Sprintf(format, args...))
}

// payload is the content of a file.
type payload interface {
	msgp.Marshaler
	Msgsize() int // at least as many bytes as MarshalMsg appends
}

// seal returns a payload as a file: magic, version, kind, length, payload and the sha256 of all
// that.
func seal(k kind, content payload) ([]byte, error) {
	file := make([]byte, 0, headerLen+content.Msgsize()+sha256.Size)
	file = append(append(file, magic...), version, byte(k))
	file = binary.LittleEndian.AppendUint64(file, 0) // the length, which is set below
	file, err := content.MarshalMsg(file)
	if err != nil {
		return nil, err
	}
	binary.LittleEndian.PutUint64(file[len(magic)+2:], uint64(len(file)-headerLen))
	sum := sha256.Sum256(file)
	return append(file, sum[:]...), nil
}

// checkHead checks the first headerLen bytes, or all of a shorter file, and the size of the file.
func checkHead(head []byte, size int64) error {
	if !bytes.HasPrefix(head, []byte(magic)) {
		return bad("it does not start like a posttrain file")
	}
	if size < int64(headerLen+sha256.Size) {
		return bad("it is cut short at %d bytes", size)
	}
	if v := head[len(magic)]; v != version {
		return bad("it has format version %d, this program reads %d", v, version)
	}
	want, have := binary.LittleEndian.Uint64(head[len(magic)+2:]), uint64(size)-uint64(headerLen)-
		sha256.Size
	switch {
	case have < want:
		return bad("it is cut short: %d of %d bytes of content", have, want)
	case have > want:
		return bad("it has %d bytes too many", have-want)
	case size > maxFile:
		return bad("it has %d bytes, and at most %d are read", size, maxFile)
	}
	return nil
}

// open checks a file's magic, version, length and checksum, and returns its kind and payload.
func open(file []byte) (kind, []byte, error) {
	if err := checkHead(file, int64(len(file))); err != nil {
		return 0, nil, err
	}
	end := len(file) - sha256.Size
	if sum := sha256.Sum256(file[:end]); !bytes.Equal(sum[:], file[end:]) {
		return 0, nil, bad("its checksum does not fit: the file is damaged")
	}
	return kind(file[len(magic)+1]), file[headerLen:end], nil
}

// decode reads a payload, which must be used to its last byte. It first walks through the whole
// payload, so that a false length in it cannot make it allocate memory for what is not there.
func decode(payload []byte, into msgp.Unmarshaler) error {
	rest, err := msgp.Skip(payload)
	if err != nil {
		return bad("its content is broken: %v", err)
	}
	if len(rest) > 0 {
		return bad("%d bytes are left over after its content", len(rest))
	}
	if _, err := into.UnmarshalMsg(payload); err != nil {
		return bad("%v", err)
	}
	return nil
}
