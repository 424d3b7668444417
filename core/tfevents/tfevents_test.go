package tfevents

import (
	"encoding/hex"
	"math"
	"reflect"
	"testing"
)

// The first record as TensorFlow writes it: its length with the masked checksum, as every event
// file of TensorFlow begins; wall_time 1.0, file_version, and the masked checksum of those two.
func TestTheFirstRecord(t *testing.T) {
	got := hex.EncodeToString(Append(nil, Event{Wall: 1, FileVersion: Version}))
	want := "1800000000000000" + "a37f4b22" + "09000000000000f03f" +
		"1a0d627261696e2e4576656e743a32"
	if got[:len(got)-8] != want {
		t.Errorf("got %s, want %s and 4 bytes", got, want)
	}
}

// The checksums of RFC 3720, appendix B.4, masked as TensorFlow's lib/hash/crc32c.h does.
func TestChecksumsAreThoseOfTheFormat(t *testing.T) {
	for _, c := range []struct {
		data  []byte
		plain uint32
	}{
		{make([]byte, 32), 0x8a9136aa},
		{[]byte("123456789"), 0xe3069283},
	} {
		want := uint32((uint64(c.plain>>15|c.plain<<17) + 0xa282ead8) & math.MaxUint32)
		if got := checksum(c.data); got != want {
			t.Errorf("%x has %08x, want %08x", c.data, got, want)
		}
	}
}

// What is read is what was written, whatever the numbers are.
func TestEventsAreReadBack(t *testing.T) {
	events := []Event{
		{Wall: 1.5, FileVersion: Version},
		{Wall: 1e9, Step: 1 << 40, Scalars: []Scalar{{"a", -1}, {"", math.Inf(1)}, {"β", 0}}},
		{Step: -1},
	}
	var file []byte
	for _, e := range events {
		file = Append(file, e)
	}
	got, good := Read(file)
	if good != len(file) || !reflect.DeepEqual(got, events) {
		t.Errorf("read %+v from %d of %d bytes, want %+v", got, good, len(file), events)
	}
	for i := range file { // a flipped bit anywhere ends what is read before it
		file[i] ^= 1
		if damaged, good := Read(file); good > i || len(damaged) >= len(events) {
			t.Fatalf("with a bit flipped at byte %d, %d bytes are read", i, good)
		}
		file[i] ^= 1
	}
}

// Whatever a file holds, Read returns what can be written again.
func FuzzRead(f *testing.F) {
	f.Add(Append(Append(nil, Event{Wall: 1, FileVersion: Version}),
		Event{Step: 3, Scalars: []Scalar{{"a", 1}}}))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, good := Read(data); good > len(data) {
			t.Errorf("%d of %d bytes", good, len(data))
		}
		event(data) // behind checksums that a fuzzer does not find
	})
}
