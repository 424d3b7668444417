package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"posttrain/core/recipe"
	"posttrain/core/train"
)

// progress shows how a run goes: a bar a lane on a terminal, a line a
// measurement elsewhere.
type progress struct {
	out    io.Writer
	bars   *mpb.Progress
	levels int
	lanes  map[string]*laneProgress
}

type laneProgress struct {
	bar      *mpb.Bar
	steps    int
	accuracy []string               // of the levels measured so far at this step
	last     atomic.Pointer[string] // the latest whole measurement, read while bars are drawn
}

func newProgress(out io.Writer, r *recipe.Recipe) *progress {
	p := &progress{out: out, levels: len(r.Task.Levels), lanes: map[string]*laneProgress{}}
	if isTerminal(out) {
		p.bars = mpb.New(mpb.WithOutput(out), mpb.WithWidth(32))
	}
	width := 0
	for _, label := range r.Labels() {
		width = max(width, len(label))
	}
	for i, label := range r.Labels() {
		steps := 0
		for _, stage := range r.Lanes[i] {
			steps += stage.Values.Int("steps")
		}
		lane := &laneProgress{steps: steps}
		lane.last.Store(new(string))
		p.lanes[label] = lane
		if p.bars != nil {
			lane.bar = p.bars.AddBar(int64(steps),
				mpb.PrependDecorators(decor.Name(fmt.Sprintf("%-*s ", width, label))),
				mpb.AppendDecorators(decor.CountersNoUnit("%d/%d steps"), decor.Any(func(decor.Statistics) string { return *lane.last.Load() })))
		}
	}
	return p
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// observe takes one event; study.Run calls it for one at a time.
func (p *progress) observe(e train.Event) {
	lane := p.lanes[e.Lane]
	switch e.Kind {
	case train.Updated:
		if lane.bar != nil {
			lane.bar.SetCurrent(int64(e.Step))
		}
	case train.Measured:
		p.measured(lane, e)
	}
}

// measured gathers the levels of a measurement and shows it when it is whole.
func (p *progress) measured(lane *laneProgress, e train.Event) {
	for _, m := range e.Metrics {
		if level, ok := strings.CutSuffix(strings.TrimPrefix(m.Name, "eval/"), "/accuracy"); ok {
			lane.accuracy = append(lane.accuracy, fmt.Sprintf("%s %.2f", level, m.Value))
		}
	}
	if len(lane.accuracy) < p.levels {
		return
	}
	whole := "  " + strings.Join(lane.accuracy, "  ")
	lane.accuracy = nil
	lane.last.Store(&whole)
	if lane.bar == nil {
		fmt.Fprintf(p.out, "%s  step %d/%d%s\n", e.Lane, e.Step, lane.steps, whole)
	}
}

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
}
