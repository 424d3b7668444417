package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

func TestThreadsLeaveNoTrace(t *testing.T) {
	r := parse(t, tinyLink)
	want, _ := whole(t, r)
	for _, threads := range []int{0, 1, 2, 3, 4, 7} {
		got, err := run(t, context.Background(), r, Options{Threads: threads}, tally{}, nil)
		if err != nil || !want.equal(got) {
			t.Errorf("%d threads: %v\n%s\nwant\n%s", threads, err, got.result, want.result)
		}
	}
}

func TestAResultSaysWhatWasRun(t *testing.T) {
	r := parse(t, tinyLink+"&seed=5")
	var seen []string
	result, err := runOpenings(context.Background(), r, tiny(r),
		Options{Threads: 2, Observe: func(e protocol.Event) {
			for _, m := range e.Metrics {
				if _, ok := eval.Define(m.Name); !ok {
					t.Errorf("%s is in no dictionary", m.Name)
				}
			}
			seen = append(seen, string(e.Kind)+" "+e.Lane)
		}})
	if err != nil {
		t.Fatal(err)
	}
	if result.Event != "done" || result.Engine != train.Engine || result.Link != r.Link() ||
		result.Seed != 5 || len(result.Lanes) != 2 {
		t.Errorf("%+v", result)
	}
	for i, want := range []struct {
		label string
		steps int
	}{{"sft~grpo", 5}, {"rft", 3}} {
		lane := result.Lanes[i]
		if lane.Label != want.label || lane.Step != want.steps || len(lane.Digest) != 64 ||
			lane.Cost.FLOPs <= 0 || lane.Cost.Seconds != 0 {
			t.Errorf("lane %d: %+v", i, lane)
		}
		for _, level := range r.Task.Levels {
			if a, ok := lane.Metrics["eval/"+level.Name+"/accuracy"]; !ok || a < 0 || a > 1 {
				t.Errorf("lane %s: accuracy at level %s is %v, %v", lane.Label, level.Name, a, ok)
			}
		}
		if steps, ends := count(seen, "step "+want.label), count(seen,
			"end "+want.label); steps != want.steps || ends != 1 {
			t.Errorf("lane %s: %d steps and %d ends were observed", want.label, steps, ends)
		}
	}
}

func count(all []string, what string) (n int) {
	for _, s := range all {
		if s == what {
			n++
		}
	}
	return n
}

// Wherever a run is stopped, going on ends with the same bits, and every event
// happens once.
func TestInterruptedAnywhereAndResumed(t *testing.T) {
	r := parse(t, tinyLink)
	want, events := whole(t, r)
	for n := 0; n <= events; n++ {
		for _, threads := range []int{1, 2} {
			path := filepath.Join(t.TempDir(), "run")
			ctx, cancel := context.WithCancel(context.Background())
			if n == 0 {
				cancel()
			}
			got, err := run(t, ctx, r, Options{Threads: threads, Folder: NewFolder(path, false)},
				tally{}, func(seen int) {
					if seen == n {
						cancel()
					}
				})
			// every lane was amid its last measurement, which is not cut short, or at its end
			if err == nil {
				if n < events-len(r.Lanes)*(len(r.Task.Levels)+1) || !want.equal(got) {
					t.Fatalf("stopped after event %d of %d, it ended without an error", n, events)
				}
			} else if !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped after event %d: %v", n, err)
			}
			if err != nil {
				got, err = run(t, context.Background(), r,
					Options{Threads: threads, Folder: NewFolder(path, true)}, got, nil)
			}
			if err != nil || !want.equal(got) {
				t.Fatalf("stopped after event %d of %d on %d threads and resumed: %v\n%v\nwant\n%v",
					n, events, threads, err, got, want)
			}
			cancel()
		}
	}
}

// A run that is killed has only what it saved on the way; what it did since is
// done again.
func TestKilledAnywhereAndResumed(t *testing.T) {
	r := parse(t, tinyLink)
	want, events := whole(t, r)
	path, copies := filepath.Join(t.TempDir(), "run"), t.TempDir()
	snapshot := func(n int) string { return filepath.Join(copies, fmt.Sprint(n)) }
	options := Options{Threads: 1, Folder: NewFolder(path, false), Clock: ticking()}
	if _, err := run(t, context.Background(), r, options, tally{}, func(n int) {
		if err := os.CopyFS(snapshot(n), os.DirFS(path)); err != nil {
			t.Fatal(err)
		}
	}); err != nil {
		t.Fatal(err)
	}
	saved := map[string]bool{}
	for n := 1; n <= events; n++ {
		saved[files(t, snapshot(n))["lane-1.msgp"]] = true
		got, err := run(t, context.Background(), r,
			Options{Threads: 2, Folder: NewFolder(snapshot(n), true)}, tally{}, nil)
		if err != nil || got.result != want.result {
			t.Fatalf("killed after event %d of %d and resumed: %v\n%s\nwant\n%s", n, events, err,
				got.result, want.result)
		}
	}
	if len(saved) < 5 {
		t.Errorf("%d different checkpoints of the first lane were left by %d kills", len(saved),
			events)
	}
}

func TestInterruptedAgainAndAgain(t *testing.T) {
	r := parse(t, tinyLink)
	want, events := whole(t, r)
	path := filepath.Join(t.TempDir(), "run")
	var got tally
	for tries := 0; ; tries++ {
		ctx, cancel := context.WithCancel(context.Background())
		var err error
		got, err = run(t, ctx, r, Options{Threads: 1, Folder: NewFolder(path, true)}, got,
			func(int) { cancel() })
		cancel()
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) || tries > events {
			t.Fatalf("try %d: %v", tries, err)
		}
	}
	if !want.equal(got) {
		t.Errorf("one event at a time:\n%v\nwant\n%v", got, want)
	}
}

func TestWithoutAFolderAnInterruptionJustStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	r := parse(t, tinyLink)
	got, err := run(t, ctx, r, Options{Threads: 1}, tally{}, func(n int) {
		if n == 5 {
			cancel()
		}
	})
	if n := len(got.events["sft~grpo"]) + len(got.events["rft"]); !errors.Is(err,
		context.Canceled) || n > 6 {
		t.Errorf("%d events were observed after the fifth was the last wanted: %v", n, err)
	}
}

// If a lane fails, the other goes on, and the error names the lane.
func TestTheOtherLaneGoesOnWhenOneFails(t *testing.T) {
	r := parse(t, tinyLink)
	want, _ := whole(t, r)
	open := func() ([]recipe.Opener, error) {
		lanes, err := tinyPlan(r)
		lanes[0].Base = lanes[0].Base.Clone()
		lanes[0].Base.Head[0] = float32(math.NaN())
		return recipe.Openers(lanes), err
	}
	var ended []string
	_, err := runOpenings(context.Background(), r, open,
		Options{Threads: 1, Observe: func(e protocol.Event) {
			if e.Kind == protocol.Finished {
				ended = append(ended, e.Lane)
			}
		}})
	if err == nil || !strings.Contains(err.Error(), "lane sft~grpo") ||
		strings.Contains(err.Error(), "rft") {
		t.Errorf("the error of a lane that fails: %v", err)
	}
	if len(ended) != 1 || ended[0] != "rft" {
		t.Errorf("ended: %v; of %v", ended, len(want.events))
	}
}

// A disk that is full, here a folder where a checkpoint should be: what was computed is returned,
// with what could not be kept.
func TestAResultThatCannotBeKeptIsReturned(t *testing.T) {
	r := parse(t, tinyLink)
	want, _ := whole(t, r)
	for name, lane := range map[string]string{"lane-1.msgp": "sft~grpo", "lane-2.msgp": "rft",
		resultFile: "rft"} {
		path := filepath.Join(t.TempDir(), "run")
		result, err := runOpenings(context.Background(), r, tiny(r),
			Options{Threads: 1, Folder: NewFolder(path, false), Observe: func(e protocol.Event) {
				if e.Kind != protocol.Finished || e.Lane != lane {
					return
				}
				if err := os.Mkdir(filepath.Join(path, name), 0o755); err != nil {
					t.Error(err)
				}
			}})
		if !errors.Is(err, ErrSave) || !strings.Contains(err.Error(), filepath.Join(path, name)) ||
			result == nil || inJSON(t, result) != want.result {
			t.Errorf("%s: %v, and the result is %v", name, err, result)
		}
		if _, err := os.Stat(filepath.Join(path, resultFile)); name != resultFile && err == nil {
			t.Errorf("%s could not be written, but there is a result", name)
		}
		if err := os.Remove(filepath.Join(path, name)); err != nil {
			t.Fatal(err)
		}
		got, err := run(t, context.Background(), r,
			Options{Threads: 1, Folder: NewFolder(path, true)}, tally{}, nil)
		if err != nil || got.result != want.result {
			t.Errorf("%s: with room again it ends with %v\n%s\nwant\n%s", name, err, got.result,
				want.result)
		}
	}
}

// In the middle of a run it ends the lane, whose last checkpoint stays.
func TestALaneThatCannotBeKeptEnds(t *testing.T) {
	r := parse(t, tinyLink)
	want, _ := whole(t, r)
	path := filepath.Join(t.TempDir(), "run")
	steps, aside := 0, filepath.Join(t.TempDir(), "lane-1.msgp")
	_, err := run(t, context.Background(), r,
		Options{Threads: 1, Folder: NewFolder(path, false), Clock: ticking()}, tally{}, func(int) {
			if steps++; steps == 6 {
				if err := errors.Join(os.Rename(filepath.Join(path, "lane-1.msgp"), aside),
					os.Mkdir(filepath.Join(path, "lane-1.msgp"), 0o755)); err != nil {
					t.Error(err)
				}
			}
		})
	if !errors.Is(err, ErrSave) || !strings.HasPrefix(err.Error(),
		"cannot save the run: cannot write "+filepath.Join(path, "lane-1.msgp")+": ") {
		t.Errorf("it ends with %v", err)
	}
	if err := errors.Join(os.Remove(filepath.Join(path, "lane-1.msgp")),
		os.Rename(aside, filepath.Join(path, "lane-1.msgp"))); err != nil {
		t.Fatal(err)
	}
	got, err := run(t, context.Background(), r, Options{Threads: 1, Folder: NewFolder(path, true)},
		tally{}, nil)
	if err != nil || got.result != want.result {
		t.Errorf("with room again it ends with %v\n%s\nwant\n%s", err, got.result, want.result)
	}
}

// What cannot be kept outweighs that the run was stopped.
func TestAnInterruptedLaneThatCannotBeKept(t *testing.T) {
	r := parse(t, tinyLink)
	path := filepath.Join(t.TempDir(), "run")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := run(t, ctx, r, Options{Threads: 1, Folder: NewFolder(path, false)}, tally{},
		func(n int) {
			if n == 5 {
				if err := os.Mkdir(filepath.Join(path, "lane-1.msgp"), 0o755); err != nil {
					t.Error(err)
				}
				cancel()
			}
		})
	if !errors.Is(err, ErrSave) || strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("it ends with %v", err)
	}
}
