package guide

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Study is what the guide needs of a study, finished or only planned. Numbers are rounded to five
// digits.
type Study struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Question string `json:"question"`
	Cells    int    `json:"cells"` // of the plan
	// Failure means that it is about something that goes wrong and its cure, and compares no ways
	// of training that anybody would choose between.
	Failure bool `json:"failure,omitempty"`
	// Results is the sha256 of the file of results; "" means that the study has no results, and
	// its configs no runs.
	Results     string       `json:"results,omitempty"`
	Experiments []Experiment `json:"experiments"`
}

// Experiment is an experiment of a study: arms that were crossed with bases and seeds.
type Experiment struct {
	Name      string   `json:"name"`
	Task      string   `json:"task"`
	TaskTitle string   `json:"task_title"`
	Recipe    string   `json:"recipe"` // a link without lanes and seeds
	Tune      Part     `json:"tune"`
	Judge     Part     `json:"judge"`
	Columns   []Column `json:"columns"` // what the task's runs measure of what can be needed
	Arms      []Arm    `json:"arms"`
}

// Part has the seeds of the bases and of the runs of a part of a study.
type Part struct {
	Bases []uint64 `json:"bases"`
	Seeds []uint64 `json:"seeds"`
}

// Column is a metric by which a need is judged in an experiment. Costs are no columns of an
// experiment: every run has them.
type Column struct {
	Need   string `json:"need"`
	Metric string `json:"metric"`
	Title  string `json:"title"` // such as accuracy at rule B
	Share  bool   `json:"share,omitempty"`
	Lower  bool   `json:"lower,omitempty"` // whether lower is better
	// Held is set in answers: the runs are stopped where this metric reaches the target, so that it
	// is not compared.
	Held bool `json:"held,omitempty"`
}

// Arm is a way of training, in several settings.
type Arm struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Configs []Config `json:"configs"`
}

// Config is a setting of an arm.
type Config struct {
	Lane   string  `json:"lane"`
	Inputs []Input `json:"inputs"`
	Tune   []Run   `json:"tune,omitempty"`  // base by base, of each seed by seed
	Judge  []Run   `json:"judge,omitempty"` // likewise
}

// Run is what was measured of a run. The base is its first measurement.
type Run struct {
	Link  string  `json:"link,omitempty"` // of judged runs
	Steps Numbers `json:"steps"`          // at which there are measurements
	// Costs has what had been spent by then, for each of [Costs]. A cost that stays 0 has no
	// numbers.
	Costs []Numbers `json:"costs"`
	// Values has the numbers of each column of the experiment. A metric that is measured at the
	// start and the end alone has two numbers.
	Values []Numbers `json:"values"`
}

// Numbers are numbers that JSON has with five digits.
type Numbers []float64

// MarshalJSON returns the numbers with five digits.
func (n Numbers) MarshalJSON() ([]byte, error) {
	text := []byte{'['}
	for i, x := range n {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendFloat(text, x, 'g', 5, 64)
	}
	return append(text, ']'), nil
}

// Encode returns a study as a line of JSON. The & of links is not escaped.
func Encode(s Study) ([]byte, error) {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(s)
	return line.Bytes(), err
}

// Decode reads what Encode has written.
func Decode(text []byte) (s Study, err error) {
	err = json.Unmarshal(text, &s)
	return s, err
}

// cost returns what a run had spent by a measurement.
func (r Run) cost(name string, at int) float64 {
	i := slices.Index(Costs(), name)
	if len(r.Costs[i]) == 0 {
		return 0
	}
	return r.Costs[i][at]
}

// value returns the number of a column at a measurement. ok is false if it was not measured there.
func (r Run) value(column, at int) (v float64, ok bool) {
	switch values := r.Values[column]; {
	case len(values) == len(r.Steps):
		return values[at], true
	case len(values) == 2 && at == 0:
		return values[0], true
	case len(values) == 2 && at == len(r.Steps)-1:
		return values[1], true
	}
	return 0, false
}

// measures reports whether an experiment has a column for a need. Every experiment has costs.
func (e Experiment) measures(n Need) bool {
	return slices.ContainsFunc(n.Measures, Measure.IsCost) ||
		slices.ContainsFunc(e.Columns, func(c Column) bool { return c.Need == n.Name })
}
