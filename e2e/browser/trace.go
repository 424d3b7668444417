package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Work is what the main threads of pages have done, in milliseconds of the processor. Who else uses it does not matter.
type Work struct {
	Tasks  []float64 // all of it, piece by piece
	Frames []float64 // of that, what pages did because a frame was due
}

// Total is the sum of all tasks.
func (w Work) Total() (milliseconds float64) {
	for _, ms := range w.Tasks {
		milliseconds += ms
	}
	return milliseconds
}

// Work is what is worked while something happens.
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
		TraceConfig:  &tracing.TraceConfig{IncludedCategories: []string{"toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"}},
	})
	meanwhile()
	Call(p, tracing.End, cdp.Empty{})
	<-complete

	type thread struct{ pid, tid int }
	done := map[thread]*Work{}
	var main []thread
	for _, bucket := range buckets {
		for _, raw := range bucket.Value {
			var e struct {
				Name     string
				PID, TID int
				TDur     float64 // microseconds of the thread
				Args     struct{ Name string }
			}
			if err := json.Unmarshal(raw, &e); err != nil {
				p.t.Fatal(err)
			}
			at := thread{e.PID, e.TID}
			if done[at] == nil {
				done[at] = &Work{}
			}
			switch {
			case e.Name == "thread_name" && e.Args.Name == "CrRendererMain":
				main = append(main, at)
			case e.Name == "RunTask" || e.Name == "ThreadControllerImpl::RunTask":
				done[at].Tasks = append(done[at].Tasks, e.TDur/1000)
			case e.Name == "FireAnimationFrame":
				done[at].Frames = append(done[at].Frames, e.TDur/1000)
			}
		}
	}
	for _, at := range main {
		w.Tasks = append(w.Tasks, done[at].Tasks...)
		w.Frames = append(w.Frames, done[at].Frames...)
	}
	return w
}
