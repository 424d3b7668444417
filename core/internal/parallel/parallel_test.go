package parallel

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

func TestEveryItemOnceAndAWorkerOnItsOwn(t *testing.T) {
	for workers := range 6 {
		for _, items := range []int{0, 1, 2, 5, 64, 1000} {
			done := make([]atomic.Int32, items)
			busy := make([]atomic.Int32, max(1, workers))
			Do(workers, items, func(worker, item int) {
				if busy[worker].Add(1) != 1 {
					t.Errorf("%d workers: two goroutines share the scratch memory of worker %d",
						workers, worker)
				}
				done[item].Add(1)
				busy[worker].Add(-1)
			})
			for item := range done {
				if n := done[item].Load(); n != 1 {
					t.Errorf("%d workers, %d items: item %d was done %d times", workers, items,
						item, n)
				}
			}
		}
	}
}

func TestOneWorkerKeepsTheOrder(t *testing.T) {
	for _, workers := range []int{-1, 0, 1} {
		var order []int // no lock: everything happens on this goroutine
		Do(workers, 5, func(worker, item int) {
			if worker != 0 {
				t.Errorf("worker is %d, want 0", worker)
			}
			order = append(order, item)
		})
		if !slices.Equal(order, []int{0, 1, 2, 3, 4}) {
			t.Errorf("%d workers: order %v", workers, order)
		}
	}
}

// A panic reaches the caller, who may recover it, with the stack where it happened; the other items
// are done all the same.
func TestAPanicReachesTheCaller(t *testing.T) {
	var done atomic.Int32
	defer func() {
		text := fmt.Sprint(recover())
		if !strings.HasPrefix(text, "too bad\n") || !strings.Contains(text, "parallel.fails(") {
			t.Errorf("recovered %s", text)
		}
		if done.Load() != 99 {
			t.Errorf("%d other items were done, want 99", done.Load())
		}
	}()
	Do(3, 100, func(_, item int) {
		if item == 50 {
			fails()
		}
		done.Add(1)
	})
	t.Error("Do returned")
}

//go:noinline
func fails() { panic("too bad") }
