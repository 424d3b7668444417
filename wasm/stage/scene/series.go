package scene

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

// Series is something that is measured again and again as lanes learn: an entry of the dictionary of metrics.
type Series struct {
	Name   string `json:"name"`   // the metric's, without eval/LEVEL/ where it is measured at levels
	Levels bool   `json:"levels"` // it is measured at levels
	Title  string `json:"title"`
	Unit   string `json:"unit"` // Share, another one, or none
	Doc    string `json:"doc"`
	Group  string `json:"group"` // of the choices that it is offered among
}

// Share is the unit of what lies between none and all, 0 and 1. It is written in percent.
const Share = "share"

// metric is the name that the series has at a level.
func (s Series) metric(level string) string {
	if s.Levels {
		return "eval/" + level + "/" + s.Name
	}
	return s.Name
}

// seriesOf returns what a metric belongs to, and whether a picture is ever made of it.
func (r Recipe) seriesOf(metric string) (s Series, shown bool) {
	parts := strings.SplitN(metric, "/", 3)
	s = Series{Name: metric, Levels: len(parts) == 3 && parts[0] == "eval"}
	if s.Levels {
		s.Name = parts[2]
	}
	if at := slices.IndexFunc(r.Series, func(o Series) bool { return o.Name == s.Name && o.Levels == s.Levels }); at >= 0 {
		return r.Series[at], true
	}
	s.Title = s.Name
	if slices.ContainsFunc(r.Levels, func(l Level) bool { return l.Metric == metric }) {
		s.Unit, shown = Share, true
	}
	return s, shown
}

// measured takes in the metrics of an event, as of a step. What is known already stays as it is.
func (r *Record) measured(l *told, step int, e protocol.Event) {
	if !payable(e.Cost) {
		return
	}
	for _, m := range e.Metrics {
		s, shown := r.recipe.seriesOf(m.Name)
		if !shown || !finite(m.Value) {
			continue
		}
		if s.Unit == Share {
			m.Value = min(max(m.Value, 0), 1)
		}
		curve := l.series[m.Name]
		if at, known := slices.BinarySearchFunc(curve, step, byStep); !known {
			l.series[m.Name] = slices.Insert(curve, at, measurement{spending{step, e.Cost}, m.Value})
		}
	}
}

func (t *told) spend(s spending) {
	at, known := slices.BinarySearchFunc(t.spent, s.step, func(s spending, step int) int { return s.step - step })
	if !known && payable(s.cost) {
		t.spent = slices.Insert(t.spent, at, s)
	}
}

func payable(c protocol.Cost) bool { return finite(c.FLOPs) && finite(c.Bytes) && finite(c.Seconds) }

func byStep(m measurement, step int) int { return m.step - step }

// curve is what a metric of a lane was, in the order of steps. What updates tell of is left out between measurements: a picture
// that begins late is told no more of it than of these.
func (r *Record) curve(lane int, metric string) (curve []measurement) {
	t := r.lanes[lane]
	entry, ledger := strings.CutPrefix(metric, "cost/")
	if !ledger && !strings.HasPrefix(metric, "train/") {
		return t.series[metric]
	}
	for _, s := range t.spent {
		if ledger {
			if value, ok := s.cost.Entry(entry); ok {
				curve = append(curve, measurement{s, value})
			}
		} else if at, ok := slices.BinarySearchFunc(t.series[metric], s.step, byStep); ok {
			curve = append(curve, measurement{s, t.series[metric][at].value})
		}
	}
	return curve
}

// scored is a level's own metric of a lane: the share of right answers, or the reward.
func (r *Record) scored(lane, level int) []measurement {
	return r.curve(lane, r.recipe.Levels[level].Metric)
}

// has reports whether any lane has a metric and it is not zero throughout, as the ledger is where nothing is counted.
func (r *Record) has(metric string) bool {
	for lane := range r.lanes {
		curve := r.curve(lane, metric)
		if strings.HasPrefix(metric, "cost/") {
			curve = slices.DeleteFunc(curve, func(m measurement) bool { return m.value == 0 })
		}
		if len(curve) > 0 {
			return true
		}
	}
	return false
}

// Choice is something that a picture can be made of.
type Choice struct {
	Name  string `json:"name"` // for a View
	Title string `json:"title"`
	Group string `json:"group"`
}

// Offered returns the series that the race can draw and the measures that the plane can: what the lanes have told of so far.
func (r *Record) Offered() (series, measures []Choice) {
	series, measures = []Choice{{Title: r.recipe.score()}}, []Choice{}
	for _, s := range r.recipe.Series {
		levels := []Level{{}}
		if s.Levels {
			levels = r.recipe.Levels
		}
		found, own := false, true
		for _, l := range levels {
			metric := s.metric(l.Name)
			own = own && metric == l.Metric
			if !r.has(metric) {
				continue
			}
			found = true
			c := Choice{strings.TrimPrefix(metric, "eval/"), s.Title, s.Group}
			if s.Levels {
				c.Title += ", " + l.Title
			}
			measures = append(measures, c)
		}
		if found && !own {
			series = append(series, Choice{s.Name, s.Title, s.Group})
		}
	}
	return series, measures
}

// score is what the levels' own metrics are called together.
func (r Recipe) score() string {
	var titles []string
	for _, l := range r.Levels {
		s, _ := r.seriesOf(l.Metric)
		if !slices.Contains(titles, s.Title) {
			titles = append(titles, s.Title)
		}
	}
	return strings.Join(titles, " or ")
}
