package browser

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Work has the work of the main threads of pages, in milliseconds of processor time, which does not
// depend on the machine's load.
type Work struct {
	Tasks  []float64 // each task
	Frames []float64 // the part of each frame's scripts, without the layout that they caused
}

// Total returns the sum of all tasks.
func (w Work) Total() (milliseconds float64) {
	for _, ms := range w.Tasks {
		milliseconds += ms
	}
	return milliseconds
}

// Work returns the work that is done while a function runs.
func (p *Page) Work(meanwhile func()) (w Work) {
	p.t.Helper()
	var buckets []tracing.EventDataCollected
	complete := make(chan struct{})
	ctx, deaf := context.WithCancel(p.ctx)
	defer deaf()
	if err := chromedp.Listen(ctx, func(e any) {
		switch e := e.(type) {
		case *tracing.EventDataCollected:
			buckets = append(buckets, *e)
		case *tracing.EventTracingComplete:
			close(complete)
		}
	}); err != nil {
		p.t.Fatal(err)
	}
	Call(p, tracing.Start, tracing.StartParams{
		TransferMode: tracing.StartTransferModeReportEvents,
		TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"toplevel",
			"disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"}},
	})
	meanwhile()
	Call(p, tracing.End, cdp.Empty{})
	<-complete

	threads := map[thread]*timeline{}
	for _, bucket := range buckets {
		for _, raw := range bucket.Value {
			var e traced
			if err := json.Unmarshal(raw, &e); err != nil {
				p.t.Fatal(err)
			}
			at := thread{e.PID, e.TID}
			if threads[at] == nil {
				threads[at] = &timeline{}
			}
			threads[at].add(e)
		}
	}
	for _, line := range threads {
		if line.main {
			for _, e := range outermost(line.tasks) {
				w.Tasks = append(w.Tasks, e.TDur/1000)
			}
			w.Frames = append(w.Frames, line.drawing()...)
		}
	}
	return w
}

type thread struct{ pid, tid int }

// A traced event is an action of a thread, with its start, duration and processor time in
// microseconds.
type traced struct {
	Name          string
	PID, TID      int
	TS, Dur, TDur float64
	Args          struct{ Name string }
}

// A timeline has the events of one thread.
type timeline struct {
	main                   bool
	tasks, frames, layouts []traced
}

func (l *timeline) add(e traced) {
	switch e.Name {
	case "thread_name":
		l.main = l.main || e.Args.Name == "CrRendererMain"
	case "RunTask", "ThreadControllerImpl::RunTask":
		l.tasks = append(l.tasks, e)
	case "FireAnimationFrame":
		l.frames = append(l.frames, e)
	case "Layout", "UpdateLayoutTree":
		l.layouts = append(l.layouts, e)
	}
}

// drawing returns the times of the frames without the layouts in them.
func (l *timeline) drawing() (milliseconds []float64) {
	layouts := outermost(l.layouts)
	for _, f := range l.frames {
		left := f.TDur
		for _, e := range layouts {
			if e.TS >= f.TS && e.TS < f.TS+f.Dur {
				left -= e.TDur
			}
		}
		milliseconds = append(milliseconds, left/1000)
	}
	return milliseconds
}

// outermost returns the events of a thread that are not part of others.
func outermost(events []traced) (outer []traced) {
	slices.SortFunc(events, func(a, b traced) int {
		return cmp.Or(cmp.Compare(a.TS, b.TS), cmp.Compare(b.Dur, a.Dur))
	})
	end := 0.0
	for _, e := range events {
		if e.TS >= end {
			outer = append(outer, e)
			end = e.TS + e.Dur
		}
	}
	return outer
}
