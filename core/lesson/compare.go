package lesson

import (
	"fmt"
	"maps"
	"slices"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
)

// Outcome is what a comparison of a sheet gave.
type Outcome struct {
	Numbers     int      `json:"numbers"`     // how many numbers of runs were compared
	Answers     int      `json:"answers"`     // how many answers to questions with choices
	Differences []string `json:"differences"` // one sentence each
}

// differ adds a difference.
func (o *Outcome) differ(format string, args ...any) {
	o.Differences = append(o.Differences, fmt.Sprintf(format, args...))
}

// Compare compares a sheet with its lesson and with the results of its runs, in their order, which
// the caller has computed from the sheet's links. Numbers have to be equal to the last bit.
func (s *Sheet) Compare(l *Lesson, results []*study.Result) Outcome {
	o := Outcome{Differences: []string{}}
	if s.Engine != train.Engine {
		o.differ("engine: the sheet was made with %d, this program is %d, so its numbers may "+
			"differ", s.Engine, train.Engine)
	}
	o.lesson(s, l)
	o.answers(s, l)
	for i, run := range s.Runs {
		o.run(fmt.Sprintf("runs[%d]", i), run, results[i])
	}
	return o
}

// lesson compares the sheet's steps with those of its lesson.
func (o *Outcome) lesson(s *Sheet, l *Lesson) {
	if s.Lesson != l.Name {
		o.differ("lesson: the sheet says %s, the lesson is %s", param.Quote(s.Lesson),
			param.Quote(l.Name))
	}
	if s.LessonDigest != l.Digest {
		o.differ("lesson_digest: the sheet says %s, the lesson has %s: it is not the same text",
			param.Quote(s.LessonDigest), l.Digest)
	}
	if len(s.Steps) != len(l.Steps) {
		o.differ("steps: the sheet has %d, the lesson has %d", len(s.Steps), len(l.Steps))
	}
	for i := range min(len(s.Steps), len(l.Steps)) {
		step := l.Steps[i]
		if s.Steps[i].ID != step.ID {
			o.differ("steps[%d]: the sheet says %s, the lesson has %s", i,
				param.Quote(s.Steps[i].ID), step.ID)
		}
		trained := step.Goal != nil && step.Goal.Kind == GoalRun
		if s.Steps[i].Done && trained && len(s.Runs) == 0 {
			o.differ("steps[%d]: the sheet says that %s is done, and has no run", i, step.ID)
		}
	}
}

// answers compares the answers with those that the lesson marks as right.
func (o *Outcome) answers(s *Sheet, l *Lesson) {
	seen := map[string]bool{}
	for i, a := range s.Answers {
		at := fmt.Sprintf("answers[%d]", i)
		j := slices.IndexFunc(l.Steps, func(step Step) bool {
			return step.ID == a.Step && step.Goal != nil && step.Goal.Kind == GoalAnswer
		})
		if j < 0 {
			o.differ("%s: the lesson asks nothing in a step %s", at, param.Quote(a.Step))
			continue
		}
		if seen[a.Step] {
			o.differ("%s: the step %s is answered twice", at, a.Step)
		}
		seen[a.Step] = true
		o.answer(at, a, l.Steps[j])
	}
}

// answer compares an answer with its step.
func (o *Outcome) answer(at string, a Answer, step Step) {
	if a.Question != step.Question {
		o.differ("%s: the sheet has the question %s, the lesson %s", at, param.Quote(a.Question),
			param.Quote(step.Question))
	}
	if step.Choices == nil {
		if a.Right != nil {
			o.differ("%s: the sheet says right: %v, and the answer to %s is in own words", at,
				*a.Right, step.ID)
		}
		return
	}
	o.Answers++
	j := slices.IndexFunc(step.Choices, func(c Choice) bool { return c.Text == a.Answer })
	switch {
	case j < 0:
		o.differ("%s: %s is none of the choices of %s", at, param.Quote(a.Answer), step.ID)
	case a.Right == nil:
		o.differ("%s: the sheet does not say whether it is right, the lesson says %v", at,
			step.Choices[j].Right)
	case *a.Right != step.Choices[j].Right:
		o.differ("%s: the sheet says right: %v, the lesson says %v", at, *a.Right,
			step.Choices[j].Right)
	}
}

// run compares a run with the result of its link.
func (o *Outcome) run(at string, run Run, result *study.Result) {
	if len(run.Lanes) != len(result.Lanes) {
		o.differ("%s: the sheet has %d lanes, the link has %d", at, len(run.Lanes),
			len(result.Lanes))
	}
	for i := range min(len(run.Lanes), len(result.Lanes)) {
		o.lane(at, run.Lanes[i], result.Lanes[i])
	}
}

// lane compares a lane with the result of the lane at its place.
func (o *Outcome) lane(at string, lane Lane, result study.LaneResult) {
	if lane.Label != result.Label {
		o.differ("%s: the sheet says lane %s, the link has %s there", at, param.Quote(lane.Label),
			result.Label)
		return
	}
	at += " " + lane.Label
	o.Numbers += 2 + len(lane.Metrics)
	if lane.Updates != result.Step {
		o.differ("%s updates: the sheet says %d, the run gives %d", at, lane.Updates, result.Step)
	}
	if lane.Digest != result.Digest {
		o.differ("%s digest: the sheet says %s, the run gives %s", at, lane.Digest, result.Digest)
	}
	for _, name := range slices.Sorted(maps.Keys(lane.Metrics)) {
		said := lane.Metrics[name]
		value, ok := result.Metrics[ofLevel+Short(name)]
		if !ok {
			value, ok = result.Metrics[name]
		}
		switch {
		case !ok:
			o.differ("%s %s: the sheet says %v, the run gives no such metric", at, name, said)
		case said != value:
			o.differ("%s %s: the sheet says %v, the run gives %v", at, name, said, value)
		}
	}
}
