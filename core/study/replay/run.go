package replay

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// Recorded is a run that was written with its events, an event a line: by posttrain run --json, or
// by the page that saves a run.
type Recorded struct {
	Link  string          `json:"link"`
	Lanes []RecordedLane  `json:"lanes"`
	Page  json.RawMessage `json:"page,omitempty"` // what the page needs to go on with it
}

// RecordedLane is a lane of a run that was recorded.
type RecordedLane struct {
	Label  string           `json:"label"`
	Digest string           `json:"digest"`
	Events []protocol.Event `json:"-"`
}

// recordedLine is a line of the file: an event, or, at its end, the result.
type recordedLine struct {
	Event   protocol.EventKind `json:"event"`
	Lane    string             `json:"lane"`
	Stage   int                `json:"stage"`
	Step    int                `json:"step"`
	Metrics map[string]float64 `json:"metrics"`
	Samples []protocol.Sample  `json:"samples"`
	Cost    protocol.Cost      `json:"cost"`
	Recorded
}

// ReadRun returns the run in a file with this name, compressed or not. It returns ErrNoRun if the
// file does not begin with an event.
func ReadRun(name string, from io.Reader) (Recorded, error) {
	in, err := unpacked(name, from)
	if err != nil {
		return Recorded{}, err
	}
	lines := json.NewDecoder(in)
	events := map[string][]protocol.Event{}
	for {
		var l recordedLine
		switch err := lines.Decode(&l); {
		case (err != nil || l.Event == "") && len(events) == 0:
			return Recorded{}, ErrNoRun
		case errors.Is(err, io.EOF):
			return Recorded{}, fmt.Errorf("%s ends without its result: want the whole output of "+
				"posttrain run --json", name)
		case err != nil:
			return Recorded{}, fmt.Errorf("%s: %w", name, err)
		case l.Link == "":
			events[l.Lane] = append(events[l.Lane], l.event())
			continue
		}
		if lines.More() {
			return Recorded{}, fmt.Errorf("%s has more than one run: want the output of posttrain "+
				"run --json for one seed", name)
		}
		for i, lane := range l.Lanes {
			if len(events[lane.Label]) == 0 && l.Page == nil { // on the page it may not have begun
				return Recorded{}, fmt.Errorf("%s has no events of its lane %q", name, lane.Label)
			}
			l.Lanes[i].Events = events[lane.Label]
		}
		return l.Recorded, nil
	}
}

// ErrNoRun is the error for a file that is something else than a run with its events.
var ErrNoRun = errors.New("the file is no run with its events")

// event returns the event of a line.
func (l recordedLine) event() protocol.Event {
	e := protocol.Event{Kind: l.Event, Lane: l.Lane, Stage: l.Stage, Step: l.Step,
		Samples: l.Samples, Cost: l.Cost}
	for _, name := range slices.Sorted(maps.Keys(l.Metrics)) {
		e.Metrics = append(e.Metrics, protocol.Metric{Name: name, Value: l.Metrics[name]})
	}
	return e
}
