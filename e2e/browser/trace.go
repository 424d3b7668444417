package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// Tasks are the processor's milliseconds of every task that main threads of pages have done meanwhile.
func (p *Page) Tasks(meanwhile func()) (milliseconds []float64) {
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
	type event struct {
		Name string  `json:"name"`
		PID  int     `json:"pid"`
		TID  int     `json:"tid"`
		TDur float64 `json:"tdur"` // microseconds of the thread
		Args struct {
			Name string `json:"name"`
		} `json:"args"`
	}
	type thread struct{ pid, tid int }
	main, tasks := map[thread]bool{}, map[thread][]float64{}
	for _, bucket := range buckets {
		for _, raw := range bucket.Value {
			var e event
			if err := json.Unmarshal(raw, &e); err != nil {
				p.t.Fatal(err)
			}
			at := thread{e.PID, e.TID}
			switch {
			case e.Name == "thread_name" && e.Args.Name == "CrRendererMain":
				main[at] = true
			case e.Name == "RunTask" || e.Name == "ThreadControllerImpl::RunTask":
				tasks[at] = append(tasks[at], e.TDur/1000)
			}
		}
	}
	for at := range main {
		milliseconds = append(milliseconds, tasks[at]...)
	}
	return milliseconds
}
