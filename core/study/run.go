package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/posttrain/posttrain/core/internal/parallel"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// saveEvery is how many seconds may pass between two checkpoints of a lane.
const saveEvery = 1

// Options are the options of a run. None of them changes a digest.
type Options struct {
	Threads int
	Clock   func() float64       // seconds, never going back; nil means that it stands still
	Observe func(protocol.Event) // called for one event at a time; may be nil
	Folder  *Folder              // where checkpoints are written; nil means nowhere

	// SaveEvery is how many seconds may pass between two checkpoints of a lane; 0 means 1.
	SaveEvery float64
}

// Run runs every lane of a recipe to its end and returns the result. If ctx ends
// first, Run writes a checkpoint of each lane into the folder, if there is one,
// and returns the context's error. If a lane fails, the others go on.
//
// A result that was computed but could not be written to the folder is returned
// together with an error, even if the folder was removed long before.
func Run(ctx context.Context, r *recipe.Recipe, o Options) (*Result, error) {
	return runOpenings(ctx, r, r.Open, o)
}

// runOpenings is [Run] with open in place of r.Open.
func runOpenings(ctx context.Context, r *recipe.Recipe, open func() ([]recipe.Opener, error),
	o Options) (*Result, error) {
	if o.Clock == nil {
		o.Clock = func() float64 { return 0 }
	}
	if o.Folder != nil {
		done, err := o.Folder.begin(ctx, r)
		if done != nil || err != nil {
			return done, err
		}
		defer o.Folder.end()
	}
	lanes, err := open()
	if err != nil {
		return nil, err
	}
	workers := max(1, min(o.Threads, len(lanes)))
	run := runner{Options: o, recipe: r, threads: max(1, o.Threads/workers)}
	ends, errs := make([]*LaneResult, len(lanes)), make([]error, len(lanes))
	parallel.Do(workers, len(lanes), func(_, i int) {
		ends[i], errs[i] = run.lane(ctx, i, lanes[i])
	})
	stopped := func(err error) bool { return err == nil || err == ctx.Err() }
	failed := errors.Join(slices.CompactFunc(slices.DeleteFunc(errs, stopped), sameText)...)
	if slices.Contains(ends, nil) {
		return nil, cmp.Or(failed, ctx.Err())
	}
	result := newResult(r, ends)
	if o.Folder != nil && failed == nil {
		failed = o.Folder.finish(result)
	}
	return result, failed
}

// sameText reports whether two errors have the same text. Two lanes that cannot write to their
// folder return such errors.
func sameText(a, b error) bool { return a.Error() == b.Error() }

type runner struct {
	Options
	recipe   *recipe.Recipe
	threads  int // per lane
	observed sync.Mutex
}

// lane runs one lane from its checkpoint, if there is one, to its end. The
// result is nil if the lane did not reach its end.
func (r *runner) lane(ctx context.Context, i int, open recipe.Opener) (end *LaneResult, err error) {
	label := r.recipe.Labels()[i]
	s, err := open(train.Options{Threads: r.threads, Clock: r.Clock})
	if err != nil {
		return nil, fmt.Errorf("lane %s: %w", label, err)
	}
	kept, _ := s.(recipe.Resumable) // nil if no checkpoints are written
	if r.Folder == nil {
		kept = nil
	}
	if kept != nil {
		if err := r.Folder.restore(r.recipe, i, kept); err != nil {
			return nil, err
		}
	}
	saved, every := r.Clock(), cmp.Or(r.SaveEvery, saveEvery)
	for !s.Done() {
		stop := ctx.Err()
		if kept != nil && kept.Resumable() && (stop != nil || r.Clock()-saved > every) {
			if err = r.Folder.save(r.recipe, i, kept); errors.Is(err, ErrLost) && stop == nil {
				kept = nil // go on without checkpoints: stopping would lose what is computed
				continue
			} else if err != nil {
				return nil, err
			}
			saved = r.Clock()
		}
		if stop != nil && (kept == nil || kept.Resumable()) {
			return nil, cmp.Or(err, stop)
		}
		events, err := s.Advance()
		if err != nil {
			return nil, err
		}
		r.observe(events)
	}
	if kept != nil {
		err = r.Folder.save(r.recipe, i, kept)
	}
	return laneResult(label, s), err
}

func (r *runner) observe(events []protocol.Event) {
	if r.Observe == nil {
		return
	}
	r.observed.Lock()
	defer r.observed.Unlock()
	for _, e := range events {
		r.Observe(e)
	}
}
