//go:build verify

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/num"
)

// How many kills there are of one process, and of two that want the same folder.
const aloneKills, togetherKills = 160, 40

// child is the program, to be killed unless it has ended before.
type child struct {
	*exec.Cmd
	stderr  bytes.Buffer
	dying   chan struct{} // closed just before it is killed, or when it ends
	drained chan struct{} // closed when it has printed its last line
}

// moment is when a child is killed: when it has printed so many events, and a little later.
type moment struct {
	events int // below 0 it is left alone
	later  time.Duration
}

// someMoment returns a random moment of a run with this many events, or sometimes after its end. It
// does not depend on the speed of the machine.
func someMoment(rng *num.Rand, events int) moment {
	return moment{rng.IntN(events + events/5),
		time.Duration(rng.Float64() * float64(50*time.Millisecond))}
}

// launch starts the program.
func launch(t *testing.T, kill moment, path string, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(path, append(args, "--json")...), dying: make(chan struct{}),
		drained: make(chan struct{})}
	c.Stderr = &c.stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		dying := sync.OnceFunc(func() { close(c.dying) })
		defer close(c.drained)
		defer dying()
		lines := bufio.NewScanner(out)
		lines.Buffer(nil, 1<<20)
		for n := 0; n == kill.events || lines.Scan(); n++ {
			if n == kill.events {
				dying()
				time.Sleep(kill.later)
				_ = c.Process.Kill() // an error says that it has ended
			}
		}
	}()
	return c
}

// code waits for the end and returns the exit code, or -1 after a kill.
func (c *child) code(t *testing.T) int {
	t.Helper()
	<-c.drained
	err := c.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode()
}

// killedRun returns the arguments of a run that takes a few seconds, so that it writes several
// checkpoints.
func killedRun(steps, seed int, more ...string) []string {
	return append([]string{"run", "memorise", "--steps", fmt.Sprint(steps), "--set",
		"eval_prompts=64", "--seed", fmt.Sprint(seed)}, more...)
}

// onlyResults fails the test if a run's folder has other files than the run's.
func onlyResults(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if want := []string{"lane-1.msgp", "lane-2.msgp", "recipe.txt",
		"result.json"}; !slices.Equal(names, want) {
		t.Errorf("the folder has %v, want %v", names, want)
	}
}

// Runs that are killed without warning again and again, at random moments and sometimes at once,
// and go on each time: they end with the bits of runs that were left alone.
func TestVerifyKilledRunsGoOn(t *testing.T) {
	const seeds, steps = 4, 100
	path := binary(t)
	var want [seeds][]string
	for seed := range want {
		want[seed] = digests(finish(t, path, killedRun(steps, seed)...)[0])
	}
	rng := num.NewRand(1, "test", "kill")
	kills, runs := 0, 0
	for ; kills < aloneKills; runs++ {
		dir, seed, before := filepath.Join(t.TempDir(), "run"), runs%seeds, kills
		args := killedRun(steps, seed, "--out", dir, "--resume")
		for code := -1; code != 0; {
			c := launch(t, someMoment(&rng, 2*steps), path, args...)
			switch code = c.code(t); code {
			case -1:
				kills++
			case 0:
			default:
				t.Fatalf("after %d kills of this run: exit code %d: %s", kills-before, code,
					c.stderr.String())
			}
		}
		if have := digests(finish(t, path, args...)[0]); !slices.Equal(have, want[seed]) {
			t.Errorf("after %d kills seed %d ends with %v, want %v", kills-before, seed, have,
				want[seed])
		}
		onlyResults(t, dir)
	}
	t.Logf("%d kills of %d runs", kills, runs)
}

// Two processes want one folder, for the same recipe or for another, and are killed at random
// moments. One has the folder; the other is told so. What is in the folder then goes on to the bits
// of a run that was left alone.
func TestVerifyTwoProcessesAndOneFolder(t *testing.T) {
	const steps = 40
	path := binary(t)
	want := [2][]string{digests(finish(t, path, killedRun(steps, 0)...)[0]),
		digests(finish(t, path, killedRun(steps, 1)...)[0])}
	rng := num.NewRand(2, "test", "kill")
	told := map[string]int{}
	for round, kills := 0, 0; kills < togetherKills; round++ {
		dir := filepath.Join(t.TempDir(), "run")
		first, second := someMoment(&rng, 2*steps), someMoment(&rng, 2*steps)
		if round%3 == 0 {
			second.events = -1
		}
		other := round % 2 // the second has the recipe of the first, or another
		both := []*child{launch(t, first, path, killedRun(steps, 0, "--out", dir, "--resume")...)}
		if round%4 < 2 { // the second comes when the first is about to go
			<-both[0].dying
		}
		both = append(both, launch(t, second, path,
			killedRun(steps, other, "--out", dir, "--resume")...))
		killed := false
		for _, c := range both {
			code, said := c.code(t), c.stderr.String()
			switch {
			case code == -1:
				killed = true
			case code == 0:
				told["finished"]++
			case strings.Contains(said, "another run is writing in "+dir):
				told["another run is writing"]++
			case strings.Contains(said, "holds another run"):
				told["holds another run"]++
			default:
				t.Errorf("round %d: exit code %d: %s", round, code, said)
			}
		}
		if killed {
			kills++
		}
		seed := 0
		if link, err := os.ReadFile(filepath.Join(dir, "recipe.txt")); err == nil &&
			strings.Contains(string(link), "seed=1&") {
			seed = 1
		}
		if have := digests(finish(t, path, killedRun(steps, seed, "--out", dir,
			"--resume")...)[0]); !slices.Equal(have, want[seed]) {
			t.Errorf("round %d: seed %d ends with %v, want %v", round, seed, have, want[seed])
		}
		onlyResults(t, dir)
	}
	t.Logf("processes that were not killed: %v", told)
	if told["another run is writing"] == 0 {
		t.Error("no process found the other in the folder")
	}
}
