package main

import (
	"bytes"
	"context"
	"errors"
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
