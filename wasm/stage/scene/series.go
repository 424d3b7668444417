package scene

import (
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

// Series is an entry of the dictionary of metrics: a quantity that is measured repeatedly.
type Series struct {
	Name   string `json:"name"`   // the metric's name, without eval/LEVEL/ if Levels is true
	Levels bool   `json:"levels"` // it is measured at each level
	Title  string `json:"title"`
	Unit   string `json:"unit"` // Share, another one, or ""
	Doc    string `json:"doc"`
	Group  string `json:"group"` // title of its group in the menu
}

// Share is the unit of numbers from 0 (none) to 1 (all). They are written in percent.
const Share = "share"

// metric returns the name of the series' metric at a level.
func (s Series) metric(level string) string {
	if s.Levels {
		return "eval/" + level + "/" + s.Name
	}
	return s.Name
}

// seriesOf returns the series of a metric, and whether pictures show it.
func (r Recipe) seriesOf(metric string) (s Series, shown bool) {
	parts := strings.SplitN(metric, "/", 3)
	s = Series{Name: metric, Levels: len(parts) == 3 && parts[0] == "eval"}
	if s.Levels {
		s.Name = parts[2]
	}
	if at := slices.IndexFunc(r.Series,
		func(o Series) bool { return o.Name == s.Name && o.Levels == s.Levels }); at >= 0 {
		return r.Series[at], true
	}
	s.Title = s.Name
	if slices.ContainsFunc(r.Levels, func(l Level) bool { return l.Metric == metric }) {
		s.Unit, shown = Share, true
	}
	return s, shown
}

// measure adds what an event has measured.
func (t *laneRecord) measure(r *Record, e protocol.Event) {
	switch e.Kind {
	case protocol.Measured:
		r.measured(t, e.Step, e)
		t.spend(spending{e.Step, e.Cost})
	case protocol.Updated:
		r.measured(t, e.Step-1, e) // an update's metrics are about the policy before it
	}
}

// measured adds the metrics of an event as values at a step. Known values stay as they are.
func (r *Record) measured(l *laneRecord, step int, e protocol.Event) {
	if !finiteCost(e.Cost) {
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
			l.series[m.Name] = slices.Insert(curve, at,
				measurement{spending{step, e.Cost}, m.Value})
		}
	}
}

func (t *laneRecord) spend(s spending) {
	at, known := slices.BinarySearchFunc(t.spent, s.step,
		func(s spending, step int) int { return s.step - step })
	if !known && finiteCost(s.cost) {
		t.spent = slices.Insert(t.spent, at, s)
	}
}

func finiteCost(c protocol.Cost) bool {
	return finite(c.FLOPs) && finite(c.Bytes) && finite(c.Seconds)
}

func byStep(m measurement, step int) int { return m.step - step }

// curve returns the values of a metric in the order of steps. Metrics of updates have values
// only at the steps of measurements, since a picture that starts late knows no others.
func (t *laneRecord) curve(metric string) (curve []measurement) {
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

// scored returns the values of a level's own metric, such as accuracy or reward.
func (r *Record) scored(lane, level int) []measurement {
	return r.lanes[lane].curve(r.recipe.Levels[level].Metric)
}

// has reports whether any track has values of a metric. Entries of the ledger that are 0 throughout
// do not count.
func (r *Record) has(metric string) bool {
	for _, t := range r.tracks() {
		curve := t.curve(metric)
		if strings.HasPrefix(metric, "cost/") {
			curve = slices.DeleteFunc(curve, func(m measurement) bool { return m.value == 0 })
		}
		if len(curve) > 0 {
			return true
		}
	}
	return false
}

// Choice is a series or a measure that a picture can show.
type Choice struct {
	Name  string `json:"name"` // for a View
	Title string `json:"title"`
	Group string `json:"group"`
}

// Offered returns the series that the race can show and the measures that the plane can show: those
// that have values so far.
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

// score returns the common title of the levels' own metrics.
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
