package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"math"

	"github.com/tinylib/msgp/msgp"

	"github.com/posttrain/posttrain/core/model"
)

// streamModel reads the model from a file of this size. Before the checksum is known to fit, it
// allocates at most about twice the bytes that the file has.
func streamModel(file io.Reader, size int64) (*Model, error) {
	head := make([]byte, min(size, int64(headerLen)))
	if _, err := io.ReadFull(file, head); err != nil {
		return nil, err
	}
	if err := checkHead(head, size); err != nil {
		return nil, err
	}
	sum := sha256.New()
	sum.Write(head)
	body := io.LimitReader(file, size-int64(headerLen)-sha256.Size)
	s := &stream{from: msgp.NewReaderSize(io.TeeReader(body, sum), streamBuffer),
		most: uint64(size)}
	m, err := s.model(kind(head[len(magic)+1]))
	if err := s.end(file, sum); err != nil { // before what is said of damaged content
		return nil, err
	}
	return m, err
}

// streamBuffer is how many bytes are read at a time.
const streamBuffer = 1 << 16

// stream reads a payload. It copies all but long lists of numbers, and keeps the numbers of one of
// them.
type stream struct {
	from    *msgp.Reader
	most    uint64 // bytes of the file
	rest    []byte // the payload without numbers
	weights []float32
	bytes   int  // of the weights
	bf16    bool // whether there are two bytes a weight
}

// end reads the file to its end and returns an error if its checksum does not fit.
func (s *stream) end(file io.Reader, sum hash.Hash) error {
	if _, err := io.Copy(io.Discard, s.from); err != nil {
		return err
	}
	var want [sha256.Size]byte
	if _, err := io.ReadFull(file, want[:]); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want[:]) {
		return bad("its checksum does not fit: the file is damaged")
	}
	return nil
}

// model reads the payload of a file of a kind that holds a model.
func (s *stream) model(k kind) (*Model, error) {
	if k != modelKind && k != laneKind {
		return nil, notAModel(k)
	}
	if err := s.copy("", 0); err != nil {
		return nil, bad("its content is broken: %v", err)
	}
	if n, err := io.Copy(io.Discard, s.from); err != nil {
		return nil, err
	} else if n > 0 {
		return nil, bad("%d bytes are left over after its content", n)
	}
	var m Model
	var c model.Config
	if k == modelKind {
		var p modelPayload
		if err := decode(s.rest, &p); err != nil {
			return nil, err
		}
		m, c = Model{Engine: p.Engine, Task: p.Task, Sizes: p.Sizes}, p.Config
	} else {
		var l lanePayload
		if err := decode(s.rest, &l); err != nil {
			return nil, err
		}
		if l.Lane < 0 {
			return nil, bad("lane is %d, want at least 0", l.Lane)
		}
		m = Model{Engine: l.Engine, Task: l.Task, Link: l.Link, Lane: l.Lane,
			Step: l.State.Updates, Signal: l.State.Signal}
		c = l.State.Config
	}
	if err := check(m.Engine, c); err != nil {
		return nil, err
	}
	if n := c.Weights(); len(s.weights) != n {
		return nil, bad("it holds %d bytes of weights, and its shape has %d weights", s.bytes, n)
	}
	m.Params = model.ViewParams(c, s.weights)
	return &m, nil
}

// copy copies the next object of the payload to s.rest. field is the name of the field that it is
// the value of, depth how many objects it is in.
func (s *stream) copy(field string, depth int) (err error) {
	const deepest = 100
	if depth > deepest {
		return errors.New("it is nested too deeply")
	}
	next, err := s.from.NextType()
	if err != nil {
		return err
	}
	switch next {
	case msgp.MapType:
		return s.copyMap(depth)
	case msgp.ArrayType:
		n, err := s.from.ReadArrayHeader()
		s.rest = msgp.AppendArrayHeader(s.rest, n)
		for i := uint32(0); i < n && err == nil; i++ {
			err = s.copy("", depth+1)
		}
		return err
	case msgp.BinType:
		s.rest = msgp.AppendBytes(s.rest, nil)
		return s.numbers(field, depth)
	case msgp.BoolType:
		b, err := s.from.ReadBool()
		s.rest = msgp.AppendBool(s.rest, b)
		s.bf16 = s.bf16 || b && field == "bf16" && depth == 1
		return err
	}
	_, err = s.from.CopyNext((*appender)(&s.rest))
	return err
}

func (s *stream) copyMap(depth int) error {
	n, err := s.from.ReadMapHeader()
	s.rest = msgp.AppendMapHeader(s.rest, n)
	for i := uint32(0); i < n && err == nil; i++ {
		var key []byte
		if key, err = s.from.ReadMapKey(nil); err != nil {
			return err
		}
		s.rest = msgp.AppendString(s.rest, string(key))
		err = s.copy(string(key), depth+1)
	}
	return err
}

// numbers reads a list of numbers, and keeps it if it is the weights of a model or of a lane.
func (s *stream) numbers(field string, depth int) error {
	n, err := s.from.ReadBytesHeader()
	if err != nil {
		return err
	}
	kept := field == "data" && depth == 1 || field == "weights" && depth == 2
	if !kept || uint64(n) > s.most {
		_, err := io.CopyN(io.Discard, s.from, int64(n))
		return err
	}
	width := 4
	if s.bf16 {
		width = 2
	}
	s.weights = make([]float32, int(n)/width)
	chunk := make([]byte, streamBuffer)
	for at := 0; at < int(n); at += len(chunk) {
		chunk = chunk[:min(len(chunk), int(n)-at)]
		if _, err := s.from.ReadFull(chunk); err != nil {
			return err
		}
		weights := s.weights[at/width:]
		for i := range len(chunk) / width {
			if s.bf16 {
				weights[i] = model.FromBF16(binary.LittleEndian.Uint16(chunk[2*i:]))
			} else {
				weights[i] = math.Float32frombits(binary.LittleEndian.Uint32(chunk[4*i:]))
			}
		}
	}
	if s.bytes = int(n); s.bytes%width != 0 {
		s.weights = nil // no shape has none, which is said later
	}
	return nil
}

// appender is a writer that appends to a slice.
type appender []byte

func (a *appender) Write(p []byte) (int, error) {
	*a = append(*a, p...)
	return len(p), nil
}
