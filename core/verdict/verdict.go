// Package verdict puts into words and numbers what training has changed in the lanes of a recipe. A
// change counts only if it is larger than chance explains.
package verdict

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// Question has what a verdict is about.
type Question struct {
	Levels  []task.Level
	Prompts int      // held-out prompts per level; 0 means that measurements are exact
	About   []string // metrics of the exhibit, if any; the first one decides
}

// Verdict has plain sentences, a small table of the numbers behind them, and the reasons why lanes
// learned nothing, if any did.
type Verdict struct {
	Headline string   `json:"headline"` // by the metric that decides, else on what changed
	More     string   `json:"more"`     // what changed, if Headline does not say it
	Names    []string `json:"names"`    // the lanes' names as in the sentences
	Ahead    []int    `json:"ahead"`    // indices of the lanes with the largest values
	Rows     []Row    `json:"rows"`     // About, then the other levels, then the distance
	Idle     []Idle   `json:"idle"`
	Runs     string   `json:"runs,omitempty"` // see Runs; "" unless there are several
}

// String returns all sentences.
func (v Verdict) String() string { return strings.TrimSpace(v.Headline + " " + v.More) }

// Row is a row of the table.
type Row struct {
	Title string `json:"title"`
	Note  string `json:"note"`
	Cells []Cell `json:"cells"` // one for each lane
}

// Cell has the values of a metric in a lane's base and now, and how they compare.
type Cell struct {
	Text   string `json:"text"`
	Change change `json:"change"` // "" if the metric is neither good nor bad
}

// change is how a lane's accuracy at a level compares with the base's.
type change string

const (
	same      change = "same"
	better    change = "better"
	worse     change = "worse"
	muchWorse change = "much worse" // less than a third of the base's is left
)

// Of returns the verdict on lanes. It is empty until each lane that is not waiting was measured
// after an update. Waiting lanes have dashes in the table and are in no sentence.
func Of(q Question, lanes []Lane) Verdict {
	var started []Lane
	var places []int // indices of the started lanes in lanes
	for i, l := range lanes {
		if l.Waiting {
			continue
		}
		l, known := l.measured(q.Levels)
		if !known {
			return Verdict{}
		}
		started, places = append(started, l), append(places, i)
	}
	if len(started) == 0 {
		return Verdict{}
	}
	everybody := everybody(len(lanes))
	if len(started) < len(lanes) {
		everybody = names(started)
	}
	return among(lanes, places, of(q, started, everybody))
}

// among returns the verdict on all lanes, given the verdict v on some of them. places has the
// indices of these.
func among(lanes []Lane, places []int, v Verdict) Verdict {
	v.Names = nil
	for _, l := range lanes {
		v.Names = append(v.Names, quoted(l.Name))
	}
	for k := range v.Ahead {
		v.Ahead[k] = places[v.Ahead[k]]
	}
	for k := range v.Idle {
		v.Idle[k].Lane = places[v.Idle[k].Lane]
	}
	for k, row := range v.Rows {
		cells := slices.Repeat([]Cell{{Text: "–"}}, len(lanes))
		for j, cell := range row.Cells {
			cells[places[j]] = cell
		}
		v.Rows[k].Cells = cells
	}
	return v
}

// of returns the verdict on lanes that have all been measured. everybody is the phrase for them.
func of(q Question, lanes []Lane, everybody string) Verdict {
	v := Verdict{Idle: idle(lanes)}
	for _, l := range lanes {
		v.Names = append(v.Names, quoted(l.Name))
	}
	changes := make([][]change, len(lanes)) // by lane, then by level
	byMetric := map[string]Row{}            // of the levels
	for i, level := range q.Levels {
		row := levelRow(level, i == 0, q.Prompts, lanes)
		byMetric[level.Metric()] = row
		for k, cell := range row.Cells {
			changes[k] = append(changes[k], cell.Change)
		}
	}
	v.Rows = rows(q, byMetric, lanes)
	v.Headline, v.Ahead = decided(q, v.Names, lanes, everybody)
	changed := headline(q.Levels, lanes, changes, everybody)
	if v.Headline == "" {
		v.Headline = changed
	} else {
		v.More = changed
	}
	return v
}

// levelRow returns the row of a level's own metric.
func levelRow(level task.Level, practised bool, prompts int, lanes []Lane) Row {
	row := Row{Title: prose.Capital(level.Title), Note: "not practised"}
	if practised {
		row.Note = "practised"
	}
	for _, l := range lanes {
		base, now := l.Base[level.Metric()], l.Now[level.Metric()]
		row.Cells = append(row.Cells, Cell{percents(base, now), judge(base, now, prompts)})
	}
	return row
}

// judge compares an accuracy with the base's. A change counts if the intervals of the two do not
// overlap.
func judge(base, now float64, prompts int) change {
	baseLow, baseHigh := eval.ShareInterval(base, prompts)
	low, high := eval.ShareInterval(now, prompts)
	switch {
	case low > baseHigh:
		return better
	case high < baseLow && now < base/3:
		return muchWorse
	case high < baseLow:
		return worse
	default:
		return same
	}
}
