// Package verdict says in words and numbers what the lanes of a recipe have done to their base, and no more than was
// measured: a change counts as one only where it is larger than chance would make it.
package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"posttrain/core/eval"
	"posttrain/core/method"
	"posttrain/core/protocol"
	"posttrain/core/task"
)

// Lane is what a lane was measured at.
type Lane struct {
	Name     string             // for people
	Collects []method.Collect   // what each of its stages gathers; nil without a network
	Step     int                // updates so far
	Base     map[string]float64 // metrics before the first update
	Now      map[string]float64 // newest metrics
	before   map[string]float64 // metrics of the measurement before; nil when that was of the base
	Waiting  bool               // whether nobody has started it: then nothing is said of it
}

// Add takes note of an event. Only measurements matter, in any order.
func (l *Lane) Add(e protocol.Event) {
	if e.Kind != protocol.Measured || e.Step < l.Step {
		return
	}
	if e.Step > l.Step || l.Now == nil {
		if l.Step > 0 {
			l.before = l.Now
		}
		l.Step, l.Now = e.Step, map[string]float64{}
	}
	for _, m := range e.Metrics {
		l.Now[m.Name] = m.Value
	}
	if e.Step == 0 {
		l.Base = l.Now
	}
}

// measured returns the lane with its newest measurement after an update in which no level is missing: while levels are still being measured,
// that is the one before. It reports whether there is one.
func (l Lane) measured(levels []task.Level) (Lane, bool) {
	if !whole(levels, l.Now) {
		l.Now = l.before
	}
	return l, l.Step > 0 && whole(levels, l.Base) && whole(levels, l.Now)
}

// whole reports whether metrics have every level.
func whole(levels []task.Level, metrics map[string]float64) bool {
	return !slices.ContainsFunc(levels, func(l task.Level) bool {
		_, ok := metrics[l.Metric()]
		return !ok
	})
}

// Verdict is one plain sentence, a small table of the numbers behind it, and why a lane learned nothing where that is so.
type Verdict struct {
	Headline string `json:"headline"`
	Rows     []Row  `json:"rows"` // the levels, and below them the distance from the base
	Idle     []Idle `json:"idle"`
}

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

// Of says what lanes did, measured on prompts held-out prompts per level, or exactly if that is 0. It is empty until every lane that is not
// waiting was measured after an update. In the table, lanes that wait have a dash.
func Of(levels []task.Level, prompts int, lanes []Lane) Verdict {
	var v Verdict
	var told []Lane // those that are not waiting
	lanes = slices.Clone(lanes)
	for i, l := range lanes {
		if l.Waiting {
			continue
		}
		known := false
		if lanes[i], known = l.measured(levels); !known {
			return v
		}
		told = append(told, lanes[i])
	}
	if len(told) == 0 {
		return v
	}
	v.Idle = idle(lanes)
	changes := make([][]change, len(told)) // by lane, then by level
	for i, level := range levels {
		row := Row{Title: upper(level.Title), Note: "not practised"}
		if i == 0 {
			row.Note = "practised"
		}
		k := 0
		row.Cells = cells(lanes, func(l Lane) Cell {
			base, now := l.Base[level.Metric()], l.Now[level.Metric()]
			c := judge(base, now, prompts)
			changes[k] = append(changes[k], c)
			k++
			return Cell{percents(base, now), c}
		})
		v.Rows = append(v.Rows, row)
	}
	v.Rows = append(v.Rows, distance("eval/"+levels[0].Name+"/kl_base_policy_nats", lanes))
	who := everybody(len(lanes))
	if len(told) < len(lanes) {
		who = names(told)
	}
	v.Headline = headline(levels, told, changes, who)
	return v
}

// cells returns the cell of each lane, with a dash for those that wait.
func cells(lanes []Lane, of func(Lane) Cell) (row []Cell) {
	for _, l := range lanes {
		if l.Waiting {
			row = append(row, Cell{Text: "–"})
		} else {
			row = append(row, of(l))
		}
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

// distance says how far the policies have moved.
func distance(name string, lanes []Lane) Row {
	return Row{Title: "Distance from the base", Note: "KL(base‖policy) in nats", Cells: cells(lanes, func(l Lane) Cell {
		return Cell{Text: fmt.Sprintf("%.1f", l.Now[name])}
	})}
}

// percents says from what to what a share has gone.
func percents(base, now float64) string {
	return strings.TrimSuffix(percent(base), unit) + " → " + percent(now)
}

const unit = "\u202f%"

// percent rounds to whole per cent, but for what is nearly none or nearly all.
func percent(share float64) string {
	p := 100 * share
	rounded := math.Round(p)
	if rounded != p && (rounded == 0 || rounded == 100) {
		return fmt.Sprintf("%.1f", p) + unit
	}
	return fmt.Sprintf("%.0f", rounded) + unit
}
