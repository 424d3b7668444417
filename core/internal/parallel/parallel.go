// Package parallel spreads independent items over a fixed number of workers.
// The result for an item must not depend on the worker.
package parallel

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Do calls do(worker, item) once for every item in [0, items), on at most
// workers goroutines. worker is an index for scratch memory. With one worker
// the calls happen in order on the caller's goroutine.
//
// If a call panics on another goroutine, Do panics after the other workers have
// ended, so that its caller can recover. The value of its panic is a text with
// the first panic and its stack.
func Do(workers, items int, do func(worker, item int)) {
	workers = min(workers, items)
	if workers <= 1 {
		for item := range items {
			do(0, item)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	var panicked atomic.Pointer[string]
	for worker := range workers {
		done.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					text := fmt.Sprintf("%v\n\n%s", p, debug.Stack())
					panicked.CompareAndSwap(nil, &text)
				}
			}()
			for {
				item := int(next.Add(1)) - 1
				if item >= items {
					return
				}
				do(worker, item)
			}
		})
	}
	done.Wait()
	if text := panicked.Load(); text != nil {
		panic(*text)
	}
}
