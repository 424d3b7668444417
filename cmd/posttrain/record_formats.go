package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/tfevents"
)

// recordFormat is a kind of file that metrics are recorded in.
type recordFormat interface {
	// name returns the name of the format in --log.
	name() string

	// path returns the file of a lane, in the run's folder.
	path(lane string) string

	// start returns the beginning of a file, before the first record. It may be empty.
	start(wall float64) []byte

	// encode returns a record, which has metrics.
	encode(wall float64, r record) []byte

	// decode returns the records of a lane's file, and how many of its bytes they and its beginning
	// take. The rest is what a killed process has left unfinished.
	decode(lane string, file []byte) (records []record, good int)
}

// recordFormatOf returns the format with this name in --log, and nil if there is none.
func recordFormatOf(name string) recordFormat {
	for _, f := range []recordFormat{eventFiles{}, jsonLinesFile{}, csvFile{}} {
		if f.name() == name {
			return f
		}
	}
	return nil
}

// eventFiles is the format that TensorBoard shows. Each lane has a folder, because TensorBoard
// shows a folder as one run.
type eventFiles struct{}

func (eventFiles) name() string { return "tensorboard" }

func (eventFiles) path(lane string) string {
	return filepath.Join("tensorboard", lane, "events.out.tfevents.0.posttrain")
}

func (eventFiles) start(wall float64) []byte {
	return tfevents.Append(nil, tfevents.Event{Wall: wall, FileVersion: tfevents.Version})
}

func (eventFiles) encode(wall float64, r record) []byte {
	e := tfevents.Event{Wall: wall, Step: int64(r.step)}
	for _, m := range r.metrics {
		e.Scalars = append(e.Scalars, tfevents.Scalar{Tag: m.Name, Value: m.Value})
	}
	return tfevents.Append(nil, e)
}

func (eventFiles) decode(lane string, file []byte) (records []record, good int) {
	events, good := tfevents.Read(file)
	for _, e := range events {
		r := record{lane: lane, step: int(e.Step)}
		for _, s := range e.Scalars {
			r.metrics = append(r.metrics, protocol.Metric{Name: s.Tag, Value: s.Value})
		}
		records = append(records, r)
	}
	return records, good
}

// jsonLinesFile is JSON Lines: an object for each event, with a field for each metric beside
// seed, lane, stage and step.
type jsonLinesFile struct{}

func (jsonLinesFile) name() string { return "jsonl" }

func (jsonLinesFile) path(string) string { return "metrics.jsonl" }

func (jsonLinesFile) start(float64) []byte { return nil }

func (jsonLinesFile) encode(_ float64, r record) []byte {
	line := append([]byte(`{"seed":`), strconv.FormatUint(r.seed, 10)...)
	field := func(name string, value any) {
		line = append(append(append(line, ','), jsonOf(name)...), ':')
		line = append(line, jsonOf(value)...)
	}
	field("lane", r.lane)
	field("stage", r.stage)
	field("step", r.step)
	for _, m := range r.metrics {
		if math.IsNaN(m.Value) || math.IsInf(m.Value, 0) {
			field(m.Name, nil) // JSON has no number for it
		} else {
			field(m.Name, m.Value)
		}
	}
	return append(line, "}\n"...)
}

// jsonOf returns a text, a finite number or nil as JSON.
func jsonOf(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

func (jsonLinesFile) decode(_ string, file []byte) (records []record, good int) {
	for line := range bytes.Lines(file) {
		var fields map[string]any
		if !bytes.HasSuffix(line, []byte("\n")) || json.Unmarshal(line, &fields) != nil {
			break
		}
		lane, _ := fields["lane"].(string)
		step, _ := fields["step"].(float64)
		r := record{lane: lane, step: int(step)}
		for name := range fields { // in any order: each goes into a map
			if strings.Contains(name, "/") {
				r.metrics = append(r.metrics, protocol.Metric{Name: name})
			}
		}
		records, good = append(records, r), good+len(line)
	}
	return records, good
}

// csvFile is CSV with one row for each metric, so that the columns are always the same.
type csvFile struct{}

const csvHead = "seed,lane,stage,step,metric,value\n"

func (csvFile) name() string { return "csv" }

func (csvFile) path(string) string { return "metrics.csv" }

func (csvFile) start(float64) []byte { return []byte(csvHead) }

func (csvFile) encode(_ float64, r record) []byte {
	var rows bytes.Buffer
	w := csv.NewWriter(&rows)
	for _, m := range r.metrics {
		_ = w.Write([]string{strconv.FormatUint(r.seed, 10), r.lane, strconv.Itoa(r.stage),
			strconv.Itoa(r.step), m.Name, strconv.FormatFloat(m.Value, 'g', -1, 64)})
	}
	w.Flush() // a buffer takes everything
	return rows.Bytes()
}

func (csvFile) decode(_ string, file []byte) (records []record, good int) {
	if !bytes.HasPrefix(file, []byte(csvHead)) {
		return nil, 0
	}
	good = len(csvHead)
	for line := range bytes.Lines(file[good:]) {
		cells := strings.Split(strings.TrimSuffix(string(line), "\n"), ",")
		if !bytes.HasSuffix(line, []byte("\n")) || len(cells) != 6 {
			break
		}
		step, err := strconv.Atoi(cells[3])
		if err != nil {
			break
		}
		records = append(records, record{lane: cells[1], step: step,
			metrics: []protocol.Metric{{Name: cells[4]}}})
		good += len(line)
	}
	return records, good
}
