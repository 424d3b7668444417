//go:build js && wasm && page

// Command replay reads the results of a study, or a run that was recorded, in a Web Worker, and
// turns them into the events of lanes. It offers site/js/replay-worker.js an object named replay,
// whose functions return their results or {error: a sentence}.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"syscall/js"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/replay"
	"github.com/posttrain/posttrain/wasm/events"
	"github.com/posttrain/posttrain/wasm/exports"
)

func main() {
	exports.Offer("replay", new(shelf).functions())
	select {}
}

type function = exports.Function

// shelf has what is in the file that was read: the results of a study, or a run.
type shelf struct {
	results []cells.Result
	run     replay.Recorded
}

// functions returns the functions that JavaScript can call, by name. Their comments say what the
// arguments are and what the result is.
func (s *shelf) functions() map[string]function {
	return map[string]function{"read": s.read, "link": s.link, "events": s.events,
		"recorded": s.recorded}
}

// read takes the name of a file and its bytes, as they are or compressed. It returns as JSON an
// object with the replay.Recorded of a run, or with a replay.Run for each result of a study.
func (s *shelf) read(args []js.Value) (any, error) {
	name, file := args[0].String(), exports.Bytes(args[1])
	var err error
	s.run, err = replay.ReadRun(name, bytes.NewReader(file))
	if err == nil {
		text, err := json.Marshal(map[string]any{"run": s.run})
		return string(text), err
	}
	if !errors.Is(err, replay.ErrNoRun) {
		return nil, err
	}
	results, err := replay.Read(name, bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	runs := make([]replay.Run, len(results))
	for i, r := range results {
		if runs[i], err = replay.Of(r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	s.results = results
	text, err := json.Marshal(map[string]any{"runs": runs})
	return string(text), err
}

// link takes an array with the numbers of results, from 0. It returns the link of a recipe that has
// them as its lanes.
func (s *shelf) link(args []js.Value) (any, error) {
	var chosen []cells.Result
	for i := range args[0].Length() {
		chosen = append(chosen, s.results[args[0].Index(i).Int()])
	}
	return replay.Link(chosen)
}

// events takes the number of a result, from 0. It returns its protocol.Events, each in msgp.
func (s *shelf) events(args []js.Value) (any, error) {
	all, err := replay.Events(s.results[args[0].Int()])
	if err != nil {
		return nil, err
	}
	return events.Array(all)
}

// recorded takes the number of a lane of the run, from 0. It returns its protocol.Events, each in
// msgp.
func (s *shelf) recorded(args []js.Value) (any, error) {
	return events.Array(s.run.Lanes[args[0].Int()].Events)
}
