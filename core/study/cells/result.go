package cells

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study/design"
)

// Outcome is what a link with one lane gives. It follows from the link alone.
type Outcome struct {
	ID         string             `json:"id"` // of the cell, see [design.Cell.ID]
	Link       string             `json:"link"`
	Engine     int                `json:"engine"`
	BaseDigest string             `json:"base_digest,omitempty"` // "" if there is no network
	Digest     string             `json:"digest"`                // of the lane at its end
	Steps      int                `json:"steps"`                 // updates, over all stages
	Before     map[string]float64 `json:"before"`                // metrics of the base
	After      map[string]float64 `json:"after"`                 // metrics at the end
	Cost       Cost               `json:"cost"`
	Curve      []Point            `json:"curve"` // every measurement, the base's first
}

// Point is a measurement during training.
type Point struct {
	Stage   int                `json:"stage"`
	Step    int                `json:"step"` // updates so far, over all stages
	Metrics map[string]float64 `json:"metrics"`
	Cost    Cost               `json:"cost"` // so far
}

// Cost has the entries of the ledger by name, without seconds.
type Cost map[string]float64

func newCost(c protocol.Cost) Cost {
	cost := Cost{}
	for _, e := range protocol.Ledger() {
		if e.Name != "seconds" {
			cost[e.Name] = e.Of(c)
		}
	}
	return cost
}

// Value returns a metric at the end of the lane. An entry of the ledger has the name "cost/" and
// its own name.
func (o Outcome) Value(metric string) (v float64, ok bool) { return value(metric, o.After, o.Cost) }

// Value returns a metric of the measurement, or what the lane had cost by then.
func (p Point) Value(metric string) (v float64, ok bool) { return value(metric, p.Metrics, p.Cost) }

func value(metric string, metrics map[string]float64, cost Cost) (v float64, ok bool) {
	if name, ledger := strings.CutPrefix(metric, "cost/"); ledger {
		v, ok = cost[name]
		return v, ok
	}
	v, ok = metrics[metric]
	return v, ok
}

// Result is the outcome of a cell in its place in the study.
type Result struct {
	Experiment string      `json:"experiment"`
	Arm        string      `json:"arm"`
	Config     string      `json:"config"`
	Base       uint64      `json:"base"`
	Seed       uint64      `json:"seed"`
	Part       design.Part `json:"part"`
	Outcome
}

// NewResult returns the result of a cell with this outcome.
func NewResult(c design.Cell, o Outcome) Result {
	return Result{Experiment: c.Experiment, Arm: c.Arm, Config: c.Config, Base: c.Base,
		Seed: c.Seed, Part: c.Part, Outcome: o}
}

// Cell returns the cell that the result is of.
func (r Result) Cell() design.Cell {
	return design.Cell{Link: r.Link, Experiment: r.Experiment, Arm: r.Arm, Config: r.Config,
		Base: r.Base, Seed: r.Seed, Part: r.Part}
}

// Work says how a cell came to be computed. It differs from run to run.
type Work struct {
	ID       string    `json:"id"`
	Worker   string    `json:"worker"`
	Machine  string    `json:"machine"`
	Threads  int       `json:"threads"`
	Seconds  float64   `json:"seconds"`
	Finished time.Time `json:"finished"`
}

// Encode returns a value as a line of JSON. The & of links is not escaped.
func Encode(v any) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return line.Bytes(), err
}
