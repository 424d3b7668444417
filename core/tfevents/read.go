package tfevents

import (
	"encoding/binary"
	"math"
)

// Read returns the events of a file, and how many of its bytes they take. The rest of the file is
// damaged, or a record that a killed program has not finished.
func Read(file []byte) (events []Event, good int) {
	for {
		data, size := record(file[good:])
		if size == 0 {
			return events, good
		}
		e, ok := event(data)
		if !ok {
			return events, good
		}
		events, good = append(events, e), good+size
	}
}

// record returns the content of the first record of a file, and its size with its checksums: 0 if
// there is none that is whole.
func record(file []byte) (data []byte, size int) {
	const head, foot = 12, 4
	if len(file) < head+foot || binary.LittleEndian.Uint32(file[8:]) != checksum(file[:8]) {
		return nil, 0
	}
	length := binary.LittleEndian.Uint64(file)
	if length > uint64(len(file)-head-foot) {
		return nil, 0
	}
	data, file = file[head:head+length], file[head+length:]
	if binary.LittleEndian.Uint32(file) != checksum(data) {
		return nil, 0
	}
	return data, head + len(data) + foot
}

// event returns an event from its message. ok is false if the message is broken.
func event(data []byte) (e Event, ok bool) {
	ok = fields(data, func(key, number uint64, data []byte) bool {
		switch key {
		case eventWall:
			e.Wall = math.Float64frombits(number)
		case eventStep:
			e.Step = int64(number)
		case eventVersion:
			e.FileVersion = string(data)
		case eventSummary:
			return fields(data, func(key, _ uint64, data []byte) bool {
				if key != summaryValue {
					return true
				}
				s, ok := scalar(data)
				e.Scalars = append(e.Scalars, s)
				return ok
			})
		}
		return true
	})
	return e, ok
}

// scalar returns a value of a summary.
func scalar(data []byte) (s Scalar, ok bool) {
	ok = fields(data, func(key, number uint64, data []byte) bool {
		switch key {
		case valueTag:
			s.Tag = string(data)
		case valueSimple:
			s.Value = float64(math.Float32frombits(uint32(number)))
		}
		return true
	})
	return s, ok
}

// fields calls visit with each field of a message: its key, and its number or its bytes. It reports
// whether the message is whole and visit always returned true.
func fields(message []byte, visit func(key, number uint64, data []byte) bool) bool {
	for len(message) > 0 {
		key, n := binary.Uvarint(message)
		if n <= 0 {
			return false
		}
		message = message[n:]
		number, size, data := uint64(0), 0, []byte(nil)
		switch key & 7 {
		case varint:
			number, size = binary.Uvarint(message)
		case fixed64:
			if size = 8; len(message) >= size {
				number = binary.LittleEndian.Uint64(message)
			}
		case fixed32:
			if size = 4; len(message) >= size {
				number = uint64(binary.LittleEndian.Uint32(message))
			}
		case bytesType:
			length, n := binary.Uvarint(message)
			if n <= 0 || length > uint64(len(message)-n) {
				return false
			}
			size = n + int(length)
			data = message[n:size]
		}
		if size <= 0 || size > len(message) || !visit(key, number, data) {
			return false
		}
		message = message[size:]
	}
	return true
}
