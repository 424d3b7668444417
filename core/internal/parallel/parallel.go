// Package parallel spreads independent items over a fixed number of workers.
// What is computed for an item must not depend on which worker does it.
package parallel

import (
	"sync"
	"sync/atomic"
)

// Do calls do(worker, item) once for every item in [0, items), on at most
// workers goroutines; worker says whose scratch memory to use. With one worker
// it runs in place, in order.
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
	for worker := range workers {
		done.Go(func() {
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
}
