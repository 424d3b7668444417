package main

import (
	"bytes"
	"context"
	wire "encoding/binary" // the long tier has a function binary
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// curves has the points of every metric as "step value", by lane and name. The seconds are left
// out, since they are never the same.
type curves map[string][]string

func (c curves) add(lane, metric string, step int, value float64) {
	if metric != "cost/seconds" {
		c[lane+" "+metric] = append(c[lane+" "+metric], fmt.Sprint(step, " ", value))
	}
}

// readEvents reads an event file as its format is described, without this program's packages: a
// TFRecord file (length, masked CRC-32C, content, masked CRC-32C) of tensorboard.Event messages,
// whose fields are wall_time = 1 (double), step = 2 (int64), file_version = 3 (string) and
// summary = 5; of a summary value = 1; of a value tag = 1 (string) and simple_value = 2 (float).
func readEvents(t *testing.T, c curves, lane string, file []byte) {
	t.Helper()
	for n := 0; len(file) > 0; n++ {
		length := int(wire.LittleEndian.Uint64(file))
		data := file[12 : 12+length]
		if wire.LittleEndian.Uint32(file[8:]) != maskedCRC(file[:8]) ||
			wire.LittleEndian.Uint32(file[12+length:]) != maskedCRC(data) {
			t.Fatalf("record %d has a wrong checksum", n)
		}
		file = file[16+length:]
		step, version, wall := 0, "", 0.0
		var values [][]byte
		for number, field := range message(t, data) {
			switch number {
			case 1:
				wall = math.Float64frombits(wire.LittleEndian.Uint64(field[0]))
			case 2:
				v, _ := wire.Uvarint(field[0])
				step = int(v)
			case 3:
				version = string(field[0])
			case 5:
				values = message(t, field[0])[1]
			}
		}
		if (n == 0) != (version == "brain.Event:2") || wall != 1e9 {
			t.Errorf("record %d has version %q and time %v", n, version, wall)
		}
		for _, value := range values {
			fields := message(t, value)
			bits := wire.LittleEndian.Uint32(fields[2][0])
			c.add(lane, string(fields[1][0]), step, float64(math.Float32frombits(bits)))
		}
	}
}

// message returns the fields of a message in protocol buffers, by number.
func message(t *testing.T, data []byte) map[uint64][][]byte {
	t.Helper()
	fields := map[uint64][][]byte{}
	for len(data) > 0 {
		key, n := wire.Uvarint(data)
		data = data[n:]
		size := map[uint64]int{1: 8, 5: 4}[key&7]
		switch key & 7 {
		case 0:
			_, size = wire.Uvarint(data)
		case 2:
			length, n := wire.Uvarint(data)
			data, size = data[n:], int(length)
		}
		fields[key>>3] = append(fields[key>>3], data[:size])
		data = data[size:]
	}
	return fields
}

// maskedCRC is the checksum of records, bit by bit from its polynomial.
func maskedCRC(data []byte) uint32 {
	sum := ^uint32(0)
	for _, b := range data {
		sum ^= uint32(b)
		for range 8 {
			sum = sum>>1 ^ 0x82f63b78*(sum&1)
		}
	}
	sum = ^sum
	return sum>>15 + sum<<17 + 0xa282ead8
}

// readRecords returns what the three kinds of files in a run's folder say.
func readRecords(t *testing.T, dir string) map[string]curves {
	t.Helper()
	read := func(path string) []byte {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	all := map[string]curves{"tensorboard": {}, "jsonl": {}, "csv": {}}
	files, _ := filepath.Glob(filepath.Join(dir, "tensorboard", "*", "*tfevents*"))
	for _, file := range files {
		readEvents(t, all["tensorboard"], filepath.Base(filepath.Dir(file)), read(file))
	}
	for line := range bytes.Lines(read(filepath.Join(dir, "metrics.jsonl"))) {
		var fields map[string]any
		if err := json.Unmarshal(line, &fields); err != nil {
			t.Fatal(err)
		}
		for name, value := range fields {
			if strings.Contains(name, "/") {
				all["jsonl"].add(fields["lane"].(string), name, int(fields["step"].(float64)),
					float64(float32(value.(float64))))
			}
		}
	}
	rows, err := csv.NewReader(bytes.NewReader(read(filepath.Join(dir, "metrics.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		step, err1 := strconv.Atoi(row[3])
		value, err2 := strconv.ParseFloat(row[5], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("row %q", row)
		}
		all["csv"].add(row[1], row[4], step, float64(float32(value)))
	}
	return all
}

// stopAt is a standard output that ends a context when an event of one kind is written to it.
type stopAt struct {
	event string // "" for none
	stop  context.CancelFunc
	bytes.Buffer
}

func (s *stopAt) Write(p []byte) (int, error) {
	if s.event != "" && strings.Contains(string(p), s.event) {
		s.stop()
	}
	return s.Buffer.Write(p)
}

// recordedRun runs a small recipe with two lanes, whose metrics are recorded, and returns the
// events. It is interrupted at an event, unless that is "".
func recordedRun(t *testing.T, dir, until string, more ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out := &stopAt{event: until, stop: stop}
	var complaints bytes.Buffer
	args := append([]string{"run", "cards?eval_prompts=4&eval_every=2&lane=sft,batch=2,steps=5" +
		"&lane=sft,batch=2,steps=3~grpo,batch=2,group=2,steps=2",
		"--json", "--threads", "1", "--out", dir, "--log", "tensorboard,jsonl,csv"}, more...)
	code := run(args, &environment{Context: ctx, out: &output{to: out}, err: &complaints,
		clock: func() float64 { return 0 }, wall: func() float64 { return 1e9 },
		catalogue: recipe.Standard()})
	if (code != 0) != (until != "") {
		t.Fatalf("exit code %d: %s", code, complaints.String())
	}
	return out.String()
}

// What is recorded is what --json prints, in all three formats, by the names of the dictionary and
// once for every step.
func TestRecordsAreTheEventsOfTheRun(t *testing.T) {
	dir, want := filepath.Join(t.TempDir(), "run"), curves{}
	for line := range strings.Lines(recordedRun(t, dir, "")) {
		var e struct {
			Event, Lane string
			Step        int
			Metrics     map[string]float64
			Cost        map[string]float64
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Event != string(protocol.Updated) && e.Event != string(protocol.Measured) {
			continue
		}
		for name, value := range e.Metrics {
			want.add(e.Lane, name, e.Step, float64(float32(value)))
		}
		if _, first := e.Metrics["eval/id/accuracy"]; first {
			for name, value := range e.Cost {
				want.add(e.Lane, "cost/"+name, e.Step, float64(float32(value)))
			}
		}
	}
	for format, got := range readRecords(t, dir) {
		for _, curve := range slices.Sorted(maps.Keys(want)) {
			if !slices.Equal(got[curve], want[curve]) {
				t.Errorf("%s: %s is %v, want %v", format, curve, got[curve], want[curve])
			}
			_, name, _ := strings.Cut(curve, " ")
			if _, ok := eval.Define(name); !ok {
				t.Errorf("the dictionary does not have %s", name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d curves, want %d", format, len(got), len(want))
		}
	}
}

// A run that was interrupted, and whose files were cut in the middle of a record, goes on with them
// when it is resumed: no step is missing and none is there twice.
func TestAResumedRunGoesOnWithItsRecords(t *testing.T) {
	whole, parts := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "parts")
	recordedRun(t, whole, "")
	recordedRun(t, parts, `"step":2,`)
	files, _ := filepath.Glob(filepath.Join(parts, "tensorboard", "*", "*"))
	for _, file := range append(files, filepath.Join(parts, "metrics.jsonl"),
		filepath.Join(parts, "metrics.csv")) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(data, data[:20]...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	recordedRun(t, parts, "", "--resume")
	got := readRecords(t, parts)
	for format, want := range readRecords(t, whole) {
		if !reflect.DeepEqual(got[format], want) {
			t.Errorf("%s: got %v, want %v", format, got[format], want)
		}
	}
}

// What is computed a second time, after a process was killed, is not recorded a second time.
func TestStepsAreRecordedOnce(t *testing.T) {
	dir := t.TempDir()
	for _, steps := range [][2]int{{0, 5}, {3, 8}, {0, 9}} {
		r := (&environment{wall: func() float64 { return 1e9 },
			recorded: []recordFormat{eventFiles{}, jsonLinesFile{},
				csvFile{}}}).recorderIn(study.NewFolder(dir, true),
			7)
		for step := steps[0]; step < steps[1]; step++ {
			r.observe(protocol.Event{Kind: protocol.Updated, Lane: "sft~grpo", Step: step,
				Metrics: []protocol.Metric{{Name: "train/loss_nats", Value: float64(step)}}})
		}
		if err := r.close(); err != nil {
			t.Fatal(err)
		}
	}
	want := curves{}
	for step := range 9 {
		want.add("sft~grpo", "train/loss_nats", step, float64(step))
	}
	for format, got := range readRecords(t, dir) {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", format, got, want)
		}
	}
}

// NaN is written as null in JSON, and an error of writing is returned when the recorder is closed.
func TestWhatCannotBeRecorded(t *testing.T) {
	nan := record{lane: "a", metrics: []protocol.Metric{{Name: "x/y", Value: math.NaN()}}}
	line := jsonLinesFile{}.encode(0, nan)
	if want := `{"seed":0,"lane":"a","stage":0,"step":0,"x/y":null}` + "\n"; string(line) != want {
		t.Errorf("got %s, want %s", line, want)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "tensorboard"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	r := (&environment{wall: func() float64 { return 0 },
		recorded: []recordFormat{eventFiles{}}}).recorderIn(study.NewFolder(dir, true),
		1)
	for range 2 {
		r.observe(protocol.Event{Lane: "a", Metrics: nan.metrics})
	}
	if err := r.close(); err == nil ||
		!strings.HasPrefix(err.Error(), "the metrics are not all recorded: ") {
		t.Errorf("got %v", err)
	}
}
