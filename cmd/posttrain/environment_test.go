package main

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
)

// fullDisk takes some bytes and then no more.
type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	n := min(d.room, len(p))
	if d.room -= n; n < len(p) {
		return n, errors.New("no space left")
	}
	return n, nil
}

// A full disk fails the command, whichever writes, and at once: the run would
// take minutes.
func TestOutputErrorsFail(t *testing.T) {
	for _, args := range []string{"list", "list --json", "explain method/grpo", "--help", "--version", "digest cards", "sample cards A1=", "eval cards --json",
		"run memorise --json", "run memorise", "run memorise --seeds 1-100 --json"} {
		ctx, cancel := context.WithCancel(t.Context())
		var stderr bytes.Buffer
		code := run(strings.Fields(args), &environment{
			Context: ctx, in: &input{strings.NewReader(""), ctx}, out: &output{to: &fullDisk{10}, failed: cancel}, err: &stderr,
			clock: func() float64 { return 0 },
		})
		last := stderr.String()[strings.LastIndex(strings.TrimSuffix(stderr.String(), "\n"), "\n")+1:]
		if code != exitFailed || !strings.HasPrefix(last, "posttrain: cannot write: no space left") {
			t.Errorf("%s: exit code %d, and it said %q", args, code, stderr.String())
		}
		cancel()
	}
}

// A panic, here of the clock, fails the command and says so in one line that names its place, on whichever goroutine it happens.
func TestAPanicIsReported(t *testing.T) {
	for _, threads := range []string{"1", "2"} {
		var stdout, stderr bytes.Buffer
		env := &environment{Context: t.Context(), out: &output{to: &stdout}, err: &stderr, clock: func() float64 { panic("no clock\x1b[31m") }}
		code := run([]string{"run", "memorise", "--steps", "1", "--set", "eval_prompts=1", "--json", "--threads", threads}, env)
		want := regexp.MustCompile(`^posttrain: this is a fault of the program, not of what it was asked for: no clock\\x1b\[31m, in posttrain/environment_test\.go:\d+; ` +
			`please report it with the command and what posttrain --version prints\n$`)
		if code != exitFailed || !want.MatchString(stderr.String()) {
			t.Errorf("%s threads: exit code %d, and it said %q", threads, code, stderr.String())
		}
	}
}

func TestErrorsAreSafeToPrint(t *testing.T) {
	for text, want := range map[string]string{
		"two\nlines": "two; lines", "\x1b]0;title\x07 \u009b2J\t'": `\x1b]0;title\a \u009b2J\t'`, "a\xffé漢…": "a\ufffdé漢…",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}
