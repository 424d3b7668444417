package scene

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// Recipe says which lanes and levels a record is about.
type Recipe struct {
	Task   string  `json:"task"`
	Lanes  []Lane  `json:"lanes"`
	Levels []Level `json:"levels"`
	Atlas  *Atlas  `json:"atlas,omitempty"` // where the task's world is a map

	Series      []Series `json:"series"`      // that may be measured, in the order in which they are offered
	RewardModel bool     `json:"rewardModel"` // a lane learns from one
	PassK       int      `json:"passk"`       // from how many answers pass@k is measured; 0: it is not
}

// Lane is one lane by its label.
type Lane struct {
	Label string `json:"label"`
	Steps int    `json:"steps"` // updates until its end
}

// Level is a level of the task. The first one is practised.
type Level struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Doc   string `json:"doc"`

	Metric string `json:"metric"` // what its curves are of, from 0 to 1
	Passed bool   `json:"passed"` // pass@k is measured here, if anywhere

	Mode *Component `json:"mode,omitempty"` // without a network: what of the target belongs to the level
}

// Record is what the lanes of a recipe have told so far.
type Record struct {
	recipe Recipe
	lanes  []told
}

// labels are those of all lanes.
func (r *Record) labels() (all []string) {
	for _, l := range r.recipe.Lanes {
		all = append(all, l.Label)
	}
	return all
}

// told is what one lane has told.
type told struct {
	series map[string][]measurement // by metric, in the order of steps
	spent  []spending               // at every measurement, in the order of steps
	looks  []look                   // one for each prompt, its latest
	shown  int                      // which of looks was told last
	weighed
	compared   compared
	components []component // by level
	opinions   []opinion   // in the order of steps
	tries      []passed    // by level
}

// compared is what had become of the weights at a step.
type compared struct {
	step     int
	matrices []protocol.Matrix
}

// spending is what a lane had used up at a step.
type spending struct {
	step int
	cost protocol.Cost
}

// measurement is a metric at a step and what the lane had used up until then.
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

// NewRecord returns an empty record.
func NewRecord(r Recipe) *Record {
	record := &Record{recipe: r, lanes: make([]told, len(r.Lanes))}
	for i := range record.lanes {
		record.lanes[i].series = map[string][]measurement{}
		record.lanes[i].components = make([]component, len(r.Levels))
		record.lanes[i].tries = make([]passed, len(r.Levels))
	}
	return record
}

// Add takes in an event of a lane. What is known already is left as it is, so the past can be told again, in any order;
// only which prompt is shown follows the look that was told last.
func (r *Record) Add(lane int, e protocol.Event) error {
	if lane < 0 || lane >= len(r.lanes) {
		return fmt.Errorf("lane is %d, want 0 to %d", lane, len(r.lanes)-1)
	}
	if len(r.recipe.Levels) > 0 {
		r.lanes[lane].judge(r.recipe.Levels[0].Name, e)
	}
	switch l := &r.lanes[lane]; e.Kind {
	case protocol.Measured:
		r.measured(l, e.Step, e)
		l.spend(spending{e.Step, e.Cost})
		for i, level := range r.recipe.Levels {
			l.component(i, level.Name, e)
		}
		l.pass(r.recipe.Levels, e)
	case protocol.Updated:
		r.measured(l, e.Step-1, e) // what an update tells of was sampled by the policy before it
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

func (t *told) look(l look) {
	at := slices.IndexFunc(t.looks, func(o look) bool { return o.level == l.level && o.prompt == l.prompt })
	switch {
	case at < 0:
		at = len(t.looks)
		t.looks = append(t.looks, l)
	case t.looks[at].step < l.step:
		t.looks[at] = l
	}
	t.shown = at
}

// compare reads an event and leaves out what no lane should tell.
func compare(e protocol.Event) compared {
	c := compared{step: e.Step}
	for _, m := range e.Matrices {
		if finite(m.Norm) && finite(m.Base) && finite(m.Norm/max(m.Base, 1e-12)) && finite(m.Rank) && finite(m.Unchanged) && finite(m.UnchangedBF16) && m.Rows > 0 && m.Cols > 0 {
			c.matrices = append(c.matrices, m)
		}
	}
	return c
}

// latest is the look to show, nil before there is one.
func (t *told) latest() *look {
	if len(t.looks) == 0 {
		return nil
	}
	return &t.looks[t.shown]
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
