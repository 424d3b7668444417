package parallel

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// The second steps happen in the order of the items, whoever is early, each after its first step
// and by the same worker.
func TestInOrder(t *testing.T) {
	for workers := 1; workers <= 5; workers++ {
		team := NewTeam(workers)
		for _, items := range []int{0, 1, 3, 100, 2} {
			by := make([]atomic.Int32, items)
			var order []int // no lock: these calls do not overlap
			team.InOrder(items, func(worker, item int) {
				by[item].Store(int32(worker) + 1)
			}, func(worker, item int) {
				if by[item].Load() != int32(worker)+1 {
					t.Errorf("item %d began on another worker than %d, or not at all", item, worker)
				}
				order = append(order, item)
			})
			if len(order) != items || !slices.IsSorted(order) {
				t.Errorf("%d workers, %d items: order %v", workers, items, order)
			}
		}
	}
}

// A worker that waits for an item that has panicked goes on, and the team can be used again.
func TestAPanicDoesNotHoldUpTheOthers(t *testing.T) {
	team := NewTeam(3)
	for _, second := range []bool{false, true} {
		text := func() (text string) {
			defer func() { text = fmt.Sprint(recover()) }()
			team.InOrder(50, func(_, item int) {
				if item == 7 && !second {
					fails()
				}
			}, func(_, item int) {
				if item == 7 && second {
					fails()
				}
				if item > 7 {
					t.Errorf("the second step of item %d was done", item)
				}
			})
			return ""
		}()
		if !strings.HasPrefix(text, "too bad\n") {
			t.Errorf("recovered %s", text)
		}
	}
	var done atomic.Int32
	team.Do(20, func(_, _ int) { done.Add(1) })
	if done.Load() != 20 {
		t.Errorf("%d items were done after a panic, want 20", done.Load())
	}
}

// A team is for calls that come by the thousand.
func TestATeamDoesNotAllocate(t *testing.T) {
	team := NewTeam(4)
	do, then := func(_, _ int) {}, func(_, _ int) {}
	if allocs := testing.AllocsPerRun(100, func() { team.InOrder(9, do, then) }); allocs != 0 {
		t.Errorf("%v allocations in a call", allocs)
	}
}
