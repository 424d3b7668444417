package scene

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

// Recipe has what scenes need to know about the recipe of a record.
type Recipe struct {
	Task   string  `json:"task"`
	Lanes  []Lane  `json:"lanes"`
	Levels []Level `json:"levels"`
	Atlas  *Atlas  `json:"atlas,omitempty"` // nil unless the task's world is a map

	Series      []Series `json:"series"`      // all that may be measured, in the order of the menu
	RewardModel bool     `json:"rewardModel"` // a lane learns from a reward model
	OwnReward   bool     `json:"ownReward"`   // a lane learns from a reward of somebody's own
	PassK       int      `json:"passk"`       // answers per prompt for pass@k; 0 means none

	Beside []Beside `json:"beside,omitempty"` // runs to draw behind the lanes
}

// Lane has the label and the length of a lane.
type Lane struct {
	Label string `json:"label"`
	Steps int    `json:"steps"` // updates until its end
}

// Level is a level of the task. The first one is practised.
type Level struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Doc   string `json:"doc"`

	Metric string `json:"metric"` // its own metric, from 0 to 1
	Passed bool   `json:"passed"` // pass@k is measured at this level, if at any

	Mode *Component `json:"mode,omitempty"` // its part of the target; nil with a network
}

// Record has what is known from the events of a recipe's lanes so far.
type Record struct {
	recipe Recipe
	lanes  []laneRecord
	beside []laneRecord // the lanes of all runs beside, one run after the other
}

// labels returns the labels of all lanes.
func (r *Record) labels() (all []string) {
	for _, l := range r.recipe.Lanes {
		all = append(all, l.Label)
	}
	return all
}

// laneRecord has what is known from the events of one lane.
type laneRecord struct {
	series map[string][]measurement // by metric, in the order of steps
	spent  []spending               // at every measurement, in the order of steps
	looks  []look                   // the latest for each prompt
	shown  int                      // index in looks of the one added last
	weighed
	compared   compared
	components []component // by level
	opinions   []opinion   // in the order of steps
	tries      []passed    // by level
}

// compared has how the weights differ from the base's at a step.
type compared struct {
	step     int
	matrices []protocol.Matrix
}

// spending is what a lane has used up to a step.
type spending struct {
	step int
	cost protocol.Cost
}

// measurement is the value of a metric at a step, and what the lane has used up to it.
type measurement struct {
	spending
	value float64
}

// look is a set of responses to one prompt.
type look struct {
	step    int
	level   string
	prompt  string
	samples []protocol.Sample
}

// words reports whether the symbols of prompt and responses are words.
func (l look) words() bool { return len(l.samples) > 0 && l.samples[0].Words }

// with returns the prompt and what follows it.
func (l look) with(text string) string {
	if l.words() {
		return strings.TrimSpace(l.prompt + " " + text)
	}
	return l.prompt + text
}

// NewRecord returns an empty record.
func NewRecord(r Recipe) *Record {
	record := &Record{recipe: r, lanes: make([]laneRecord, len(r.Lanes))}
	for i := range record.lanes {
		record.lanes[i].series = map[string][]measurement{}
		record.lanes[i].components = make([]component, len(r.Levels))
		record.lanes[i].tries = make([]passed, len(r.Levels))
	}
	for _, run := range r.Beside {
		for range run.Lanes {
			record.beside = append(record.beside,
				laneRecord{series: map[string][]measurement{}})
		}
	}
	return record
}

// Add adds an event of a lane. Events may be added again and in any order: what is known already
// stays as it is. Only the prompt that is shown is always the one added last. The numbers of lanes
// of runs beside follow those of the recipe's own. Of them only measurements are recorded.
func (r *Record) Add(lane int, e protocol.Event) error {
	if most := len(r.lanes) + len(r.beside) - 1; lane < 0 || lane > most {
		return fmt.Errorf("lane is %d, want 0 to %d", lane, most)
	}
	if lane >= len(r.lanes) {
		r.beside[lane-len(r.lanes)].measure(r, e)
		return nil
	}
	if len(r.recipe.Levels) > 0 {
		r.lanes[lane].judge(r.recipe.Levels[0].Name, e)
	}
	switch l := &r.lanes[lane]; e.Kind {
	case protocol.Measured:
		l.measure(r, e)
		for i, level := range r.recipe.Levels {
			l.component(i, level.Name, e)
		}
		l.pass(r.recipe.Levels, e)
	case protocol.Updated:
		l.measure(r, e)
	case protocol.Explained:
		if e.Step >= l.weighed.step {
			l.weighed = weigh(e)
		}
	case protocol.Compared:
		if e.Step >= l.compared.step {
			l.compared = compare(e)
		}
	case protocol.Looked:
		if len(e.Samples) > 0 {
			l.look(look{e.Step, e.Samples[0].Level, e.Samples[0].Prompt, e.Samples})
		}
	}
	return nil
}

func (t *laneRecord) look(l look) {
	at := slices.IndexFunc(t.looks,
		func(o look) bool { return o.level == l.level && o.prompt == l.prompt })
	switch {
	case at < 0:
		at = len(t.looks)
		t.looks = append(t.looks, l)
	case t.looks[at].step < l.step:
		t.looks[at] = l
	}
	t.shown = at
}

// compare returns the matrices of an event. Those with impossible numbers are left out.
func compare(e protocol.Event) compared {
	c := compared{step: e.Step}
	for _, m := range e.Matrices {
		if finite(m.Norm) && finite(m.Base) && finite(m.Norm/max(m.Base, 1e-12)) &&
			finite(m.Rank) && finite(m.Unchanged) && finite(m.UnchangedBF16) && m.Rows > 0 &&
			m.Cols > 0 {
			c.matrices = append(c.matrices, m)
		}
	}
	return c
}

// latest returns the look to show, and nil if there is none yet.
func (t *laneRecord) latest() *look {
	if len(t.looks) == 0 {
		return nil
	}
	return &t.looks[t.shown]
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
