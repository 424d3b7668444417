package cells

import (
	"maps"
	"slices"
)

// Measurement is one number of a result, as tables of other programs have them.
type Measurement struct {
	Cell       string  `json:"cell" parquet:"cell,dict"` // ID of the cell
	Experiment string  `json:"experiment" parquet:"experiment,dict"`
	Arm        string  `json:"arm" parquet:"arm,dict"`
	Config     string  `json:"config" parquet:"config,dict"`
	Base       uint64  `json:"base" parquet:"base"` // 0 if there is none
	Seed       uint64  `json:"seed" parquet:"seed"`
	Part       string  `json:"part" parquet:"part,dict"`
	Step       int64   `json:"step" parquet:"step"`
	Metric     string  `json:"metric" parquet:"metric,dict"` // costs are cost/NAME
	Value      float64 `json:"value" parquet:"value"`
}

// Measurements returns all numbers of a result: of each measurement of its curve the metrics and
// then the costs, each in the order of their names. What is measured at the end alone follows.
func (r Result) Measurements() []Measurement {
	var all []Measurement
	add := func(step int, prefix string, values map[string]float64) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			all = append(all, Measurement{Cell: r.ID, Experiment: r.Experiment, Arm: r.Arm,
				Config: r.Config, Base: r.Base, Seed: r.Seed, Part: string(r.Part),
				Step: int64(step), Metric: prefix + name, Value: values[name]})
		}
	}
	var last Point
	for _, p := range r.Curve {
		add(p.Step, "", p.Metrics)
		add(p.Step, "cost/", p.Cost)
		last = p
	}
	further := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(r.After)) {
		if _, there := last.Metrics[name]; !there || last.Step < r.Steps {
			further[name] = r.After[name]
		}
	}
	add(r.Steps, "", further)
	return all
}
