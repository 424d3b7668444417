package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
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
	for _, args := range []string{"list", "list --json", "explain method/grpo", "--help",
		"--version", "digest cards", "sample cards A1=", "eval cards --json",
		"run memorise --json", "run memorise", "run memorise --seeds 1-100 --json"} {
		code, said := onFullDisk(t, strings.Fields(args)...)
		last := said[strings.LastIndex(strings.TrimSuffix(said, "\n"), "\n")+1:]
		if code != exitFailed ||
			!strings.HasPrefix(last, "posttrain: cannot write: no space left") {
			t.Errorf("%s: exit code %d, and it said %q", args, code, said)
		}
	}
}

// A panic, here of the clock, fails the command and says so in one line that names its place, on
// whichever goroutine it happens.
func TestAPanicIsReported(t *testing.T) {
	for _, threads := range []string{"1", "2"} {
		var stdout, stderr bytes.Buffer
		env := &environment{Context: t.Context(), out: &output{to: &stdout}, err: &stderr,
			clock: func() float64 { panic("no clock\x1b[31m") }, catalogue: recipe.Standard()}
		code := run([]string{"run", "memorise", "--steps", "1", "--set", "eval_prompts=1", "--json",
			"--threads", threads}, env)
		want := regexp.MustCompile(
			`^posttrain: this is a fault of the program, not of what it was asked for: no clock\\x1b\[31m, in posttrain/environment_test\.go:\d+; ` +
				`please report it with the command and what posttrain --version prints\n$`)
		if code != exitFailed || !want.MatchString(stderr.String()) {
			t.Errorf("%s threads: exit code %d, and it said %q", threads, code, stderr.String())
		}
	}
}

func TestErrorsAreSafeToPrint(t *testing.T) {
	for text, want := range map[string]string{
		"two\nlines": "two; lines", "\x1b]0;title\x07 \u009b2J\t'": `\x1b]0;title\a \u009b2J\t'`,
		"a\xffé漢…": "a\ufffdé漢…",
	} {
		if got := printable(text); got != want {
			t.Errorf("%q is printed as %q, want %q", text, got, want)
		}
	}
}

// The error of a run with a folder says too that the run is kept there.
func TestARunIsKeptWhenItsOutputFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	code, said := onFullDisk(t, "run", "memorise", "--json", "--out", dir)
	want := "posttrain: cannot write: no space left; the run " +
		"is kept in " + dir + ", and the same command with --resume goes on with it\n"
	if code != exitFailed || said != want {
		t.Errorf("exit code %d, and it said %q, want %q", code, said, want)
	}
	if _, err := checkpoint.ReadLane(t.Context(), filepath.Join(dir, "lane-1.msgp")); err != nil {
		t.Error(err)
	}
}

// occupier takes the place of a lane's checkpoint when the lane is at its end.
type occupier struct {
	bytes.Buffer
	place string
}

func (o *occupier) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte(`{"event":"end"`)) && bytes.Contains(p, []byte(`"lane":"sft"`)) {
		if err := os.Mkdir(o.place, 0o755); err != nil {
			return 0, err
		}
	}
	return o.Buffer.Write(p)
}

// A result that was computed is printed even if it cannot be kept, and the exit code and the error
// say that it is not.
func TestAResultThatCannotBeKeptIsPrinted(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	args := []string{"run", "memorise", "--steps", "2", "--set", "eval_prompts=4", "--out", dir,
		"--json"}
	out := &occupier{place: filepath.Join(dir, "lane-1.msgp")}
	code, said := inProcess(t, strings.NewReader(""), out, args...)
	want := "posttrain: cannot save the run: " +
		"cannot write " + out.place + ": it is a folder: want a regular file or a new name; " +
		"what " + dir + " held of the run before is still there, and the same command with " +
		"--resume goes on from it\n"
	if code != exitFailed || said != want || !strings.Contains(out.String(), `{"event":"done",`) {
		t.Errorf("exit code %d, it said %q, want %q, and it printed %s", code, said, want,
			out.String())
	}
	if err := os.Remove(out.place); err != nil {
		t.Fatal(err)
	}
	var tables bytes.Buffer
	if code, said := inProcess(t, strings.NewReader(""), &tables,
		append(args[:len(args)-1], "--resume")...); code != 0 ||
		!strings.Contains(tables.String(), "KL from base") {
		t.Errorf("with room again: exit code %d, it said %q", code, said)
	}
}

// onFullDisk runs the program with an output that soon is full.
func onFullDisk(t *testing.T, args ...string) (code int, said string) {
	t.Helper()
	return inProcess(t, strings.NewReader(""), &fullDisk{10}, args...)
}

// inProcess runs the program with a clock that stands still, so that a run is kept at its end
// alone.
func inProcess(t *testing.T, in io.Reader, out io.Writer, args ...string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stderr bytes.Buffer
	code = run(args, &environment{
		Context: ctx, in: &input{in, ctx}, out: &output{to: out, failed: cancel}, err: &stderr,
		clock: func() float64 { return 0 }, catalogue: recipe.Standard(),
	})
	return code, stderr.String()
}
