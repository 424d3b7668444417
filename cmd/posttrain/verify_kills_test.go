//go:build verify

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"posttrain/core/num"
)

// How many kills there are of one process, and of two that want the same folder.
const aloneKills, togetherKills = 160, 40

// child is the program, to be killed after a while unless it has ended before.
type child struct {
	*exec.Cmd
	stderr bytes.Buffer
	kill   *time.Timer
}

// launch starts the program; a wait below 0 leaves it alone.
func launch(t *testing.T, wait time.Duration, path string, args ...string) *child {
	t.Helper()
	c := &child{Cmd: exec.Command(path, args...)}
	c.Stderr = &c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if wait >= 0 {
		c.kill = time.AfterFunc(wait, func() { _ = c.Process.Kill() }) // an error says that it has ended
	}
	return c
}

// code waits for the end and returns the exit code, or -1 after a kill.
func (c *child) code(t *testing.T) int {
	t.Helper()
	err := c.Wait()
	if c.kill != nil {
		c.kill.Stop()
	}
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode()
}

// onlyResults wants nothing but a run's files in its folder.
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
	if want := []string{"lane-1.msgp", "lane-2.msgp", "recipe.txt", "result.json"}; !slices.Equal(names, want) {
		t.Errorf("the folder has %v, want %v", names, want)
	}
}

// Runs that are killed without warning again and again, at random moments and sometimes at once, and go on each time: they
// end with the bits of runs that were left alone.
func TestVerifyKilledRunsGoOn(t *testing.T) {
	const seeds = 4
	path := binary(t)
	start := time.Now()
	var want [seeds][]string
	for seed := range want {
		want[seed] = digests(finish(t, path, "run", "memorise", "--seed", fmt.Sprint(seed))[0])
	}
	length := time.Since(start) / seeds
	longest := max(length/2, 2500*time.Millisecond) // a checkpoint is written after a second at the earliest
	rng := num.NewRand(1, "test", "kill")
	kills, runs := 0, 0
	for ; kills < aloneKills; runs++ {
		dir, seed, before := filepath.Join(t.TempDir(), "run"), runs%seeds, kills
		args := []string{"run", "memorise", "--seed", fmt.Sprint(seed), "--out", dir, "--resume"}
		for code := -1; code != 0; {
			c := launch(t, time.Duration(rng.Float64()*float64(longest)), path, args...)
			switch code = c.code(t); code {
			case -1:
				kills++
			case 0:
			default:
				t.Fatalf("after %d kills of this run: exit code %d: %s", kills-before, code, c.stderr.String())
			}
			if kills-before > 1000 {
				t.Fatal("after 1000 kills a run has not ended")
			}
		}
		if have := digests(finish(t, path, args...)[0]); !slices.Equal(have, want[seed]) {
			t.Errorf("after %d kills seed %d ends with %v, want %v", kills-before, seed, have, want[seed])
		}
		onlyResults(t, dir)
	}
	t.Logf("%d kills of %d runs, each at most %v after its start; a run takes %v", kills, runs, longest, length)
}

// Two processes start in one folder, of the same recipe or of another, and are killed at random moments. One has the folder;
// the other is told so. What is in the folder then goes on to the bits of a run that was left alone.
func TestVerifyTwoProcessesAndOneFolder(t *testing.T) {
	path := binary(t)
	args := func(seed int, more ...string) []string {
		return append([]string{"run", "memorise", "--steps", "40", "--set", "eval_prompts=64", "--seed", fmt.Sprint(seed)}, more...)
	}
	start := time.Now()
	want := [2][]string{digests(finish(t, path, args(0)...)[0]), digests(finish(t, path, args(1)...)[0])}
	length := time.Since(start) / 2
	rng := num.NewRand(2, "test", "kill")
	wait := func() time.Duration { return time.Duration(rng.Float64() * 1.2 * float64(length)) }
	told := map[string]int{}
	for round, kills := 0, 0; kills < togetherKills; round++ {
		dir := filepath.Join(t.TempDir(), "run")
		other := round % 2 // the second has the recipe of the first, or another
		second := wait()
		if round%3 == 0 {
			second = -1 // and is left alone
		}
		both := []*child{launch(t, wait(), path, args(0, "--out", dir, "--resume")...), launch(t, second, path, args(other, "--out", dir, "--resume")...)}
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
		if link, err := os.ReadFile(filepath.Join(dir, "recipe.txt")); err == nil && strings.Contains(string(link), "seed=1&") {
			seed = 1
		}
		if have := digests(finish(t, path, args(seed, "--out", dir, "--resume")...)[0]); !slices.Equal(have, want[seed]) {
			t.Errorf("round %d: seed %d ends with %v, want %v", round, seed, have, want[seed])
		}
		onlyResults(t, dir)
	}
	t.Logf("processes that were not killed: %v; a run takes %v", told, length)
	if told["another run is writing"] == 0 {
		t.Error("no process found the other in the folder: want them to start closer together")
	}
}
