// Package verdict says in words and numbers what the lanes of a recipe have done to their base, and no more than was
// measured: a change counts as one only where it is larger than chance would make it.
package verdict

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/task"
)

// Question is what a verdict is about.
type Question struct {
	Levels  []task.Level
	Prompts int      // held-out ones per level; 0: measured without chance
	About   []string // metrics to be told of before the levels' own; the first of them decides. nil: no exhibit
}

// Verdict is plain sentences, a small table of the numbers behind them, and why a lane learned nothing where that is so.
type Verdict struct {
	Headline string   `json:"headline"` // who has most of what decides, and what changed where nothing decides
	More     string   `json:"more"`     // what changed, where the headline says something else
	Names    []string `json:"names"`    // the lanes as sentences have them
	Ahead    []int    `json:"ahead"`    // the lanes that have most of what decides, from 0; all of them make no difference
	Rows     []Row    `json:"rows"`     // what it is about, the other levels, and below them the distance from the base
	Idle     []Idle   `json:"idle"`
}

// String is all sentences together.
func (v Verdict) String() string { return strings.TrimSpace(v.Headline + " " + v.More) }

// Row is a row of the table.
type Row struct {
	Title string `json:"title"`
	Note  string `json:"note"`
	Cells []Cell `json:"cells"` // one for each lane
}

// Cell is what became of a lane's base, and whether that is a change.
type Cell struct {
	Text   string `json:"text"`
	Change change `json:"change"` // "" where it is neither good nor bad
}

// change of an accuracy against the base's.
type change string

const (
	same      change = "same"
	better    change = "better"
	worse     change = "worse"
	muchWorse change = "much worse" // less than a third of the base's is left
)

// Of says what lanes did. It is empty until every lane that is not waiting was measured after an update. Lanes that wait have dashes
// in the table, and are in no sentence.
func Of(q Question, lanes []Lane) Verdict {
	var told []Lane
	var places []int // in lanes, by lane of told
	for i, l := range lanes {
		if l.Waiting {
			continue
		}
		l, known := l.measured(q.Levels)
		if !known {
			return Verdict{}
		}
		told, places = append(told, l), append(places, i)
	}
	if len(told) == 0 {
		return Verdict{}
	}
	everybody := everybody(len(lanes))
	if len(told) < len(lanes) {
		everybody = names(told)
	}
	return among(lanes, places, of(q, told, everybody))
}

// among returns a verdict on some of the lanes, at these places, as one on all of them.
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

// of says what measured lanes did. everybody is what all of them are called.
func of(q Question, lanes []Lane, everybody string) Verdict {
	v := Verdict{Idle: idle(lanes)}
	for _, l := range lanes {
		v.Names = append(v.Names, quoted(l.Name))
	}
	changes := make([][]change, len(lanes)) // by lane, then by level
	told := map[string]Row{}                // by metric
	for i, level := range q.Levels {
		row := own(level, i == 0, q.Prompts, lanes)
		told[level.Metric()] = row
		for k, cell := range row.Cells {
			changes[k] = append(changes[k], cell.Change)
		}
	}
	v.Rows = rows(q, told, lanes)
	v.Headline, v.Ahead = decided(q, v.Names, lanes, everybody)
	changed := headline(q.Levels, lanes, changes, everybody)
	if v.Headline == "" {
		v.Headline = changed
	} else {
		v.More = changed
	}
	return v
}

// own is the row of a level's own metric.
func own(level task.Level, practised bool, prompts int, lanes []Lane) Row {
	row := Row{Title: upper(level.Title), Note: "not practised"}
	if practised {
		row.Note = "practised"
	}
	for _, l := range lanes {
		base, now := l.Base[level.Metric()], l.Now[level.Metric()]
		row.Cells = append(row.Cells, Cell{percents(base, now), judge(base, now, prompts)})
	}
	return row
}

func judge(base, now float64, prompts int) change {
	baseLow, baseHigh := about(base, prompts)
	low, high := about(now, prompts)
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

// about is what chance leaves open about a share. Where there is no chance, less than a hundredth is no change to speak of.
func about(share float64, prompts int) (low, high float64) {
	if prompts == 0 {
		return share - 0.005, share + 0.005
	}
	return eval.Wilson(share, prompts)
}
