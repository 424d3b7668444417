// Package study runs recipes natively: lanes side by side, seed after seed,
// with a folder that survives interruption, and statistics over seeds.
package study

import (
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// Result is the outcome of a finished run: the last line of `run --json`.
type Result struct {
	Event  string             `json:"event"` // "done"
	Engine int                `json:"engine"`
	Link   string             `json:"link"`
	Seed   uint64             `json:"seed"`
	Base   map[string]float64 `json:"base,omitempty"` // metrics of the first lane's base
	Lanes  []LaneResult       `json:"lanes"`

	// Unchecked is for a result that was read from a folder. It has a sentence for each lane whose
	// end could not be compared with a checkpoint.
	Unchecked []string `json:"-"`
}

// LaneResult is the part of a result about one lane.
type LaneResult struct {
	Label   string             `json:"label"`
	Step    int                `json:"step"`
	Digest  string             `json:"digest"`
	Metrics map[string]float64 `json:"metrics"`
	Cost    protocol.Cost      `json:"cost"`
	Base    map[string]float64 `json:"base,omitempty"` // before any update; nil if Result has it
}

// Value returns a metric at the end of the lane. An entry of the ledger has the name "cost/" and
// its own name.
func (l LaneResult) Value(metric string) (v float64, ok bool) {
	if name, ledger := strings.CutPrefix(metric, "cost/"); ledger {
		return l.Cost.Entry(name)
	}
	v, ok = l.Metrics[metric]
	return v, ok
}

func newResult(r *recipe.Recipe, lanes []*LaneResult) *Result {
	result := &Result{Event: "done", Engine: train.Engine, Link: r.Link(), Seed: r.Seed(),
		Base: lanes[0].Base}
	for _, lane := range lanes {
		if sameBase(lane.Base, result.Base) {
			lane.Base = nil
		}
		result.Lanes = append(result.Lanes, *lane)
	}
	return result
}

func laneResult(label string, s recipe.Session) *LaneResult {
	return &LaneResult{Label: label, Step: s.Updates(), Digest: s.Digest(),
		Metrics: ByName(s.Metrics()), Cost: s.Cost(), Base: ByName(s.First())}
}

// sameBase reports whether all metrics of a lane's base equal those of the first lane's base, which
// may have more metrics.
func sameBase(own, first map[string]float64) bool {
	for name, v := range own {
		if first[name] != v {
			return false
		}
	}
	return true
}

// ByName returns metrics as a map from names to values.
func ByName(metrics []protocol.Metric) map[string]float64 {
	named := make(map[string]float64, len(metrics))
	for _, m := range metrics {
		named[m.Name] = m.Value
	}
	return named
}
