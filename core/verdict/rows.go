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

// rows returns the table: the metrics that the question is about, then the other levels, then the
// distance. byMetric has the rows of the levels' own metrics.
func rows(q Question, byMetric map[string]Row, lanes []Lane) (all []Row) {
	for _, metric := range q.About {
		if row, ok := byMetric[metric]; ok {
			all = append(all, row)
		} else if row, ok := metricRow(metric, q.Levels, lanes); ok {
			all = append(all, row)
		}
	}
	for _, level := range q.Levels {
		if !slices.Contains(q.About, level.Metric()) {
			all = append(all, byMetric[level.Metric()])
		}
	}
	return append(all, distance(q.Levels[0], lanes))
}

// metricRow returns the row of a metric that is not the own metric of a level. ok is false until a
// lane has reported it.
func metricRow(metric string, levels []task.Level, lanes []Lane) (row Row, ok bool) {
	definition, _ := eval.Define(metric)
	row.Title = prose.Capital(definition.Title)
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

// fromTo returns the first and the newest value of a lane's metric as text, such as "12.3 → 45.6".
// A metric that counts from 0 has its newest value alone.
func fromTo(l, first *Lane, metric, unit string) (text string, known bool) {
	now, known := l.newest(metric)
	base, began := l.first(metric)
	if !began && strings.HasPrefix(metric, "eval/") { // measured once for all
		base, began = first.Base[metric]
	}
	switch {
	case !known:
		return "–", false
	case !began:
		return formatted(now, unit), true
	case unit == eval.Share:
		return percents(base, now), true
	}
	return formatted(base, unit) + " → " + formatted(now, unit), true
}

// LevelOf returns the title of the level that a metric is measured at, and "" if it is measured at
// none.
func LevelOf(metric string, levels []task.Level) string {
	for _, l := range levels {
		if strings.HasPrefix(metric, "eval/"+l.Name+"/") {
			return l.Title
		}
	}
	return ""
}

// distance returns the row with the distance of each policy from the base at a level.
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

// formatted returns a value with this unit as people read it: 97 %, 0.42, 12.3, 19200, 1.23 G.
func formatted(v float64, unit string) string {
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

// percents returns how a share has changed as text, such as "45 → 97 %".
func percents(base, now float64) string {
	return strings.TrimSuffix(prose.Percent(base), prose.PercentSign) + " → " + prose.Percent(now)
}
