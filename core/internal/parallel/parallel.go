// Package parallel spreads independent items over a fixed number of workers.
// The result for an item must not depend on the worker.
package parallel

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Do is [Team.Do] of a new team.
func Do(workers, items int, do func(worker, item int)) {
	NewTeam(min(workers, items)).Do(items, do)
}

// Team is a number of workers that can be used again and again without allocating. It spreads the
// items of one call at a time: a call may not begin before the last one has returned.
type Team struct {
	starts []func() // (workers) what each of them runs

	items    int
	do, then func(worker, item int)
	next     atomic.Int64 // the first item that no worker has taken
	done     sync.WaitGroup
	panicked atomic.Pointer[string]

	length int // of what Ranges divides
	ranged func(from, to int)
	ranges func(worker, item int)

	lock sync.Mutex // guards turn and what then does
	turn int        // the item whose call of then is due
	move sync.Cond  // turn or panicked has changed
}

// NewTeam returns a team with a number of workers, at least one.
func NewTeam(workers int) *Team {
	t := &Team{starts: make([]func(), max(1, workers))}
	t.move.L = &t.lock
	t.ranges = func(_, i int) { t.ranged(i*t.length/t.Size(), (i+1)*t.length/t.Size()) }
	for worker := range t.starts {
		t.starts[worker] = func() {
			defer t.done.Done()
			t.work(worker)
		}
	}
	return t
}

// Size returns the number of workers.
func (t *Team) Size() int { return len(t.starts) }

// Do calls do(worker, item) once for every item in [0, items). worker is an index for scratch
// memory, below Size. With one worker or one item the calls happen in order on the caller's
// goroutine.
//
// If a call panics on another goroutine, Do panics after the other workers have
// ended, so that its caller can recover. The value of its panic is a text with
// the first panic and its stack.
func (t *Team) Do(items int, do func(worker, item int)) { t.InOrder(items, do, nil) }

// Ranges divides [0, n) into as many ranges as there are workers and calls do for each of them.
func (t *Team) Ranges(n int, do func(from, to int)) {
	t.length, t.ranged = n, do
	t.Do(t.Size(), t.ranges)
	t.ranged = nil
}

// InOrder is [Team.Do] with a second step: after do(worker, item) it calls then(worker, item) on
// the same goroutine, and these calls happen one after another in the order of the items. A worker
// that is early waits. After a panic the calls of then that are left are not made.
func (t *Team) InOrder(items int, do, then func(worker, item int)) {
	workers := min(len(t.starts), items)
	if workers <= 1 {
		for item := range items {
			do(0, item)
			if then != nil {
				then(0, item)
			}
		}
		return
	}
	t.items, t.do, t.then, t.turn = items, do, then, 0
	t.next.Store(0)
	t.done.Add(workers)
	for _, start := range t.starts[1:workers] {
		go start()
	}
	t.starts[0]()
	t.done.Wait()
	t.do, t.then = nil, nil
	if text := t.panicked.Swap(nil); text != nil {
		panic(*text)
	}
}

// work takes items until none is left.
func (t *Team) work(worker int) {
	defer t.recover()
	for {
		item := int(t.next.Add(1)) - 1
		if item >= t.items {
			return
		}
		t.do(worker, item)
		if t.then != nil {
			t.inTurn(worker, item)
		}
	}
}

// inTurn calls then for an item when its turn has come. That it comes is certain: items are taken
// in ascending order, so the one whose turn it is has been taken by a worker that does not wait.
func (t *Team) inTurn(worker, item int) {
	t.lock.Lock()
	defer t.lock.Unlock()
	for t.turn != item && t.panicked.Load() == nil {
		t.move.Wait()
	}
	if t.panicked.Load() != nil {
		return
	}
	t.then(worker, item)
	t.turn++
	t.move.Broadcast()
}

// recover keeps the first panic and wakes the workers that wait for their turn.
func (t *Team) recover() {
	if p := recover(); p != nil {
		text := fmt.Sprintf("%v\n\n%s", p, debug.Stack())
		t.panicked.CompareAndSwap(nil, &text)
		t.lock.Lock()
		t.move.Broadcast()
		t.lock.Unlock()
	}
}
