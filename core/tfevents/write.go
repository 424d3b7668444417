// Package tfevents writes and reads the files that TensorBoard shows: numbers over steps, one file
// for each curve's run. Start with [Append], which adds an event to a file, and [Read].
//
// A file is a sequence of records (TFRecord), each with the checksums of its length and of its
// content, and each record is an Event in protocol buffers
// (https://github.com/tensorflow/tensorboard, compat/proto/event.proto and summary.proto). Only the
// few fields that scalars need are written.
package tfevents

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// Version is the FileVersion of the event that every file begins with.
const Version = "brain.Event:2"

// Event is a record of a file.
type Event struct {
	Wall        float64 // seconds since 1970
	Step        int64
	FileVersion string // [Version] in the first event; "" in all others
	Scalars     []Scalar
}

// Scalar is a number with the name of its curve. A file has it in float32.
type Scalar struct {
	Tag   string
	Value float64
}

// Numbers and wire types of fields, as keys of protocol buffers: number<<3 | type.
const (
	varint, fixed64, bytesType, fixed32 = 0, 1, 2, 5

	eventWall    = 1<<3 | fixed64
	eventStep    = 2<<3 | varint
	eventVersion = 3<<3 | bytesType
	eventSummary = 5<<3 | bytesType

	summaryValue = 1<<3 | bytesType
	valueTag     = 1<<3 | bytesType
	valueSimple  = 2<<3 | fixed32
)

// Append appends the record of an event to a file.
func Append(file []byte, e Event) []byte {
	data := binary.LittleEndian.AppendUint64([]byte{eventWall}, math.Float64bits(e.Wall))
	if e.Step != 0 {
		data = binary.AppendUvarint(append(data, eventStep), uint64(e.Step))
	}
	if e.FileVersion != "" {
		data = appendBytes(data, eventVersion, []byte(e.FileVersion))
	}
	if len(e.Scalars) > 0 {
		var summary []byte
		for _, s := range e.Scalars {
			value := appendBytes(nil, valueTag, []byte(s.Tag))
			value = binary.LittleEndian.AppendUint32(append(value, valueSimple),
				math.Float32bits(float32(s.Value)))
			summary = appendBytes(summary, summaryValue, value)
		}
		data = appendBytes(data, eventSummary, summary)
	}
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	file = binary.LittleEndian.AppendUint32(append(file, length...), checksum(length))
	return binary.LittleEndian.AppendUint32(append(file, data...), checksum(data))
}

// appendBytes appends a field of bytes, or of a message.
func appendBytes(to []byte, key byte, data []byte) []byte {
	return append(binary.AppendUvarint(append(to, key), uint64(len(data))), data...)
}

// checksum returns the CRC-32C of data, masked as records have it, so that the checksum of data
// that hold checksums is not a simple one.
func checksum(data []byte) uint32 {
	const delta = 0xa282ead8
	sum := crc32.Checksum(data, crc32.MakeTable(crc32.Castagnoli))
	return (sum>>15 | sum<<17) + delta
}
