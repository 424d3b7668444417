// Package replay turns results of a study into the events of lanes, so that whatever shows lanes in
// training can show what a study has measured.
//
// A result has the measurements of its curve. It has no single updates and no responses. A run that
// was recorded event by event has both.
package replay

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study/cells"
)

// Run says which cell a result is of.
type Run struct {
	Experiment string `json:"experiment"`
	Arm        string `json:"arm"`
	Config     string `json:"config"`
	Base       uint64 `json:"base"` // 0 if there is none
	Seed       uint64 `json:"seed"`
	Part       string `json:"part"`
	Steps      int    `json:"steps"`
	// Recipe is the link without its lane. Runs with the same one can stand beside each other.
	Recipe string `json:"recipe"`
}

// Read returns the results in a file with this name, compressed or not. The error of a file that
// has none says what it should be.
func Read(name string, from io.Reader) ([]cells.Result, error) {
	in, err := unpacked(name, from)
	if err != nil {
		return nil, err
	}
	switch start, err := in.Peek(1); {
	case err == io.EOF:
		return nil, fmt.Errorf("%s is empty: the study has no results yet", name)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case start[0] != '{':
		return nil, fmt.Errorf("%s does not hold the results of a study: want results.jsonl of "+
			"its folder, or the same compressed", name)
	}
	return cells.Read(strings.TrimSuffix(name, ".gz"), in)
}

// unpacked returns a reader of what is in a file with this name, compressed or not.
func unpacked(name string, from io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReader(from)
	if start, _ := in.Peek(2); string(start) != "\x1f\x8b" {
		return in, nil
	}
	out, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return bufio.NewReader(out), nil
}

// Of returns what is known of a result besides its measurements.
func Of(r cells.Result) (Run, error) {
	recipe, _, err := split(r.Link)
	return Run{r.Experiment, r.Arm, r.Config, r.Base, r.Seed, string(r.Part), r.Steps, recipe}, err
}

// split cuts the link of a cell before its lane, which stands at its end.
func split(link string) (recipe, lane string, err error) {
	at := max(strings.LastIndex(link, "?lane="), strings.LastIndex(link, "&lane="))
	if at < 0 || strings.Contains(link[at+1:], "&") {
		return "", "", fmt.Errorf("the link %s does not end with a lane", link)
	}
	return link[:at], link[at+1:], nil
}

// Link returns a recipe in which each result is a lane. The results have to be of one recipe, on
// one base and with one seed.
func Link(results []cells.Result) (string, error) {
	if len(results) == 0 {
		return "", errors.New("no run is chosen: choose at least one")
	}
	var recipe string
	var lanes []string
	for i, r := range results {
		own, lane, err := split(r.Link)
		switch {
		case err != nil:
			return "", err
		case i == 0:
			recipe = own
		case own != recipe:
			return "", fmt.Errorf("%s and %s differ in more than their lanes, so they cannot "+
				"stand beside each other", results[0].Link, r.Link)
		}
		lanes = append(lanes, lane)
	}
	mark := "?"
	if strings.Contains(recipe, "?") {
		mark = "&"
	}
	return recipe + mark + strings.Join(lanes, "&"), nil
}

// Events returns the events of a lane that has measured what the result says: its measurements, the
// base's first, and its end. What was measured of the base and at the end alone is in the first and
// the last measurement.
func Events(r cells.Result) (events []protocol.Event, err error) {
	points := slices.Clone(r.Curve)
	if points[0].Step > 0 {
		points = slices.Insert(points, 0, cells.Point{})
	}
	if last := points[len(points)-1]; last.Step < r.Steps {
		points = append(points, cells.Point{Stage: last.Stage, Step: r.Steps, Cost: r.Cost})
	}
	for i, p := range points {
		metrics := maps.Clone(p.Metrics)
		if metrics == nil {
			metrics = map[string]float64{}
		}
		if i == 0 {
			maps.Copy(metrics, r.Before)
		}
		if i == len(points)-1 {
			maps.Copy(metrics, r.After)
		}
		e := protocol.Event{Kind: protocol.Measured, Lane: r.Arm, Stage: p.Stage, Step: p.Step}
		if e.Cost, err = spent(p.Cost); err != nil {
			return nil, fmt.Errorf("step %d of %s: %w", p.Step, r.Link, err)
		}
		for _, name := range slices.Sorted(maps.Keys(metrics)) {
			e.Metrics = append(e.Metrics, protocol.Metric{Name: name, Value: metrics[name]})
		}
		events = append(events, e)
	}
	end := events[len(events)-1]
	return append(events, protocol.Event{Kind: protocol.Finished, Lane: end.Lane, Stage: end.Stage,
		Step: end.Step, Cost: end.Cost}), nil
}

// spent returns a cost of a result as events have it.
func spent(c cells.Cost) (cost protocol.Cost, err error) {
	text, err := json.Marshal(c)
	if err == nil {
		err = json.Unmarshal(text, &cost)
	}
	return cost, err
}
