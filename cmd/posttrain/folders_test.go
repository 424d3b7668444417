//go:build unix

package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// contents returns the contents of the files of a folder, by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[e.Name()] = string(data)
	}
	return all
}

func named(files map[string]string) []string { return slices.Sorted(maps.Keys(files)) }

// endless returns the arguments of a run that takes too long to wait for.
func endless(dir string, more ...string) []string {
	return append([]string{"run", "memorise", "--steps", "1000000", "--set", "eval_prompts=8",
		"--json", "--out", dir}, more...)
}

// While a run writes in a folder, nobody else does, and is told who writes there. When its process
// ends, by a kill too, the folder is free.
func TestAFolderIsOneProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	owner := start(t, endless(dir)...)
	owner.await(t, `"event":"step"`, 1)
	want := regexp.MustCompile(fmt.Sprintf(
		`^posttrain: another run is writing in %s \(process %d since [-0-9]+ [:0-9]+\): wait for its end, or name another folder\n$`,
		regexp.QuoteMeta(dir), owner.Process.Pid))
	for range 2 { // asking changes nothing
		second := start(t, endless(dir, "--resume")...)
		if status := second.end(t); status.ExitStatus() != exitFailed ||
			!want.MatchString(second.stderr.String()) {
			t.Errorf("the second process: exit code %d, and it said %q", status.ExitStatus(),
				second.stderr.String())
		}
	}
	owner.await(t, `"event":"step"`, 1) // it goes on
	owner.signal(t, syscall.SIGKILL)
	owner.end(t)
	heir := start(t, endless(dir, "--resume")...)
	heir.await(t, `"event":`, 1)
	heir.signal(t, os.Interrupt)
	if status := heir.end(t); status.ExitStatus() != exitFailed ||
		!strings.Contains(heir.stderr.String(), "the run is kept in "+dir) {
		t.Errorf("after the kill: exit code %d, and it said %q", status.ExitStatus(),
			heir.stderr.String())
	}
	if have := named(contents(t, dir)); !slices.Equal(have,
		[]string{"lane-1.msgp", "lane-2.msgp", "recipe.txt"}) {
		t.Errorf("the folder has %v", have)
	}
}

// Of recipes that are started at once in one empty folder, one gets it, and all that is there
// afterwards is its own.
func TestOneOfManyRecipesGetsTheFolder(t *testing.T) {
	const rounds, recipes = 4, 4
	for range rounds {
		dir := filepath.Join(t.TempDir(), "run")
		var all []*process
		for seed := range recipes {
			all = append(all, start(t, "run", "memorise", "--steps", "1", "--set", "eval_prompts=4",
				"--seed", fmt.Sprint(seed), "--json", "--out", dir, "--resume"))
		}
		winner := -1
		for seed, p := range all {
			switch status := p.end(t); {
			case status.ExitStatus() == 0 && winner < 0:
				winner = seed
			case status.ExitStatus() == 0:
				t.Errorf("seeds %d and %d both got the folder", winner, seed)
			case !strings.Contains(p.stderr.String(), "another run is writing in") &&
				!strings.Contains(p.stderr.String(), "holds another run, memorise?"):
				t.Errorf("seed %d: exit code %d, and it said %q", seed, status.ExitStatus(),
					p.stderr.String())
			}
		}
		files, seed := contents(t, dir), fmt.Sprintf("seed=%d&", winner)
		if !strings.Contains(files["recipe.txt"], seed) ||
			!strings.Contains(files["result.json"], seed) ||
			!strings.Contains(files["lane-1.msgp"], seed) ||
			!strings.Contains(files["lane-2.msgp"], seed) || len(files) != 4 {
			t.Errorf("seed %d got the folder, which has %v of %q", winner, named(files),
				files["recipe.txt"])
		}
	}
}

// limited starts the program where no file can be as large as a checkpoint: as if the disk became
// full.
func limited(t *testing.T, args ...string) *process {
	t.Helper()
	return startCommand(t, exec.Command("sh",
		append([]string{"-c", `ulimit -f 512 && exec posttrain "$@"`, "sh"}, args...)...))
}

// A checkpoint that cannot be replaced stays.
func TestTheOldCheckpointStaysWhenTheDiskIsFull(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := start(t, endless(dir)...)
	p.await(t, `"event":"step"`, 2)
	p.signal(t, os.Interrupt)
	p.end(t)
	before := contents(t, dir)
	p = limited(t, endless(dir, "--resume")...) // until the first time that it would save
	status, said := p.end(t), p.stderr.String()
	if status.ExitStatus() != exitFailed ||
		!strings.HasPrefix(said, "posttrain: cannot save the run: ") ||
		strings.Contains(said, "context canceled") ||
		!strings.HasSuffix(said,
			"; what "+dir+" held of the run before is still there, and the same command with "+
				"--resume goes on from it\n") {
		t.Errorf("exit code %d, and it said %q", status.ExitStatus(), said)
	}
	if after := contents(t, dir); len(before) != 3 || !maps.Equal(after, before) {
		t.Errorf("the folder had %v and has %v, or a file was changed", named(before), named(after))
	}
}

// Whoever takes away the folder of a run that is going on gets the tables all the same, and is told
// that nothing is kept.
func TestTheTablesOfARunWhoseFolderIsGone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	p := start(t, "run", "memorise", "--steps", "60", "--set", "eval_prompts=8", "--json", "--out",
		dir)
	p.await(t, `"event":"eval"`, 1)
	if err := os.Rename(dir, dir+"-elsewhere"); err != nil { // at once, whoever writes there
		t.Fatal(err)
	}
	p.await(t, `"event":"done"`, 1)
	want := "posttrain: nothing of the run is kept: somebody has removed, renamed " +
		"or replaced " + dir + " while the run was going on\n"
	if status := p.end(t); status.ExitStatus() != exitFailed || p.stderr.String() != want {
		t.Errorf("exit code %d, and it said %q, want %q", status.ExitStatus(), p.stderr.String(),
			want)
	}
}
