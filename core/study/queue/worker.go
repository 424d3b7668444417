package queue

import (
	"context"
	"errors"
	"sync"
	"time"

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
}

// Work computes cells until the study is finished, ctx ends or the worker cannot go on.
func (w Worker) Work(ctx context.Context, q *Queue) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	free := semaphore.NewWeighted(int64(w.Threads))
	var working sync.WaitGroup
	var err error
	for err == nil {
		var j *Job
		if err = free.Acquire(ctx, 1); err != nil { // before a cell is taken that has to wait
			break
		}
		if j, err = q.Next(ctx); j == nil {
			break
		}
		threads := 1
		if w.Needs != nil {
			threads = max(1, min(w.Needs(j.Link), w.Threads))
		}
		if err = free.Acquire(ctx, int64(threads-1)); err != nil {
			j.Release()
			break
		}
		working.Go(func() {
			defer free.Release(int64(threads))
			if err := w.one(ctx, q, j, threads); err != nil {
				cancel(err)
			}
		})
	}
	working.Wait()
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// one computes a cell. It returns an error if the worker cannot go on.
func (w Worker) one(ctx context.Context, q *Queue, j *Job, threads int) error {
	report := func(kind ProgressKind, step int) {
		q.Report(Progress{Kind: kind, Worker: w.Name, Machine: w.Machine, ID: j.ID, Link: j.Link,
			Step: step})
	}
	report(Started, 0)
	start := time.Now()
	o, err := w.Compute(ctx, j, threads)
	switch {
	case err == nil:
	case ctx.Err() != nil || errors.Is(err, ErrMachine):
		j.Release()
		return err
	default:
		report(Failed, 0)
		return j.Fail(ctx, err)
	}
	seconds := time.Since(start).Seconds()
	// An outcome is kept even if the work is to end now.
	keeping, stop := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer stop()
	err = j.Keep(keeping, o, cells.Work{ID: j.ID, Worker: w.Name, Machine: w.Machine,
		Threads: threads, Seconds: seconds, Finished: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		report(Finished, o.Steps)
	}
	return err
}
