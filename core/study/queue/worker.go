package queue

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/semaphore"

	"github.com/posttrain/posttrain/core/study/cells"
)

// ErrMachine is wrapped by errors that are the machine's and not the cell's, such as too little
// memory. Another worker may be able to compute the cell.
var ErrMachine = errors.New("this machine cannot compute the cell")

// Worker computes cells, as many at once as it has threads for.
type Worker struct {
	Name, Machine string
	Threads       int

	// Needs returns how many threads a cell is to have; nil means one.
	Needs func(link string) int

	// Compute computes a cell. If it returns an error that wraps ErrMachine, the worker ends and
	// the cell is delivered to another; after any other error the cell has failed.
	Compute func(ctx context.Context, j *Job, threads int) (cells.Outcome, error)

	mu     sync.Mutex
	unsent []finished // what the server could not be told
}

// finished is a cell that has been computed.
type finished struct {
	outcome cells.Outcome
	work    cells.Work
}

// Unsent reports whether there are outcomes that no server has taken. The next call of Work sends
// them first.
func (w *Worker) Unsent() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.unsent) > 0
}

// Work computes cells until the study is finished, ctx ends or the worker cannot go on. If the
// server goes away, the cells that were begun are computed to their ends. Work must not be called
// concurrently.
func (w *Worker) Work(ctx context.Context, q *Queue) error {
	taking, stop := context.WithCancelCause(ctx) // ends when no more cells are to be begun
	defer stop(nil)
	free := semaphore.NewWeighted(int64(w.Threads))
	var working sync.WaitGroup
	err := w.send(ctx, q)
	for err == nil {
		var j *Job
		if err = free.Acquire(taking, 1); err != nil { // before a cell is taken that has to wait
			break
		}
		if j, err = q.Next(taking); j == nil {
			break
		}
		threads := 1
		if w.Needs != nil {
			threads = max(1, min(w.Needs(j.Link), w.Threads))
		}
		if err = free.Acquire(taking, int64(threads-1)); err != nil {
			j.Release()
			break
		}
		working.Go(func() {
			defer free.Release(int64(threads))
			if err := w.one(ctx, j, threads); err != nil {
				stop(err)
			}
		})
	}
	working.Wait()
	if cause := context.Cause(taking); cause != nil {
		return cause
	}
	return err
}

// Report sends a report about a job, in which it fills in whose it is.
func (w *Worker) Report(j *Job, p Progress) {
	p.Worker, p.Machine, p.ID, p.Link = w.Name, w.Machine, j.ID, j.Link
	j.queue.report(p)
}

// one computes a cell. It returns an error if the worker cannot go on.
func (w *Worker) one(ctx context.Context, j *Job, threads int) error {
	w.Report(j, Progress{Kind: Started})
	start := time.Now()
	o, err := w.Compute(ctx, j, threads)
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.Is(err, ErrMachine):
		j.Release()
		return err
	default:
		w.Report(j, Progress{Kind: Failed})
		return j.Fail(ctx, err)
	}
	seconds := time.Since(start).Seconds()
	// An outcome is kept even if the work is to end now.
	keeping, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer stop()
	done := finished{o, cells.Work{ID: j.ID, Worker: w.Name, Machine: w.Machine, Threads: threads,
		Seconds: seconds, Finished: time.Now().UTC().Truncate(time.Millisecond)}}
	err = j.Keep(keeping, done.outcome, done.work)
	switch {
	case err == nil:
		w.Report(j, Progress{Kind: Finished, Step: o.Steps})
	case errors.Is(err, errTooLong):
		return j.Fail(keeping, err)
	case !errors.Is(err, ErrOtherBits):
		w.mu.Lock()
		defer w.mu.Unlock()
		w.unsent = append(w.unsent, done)
	}
	return err
}

// send keeps the outcomes that another server did not take. Their cells may be delivered again, and
// will then be found to be done.
func (w *Worker) send(ctx context.Context, q *Queue) error {
	for len(w.unsent) > 0 {
		done := w.unsent[0]
		value, err := pack(done.outcome, done.work)
		if err != nil {
			return err
		}
		_, err = q.outcomes.Create(ctx, done.outcome.ID, value)
		if err != nil && !errors.Is(err, jetstream.ErrKeyExists) {
			return ended(ctx, err)
		}
		w.unsent = w.unsent[1:]
	}
	return nil
}
