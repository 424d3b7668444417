package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/vbauerster/cupwriter"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
)

// progress shows the progress of work: a bar for each lane on a terminal, and
// lines elsewhere or beside a log.
type progress struct {
	out   io.Writer
	bars  *mpb.Progress // nil without a terminal
	width int           // of the longest label
	unit  string        // what is counted, such as "step"
	lanes map[string]*laneProgress
}

// progressLane is one line of progress and its length.
type progressLane struct {
	label string
	steps int
}

type laneProgress struct {
	steps  int
	bar    *mpb.Bar
	latest atomic.Pointer[string] // the newest text, read while bars are drawn
}

func newProgress(env *environment, lanes []progressLane) *progress {
	p := &progress{out: env.err, unit: "step", lanes: map[string]*laneProgress{}}
	if f, ok := env.err.(*os.File); ok && isTerminal(f) && !env.logs { // a log would tear the bars
		console := cupwriter.New(leftmost{f}, false)
		console.SetTermFd(int(f.Fd()))
		p.bars = mpb.New(mpb.WithConsoleWriter(console), mpb.WithWidth(80))
	}
	for _, l := range lanes {
		p.width = max(p.width, len(l.label))
	}
	for _, l := range lanes {
		lane := &laneProgress{steps: l.steps}
		lane.latest.Store(new(string))
		p.lanes[l.label] = lane
		if p.bars != nil {
			lane.bar = p.bars.AddBar(int64(l.steps),
				mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-*s ", p.width, l.label))),
				mpb.AppendDecorators(decor.CountersNoUnit("%d/%d"),
					decor.Any(func(decor.Statistics) string { return *lane.latest.Load() })))
		}
	}
	return p
}

// leftmost starts each write in the first column. The cursor may be elsewhere
// after typing, such as the ^C of an interrupt.
type leftmost struct{ out io.Writer }

func (l leftmost) Write(p []byte) (int, error) {
	if _, err := l.out.Write([]byte{'\r'}); err != nil {
		return 0, err
	}
	return l.out.Write(p)
}

// at sets the number of finished steps of a lane.
func (p *progress) at(label string, step int) {
	if bar := p.lanes[label].bar; bar != nil {
		bar.SetCurrent(int64(step))
	}
}

// say shows a text for a lane at a step.
func (p *progress) say(label string, step int, text string) {
	lane := p.lanes[label]
	if lane.bar == nil {
		fmt.Fprintf(p.out, "%-*s  %s %d/%d  %s\n", p.width, label, p.unit, step, lane.steps, text)
		return
	}
	text = "  " + text
	lane.latest.Store(&text)
}

// tell prints a paragraph, above the bars if there are any.
func (p *progress) tell(paragraph string) {
	if p.bars == nil {
		fmt.Fprint(p.out, paragraph)
		return
	}
	_, _ = p.bars.Write([]byte(paragraph)) // as other output on standard error
}

// close draws the bars a last time and leaves the terminal as it was.
func (p *progress) close() {
	if p.bars == nil {
		return
	}
	for _, lane := range p.lanes {
		if !lane.bar.Completed() {
			lane.bar.Abort(false)
		}
	}
	p.bars.Wait()
	fmt.Fprintln(p.out)
}

// runProgress shows the progress of a run from its events.
type runProgress struct {
	*progress
	levels []task.Level
	scores map[string][]string // by lane, for the levels measured so far at this step
	moved  bool                // there was an event
}

// watch returns a new runProgress for a recipe.
func watch(env *environment, r *recipe.Recipe) *runProgress {
	var lanes []progressLane
	for i, label := range r.Labels() {
		steps := 0
		for _, stage := range r.Lanes[i] {
			steps += stage.Values.Int("steps")
		}
		lanes = append(lanes, progressLane{label, steps})
	}
	return &runProgress{newProgress(env, lanes), r.Task.Levels, map[string][]string{}, false}
}

// observe handles an event. It must not be called concurrently.
func (p *runProgress) observe(e protocol.Event) {
	p.moved = true
	p.at(e.Lane, e.Step)
	if e.Kind != protocol.Measured {
		return
	}
	p.scores[e.Lane] = append(p.scores[e.Lane], p.scored(study.ByName(e.Metrics))...)
	if len(p.scores[e.Lane]) == len(p.levels) {
		p.say(e.Lane, e.Step, strings.Join(p.scores[e.Lane], "  "))
		delete(p.scores, e.Lane)
	}
}

// scored returns the scores of the levels that are among the metrics.
func (p *runProgress) scored(metrics map[string]float64) (shown []string) {
	for _, level := range p.levels {
		if share, ok := metrics[level.Metric()]; ok {
			shown = append(shown, fmt.Sprintf("%s %.2f", level.Name, share))
		}
	}
	return shown
}

// finish shows the end of lanes that had no event because they were finished before.
func (p *runProgress) finish(result *study.Result) {
	if p.moved {
		return
	}
	for _, lane := range result.Lanes {
		p.at(lane.Label, lane.Step)
		p.say(lane.Label, lane.Step,
			strings.Join(p.scored(lane.Metrics), "  ")+"  (finished before)")
	}
}
