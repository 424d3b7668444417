//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is the program as a child; TestMain has put it into the path.
type process struct {
	*exec.Cmd
	lines  *bufio.Scanner // of standard output
	stdout io.Closer
	stderr bytes.Buffer
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startCommand(t, exec.Command("posttrain", args...))
}

func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{Cmd: cmd}
	p.Stderr = &p.stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines, p.stdout = bufio.NewScanner(out), out
	p.lines.Buffer(nil, 1<<20)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() }) // an error says that it has ended
	return p
}

// await reads standard output until so many lines have had a text.
func (p *process) await(t *testing.T, text string, count int) {
	t.Helper()
	for p.lines.Scan() {
		if strings.Contains(p.lines.Text(), text) {
			if count--; count == 0 {
				return
			}
		}
	}
	t.Fatalf("standard output ended before %q: %s", text, p.stderr.String())
}

// end waits for the process and returns how it ended.
func (p *process) end(t *testing.T) syscall.WaitStatus {
	t.Helper()
	for p.lines.Scan() { // Wait must come after the last read
	}
	err := p.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return p.ProcessState.Sys().(syscall.WaitStatus)
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// seconds is what differs between two runs of one recipe.
var seconds = regexp.MustCompile(`,"seconds":[-+.e0-9]+`)

var resumable = []string{"run", "memorise", "--steps", "12", "--set", "eval_prompts=8", "--json"}

// lanes returns the results of a run's lanes as text, without the seconds.
func lanes(t *testing.T, args ...string) string {
	t.Helper()
	p := start(t, args...)
	last := ""
	for p.lines.Scan() {
		last = p.lines.Text()
	}
	if status := p.end(t); status.ExitStatus() != 0 {
		t.Fatalf("%v: exit code %d: %s", args, status.ExitStatus(), p.stderr.String())
	}
	return seconds.ReplaceAllString(last, "")
}

// A first interrupt, of either kind, leaves a checkpoint, says how to go on and
// ends the run with exit code 1; going on ends with the same bits.
func TestInterruptLeavesACheckpoint(t *testing.T) {
	want := lanes(t, resumable...)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		dir := t.TempDir()
		kept := append(resumable[:len(resumable):len(resumable)], "--out", dir)
		attend(t, s)
		p := start(t, kept...)
		p.await(t, `"event":"step"`, 3)
		p.signal(t, s)
		if status := p.end(t); status.ExitStatus() != exitFailed {
			t.Fatalf("%v: exit code %d: %s", s, status.ExitStatus(), p.stderr.String())
		}
		if said := p.stderr.String(); said != "posttrain: interrupted: the run "+
			"is kept in "+dir+", and the same command with --resume goes on with it\n" {
			t.Errorf("%v: it said %q", s, said)
		}
		if have := lanes(t, append(kept, "--resume")...); have != want {
			t.Errorf("%v: resumed, it ends with\n%s\nuninterrupted with\n%s", s, have, want)
		}
	}
}

// An interrupt keeps a pretraining, says how to go on, and the same command goes on from there.
func TestInterruptKeepsAPretraining(t *testing.T) {
	kept := regexp.MustCompile(`^posttrain: interrupted: base cards stopped after step (\d+) of ` +
		`90000, and the same command goes on there; what it needs for that is kept in ` +
		`.*cards-[0-9a-f]{32}\.unfinished \([0-9.]+ [kM]B\)$`)
	attend(t, os.Interrupt)
	cache := t.TempDir()
	made := ""
	for _, args := range [][]string{
		{"pretrain", "cards", "--set", "dim=16", "--set", "batch=8", "--set", "steps=90000"},
		{"run", "cards?base=cards,dim=16,batch=8,steps=90000&lane=sft"},
	} {
		args = append(args, "--cache", cache, "--log", "debug")
		p := startCommand(t, exec.Command("sh",
			append([]string{"-c", `exec posttrain "$@" 2>&1`, "sh"}, args...)...))
		if made != "" {
			p.await(t, "weights, going on after step "+made+".", 1)
		}
		p.await(t, "msg=step", 3)
		p.signal(t, os.Interrupt)
		last := ""
		for p.lines.Scan() {
			last = p.lines.Text()
		}
		said := kept.FindStringSubmatch(last)
		if status := p.end(t); status.ExitStatus() != exitFailed || said == nil {
			t.Fatalf("%v: exit code %d, and it said %q", args[0], status.ExitStatus(), last)
		}
		made = said[1]
	}
}

// attend has the children of the test attend to a signal. If the test itself was started to ignore
// it, as under nohup, they would ignore it too.
func attend(t *testing.T, s os.Signal) {
	attended := make(chan os.Signal, 1)
	signal.Notify(attended, s)
	t.Cleanup(func() { signal.Stop(attended) })
}

// A run that was started to outlive its terminal, as nohup does, goes on when the terminal is
// closed.
func TestHangupMayBeIgnored(t *testing.T) {
	p := startCommand(t, exec.Command("sh",
		append([]string{"-c", `trap "" HUP; exec posttrain "$@"`, "sh"}, resumable...)...))
	p.await(t, `"event":"step"`, 1)
	p.signal(t, syscall.SIGHUP)
	p.await(t, `"event":"done"`, 1)
	if status := p.end(t); status.ExitStatus() != 0 {
		t.Errorf("exit code %d: %s", status.ExitStatus(), p.stderr.String())
	}
}

func TestInterruptWithoutAFolder(t *testing.T) {
	p := start(t, resumable...)
	p.await(t, `"event":"step"`, 1)
	p.signal(t, os.Interrupt)
	status := p.end(t)
	if said := p.stderr.String(); status.ExitStatus() != exitFailed ||
		said != "posttrain: interrupted: nothing was kept, because there was no --out\n" {
		t.Errorf("exit code %d, and it said %q", status.ExitStatus(), said)
	}
}

// Waiting for standard input is interrupted at once.
func TestInterruptWhileReading(t *testing.T) {
	for _, args := range [][]string{{"coeffs", "--method", "grpo"}, {"logits", "cards"}} {
		cmd := exec.Command("posttrain", args...)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// More than a pipe holds: when all is written, it is being read.
		if _, err := io.WriteString(in, strings.Repeat(" ", 1<<20)); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // the exit code says it
		if said := stderr.String(); cmd.ProcessState.ExitCode() != exitFailed ||
			!strings.HasPrefix(said, "posttrain: standard input: interrupted before its end") {
			t.Errorf("%v: exit code %d, and it said %q", args, cmd.ProcessState.ExitCode(), said)
		}
	}
}

// A batch of 512 prompts by 64 takes seconds, and is not left halfway: whoever
// does not want to wait for its end interrupts again.
func TestSecondInterruptKills(t *testing.T) {
	p := start(t, "run", "cards", "--lane", "grpo,batch=512,group=64", "--set", "eval_prompts=1",
		"--json", "--out", t.TempDir())
	p.await(t, `"event":"eval"`, 3)
	time.Sleep(500 * time.Millisecond) // the batch has begun
	go func() {
		// the second may come before the first was heard
		for p.Process.Signal(os.Interrupt) == nil {
			time.Sleep(100 * time.Millisecond)
		}
	}()
	if status := p.end(t); !status.Signaled() || status.Signal() != syscall.SIGINT {
		t.Errorf("it ended with %v, want a kill: %s", p.ProcessState, p.stderr.String())
	}
}

// head -1 and the like stop reading early; that is no error to talk about.
func TestBrokenPipeIsQuiet(t *testing.T) {
	p := start(t, resumable...)
	p.await(t, `"event"`, 1)
	if err := p.stdout.Close(); err != nil {
		t.Fatal(err)
	}
	if status := p.end(t); !status.Signaled() || status.Signal() != syscall.SIGPIPE {
		t.Errorf("it ended with %v, want the end of every filter, %v", p.ProcessState,
			syscall.SIGPIPE)
	}
	if p.stderr.Len() > 0 {
		t.Errorf("it said %q", p.stderr.String())
	}
}
