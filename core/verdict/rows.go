package verdict

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// rows are the table: what it is about, then the levels that are left, then the distance. Those of the levels' own metrics are told.
func rows(q Question, told map[string]Row, lanes []Lane) (all []Row) {
	for _, metric := range q.About {
		if row, ok := told[metric]; ok {
			all = append(all, row)
		} else if row, ok := regarding(metric, q.Levels, lanes); ok {
			all = append(all, row)
		}
	}
	for _, level := range q.Levels {
		if !slices.Contains(q.About, level.Metric()) {
			all = append(all, told[level.Metric()])
		}
	}
	return append(all, distance(q.Levels[0], lanes))
}

// regarding is the row of a metric that is no level's own; ok is false before any lane has told of it.
func regarding(metric string, levels []task.Level, lanes []Lane) (row Row, ok bool) {
	definition, _ := eval.Define(metric)
	row.Title = upper(definition.Title)
	var notes []string
	if level := LevelOf(metric, levels); level != "" {
		notes = append(notes, level)
	}
	if definition.Unit != eval.Share && definition.Unit != "" {
		notes = append(notes, definition.Unit)
	}
	if strings.HasPrefix(metric, "train/") {
		notes = append(notes, "from the first update to the newest")
	}
	row.Note = strings.Join(notes, ", ")
	for _, l := range lanes {
		text, known := fromTo(&l, &lanes[0], metric, definition.Unit)
		row.Cells, ok = append(row.Cells, Cell{Text: text}), ok || known
	}
	return row, ok
}

// fromTo says from what to what a lane's metric has gone; what is counted from nothing has come to what it is.
func fromTo(l, first *Lane, metric, unit string) (text string, known bool) {
	now, known := l.now(metric)
	base, began := l.start(metric)
	if !began && strings.HasPrefix(metric, "eval/") { // measured on one lane only of those that have their base in common
		base, began = first.Base[metric]
	}
	switch {
	case !known:
		return "–", false
	case !began:
		return written(now, unit), true
	case unit == eval.Share:
		return percents(base, now), true
	}
	return written(base, prose.PercentSign) + " → " + written(now, unit), true
}

// LevelOf returns the title of the level that a metric is measured at, and "" if it is measured at none.
func LevelOf(metric string, levels []task.Level) string {
	for _, l := range levels {
		if strings.HasPrefix(metric, "eval/"+l.Name+"/") {
			return l.Title
		}
	}
	return ""
}

// distance says how far the policies have moved at a level.
func distance(level task.Level, lanes []Lane) Row {
	name := "eval/" + level.Name + "/kl_base_policy_nats"
	definition, _ := eval.Define(name)
	per := definition.Unit
	if level.Measure != "" { // there are no responses
		per, _, _ = strings.Cut(per, " ")
	}
	row := Row{Title: "Distance from the base", Note: definition.Title + ", " + per}
	for _, l := range lanes {
		row.Cells = append(row.Cells, Cell{Text: fmt.Sprintf("%.1f", l.Now[name])})
	}
	return row
}

// written is a value of a unit as people read it: 97 %, 0.42, 12.3, 19,200, 1.23 G.
func written(v float64, unit string) string {
	switch size := math.Abs(v); {
	case unit == eval.Share:
		return prose.Percent(v)
	case size >= 1e9:
		return strconv.FormatFloat(v/1e9, 'g', 3, 64) + "\u202fG"
	case size >= 1e6:
		return strconv.FormatFloat(v/1e6, 'g', 3, 64) + "\u202fM"
	case size >= 1e3, v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case size >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

// percents says from what to what a share has gone.
func percents(base, now float64) string {
	return strings.TrimSuffix(prose.Percent(base), prose.PercentSign) + " → " + prose.Percent(now)
}
