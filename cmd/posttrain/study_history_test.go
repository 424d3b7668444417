package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/study/design"
)

// history is a repository for tests.
type history struct {
	*testing.T
	folder string
}

func newHistory(t *testing.T) history {
	h := history{t, t.TempDir()}
	h.git("init", "-q")
	return h
}

func (h history) git(args ...string) {
	h.Helper()
	as := []string{"-C", h.folder, "-c", "user.name=A", "-c", "user.email=a@example.org"}
	if out, err := exec.Command("git", append(as, args...)...).CombinedOutput(); err != nil {
		h.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func (h history) write(file, text string) string {
	h.Helper()
	path := filepath.Join(h.folder, file)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		h.Fatal(err)
	}
	return path
}

func (h history) commit() {
	h.Helper()
	h.git("add", "-A")
	h.git("commit", "-qm", "more")
}

// What counts is which commit came first.
func TestLockHistory(t *testing.T) {
	h := newHistory(t)
	env := &environment{Context: t.Context()}
	lock := h.write("s.lock", "hash: aaa\n")
	h.commit()
	early := h.write("early.jsonl", "{}\n")
	h.commit()
	h.write("s.lock", "hash: aaa\nhash: bbb\n")
	together := h.write("together.jsonl", "{}\n")
	h.commit()
	h.write("early.jsonl", "{}\n{}\n")
	late := h.write("late.jsonl", "{}\n")
	h.commit()
	h.write("s.lock", "hash: aaa\nhash: bbb\nhash: ccc\n")
	for _, c := range []struct {
		hash, results string
		want          design.Timing
	}{
		{"aaa", early, design.Before},
		{"aaa", together, design.Before},
		{"aaa", "", design.Before},
		{"bbb", early, design.After},
		{"bbb", together, design.After},
		{"bbb", late, design.Before},
		{"ccc", late, design.After}, // not committed, while results are
		{"ccc", "", design.NoHistory},
	} {
		when, err := lockHistory(env, lock, c.results)
		if err != nil {
			t.Fatal(err)
		}
		if got := when(c.hash); got != c.want {
			t.Errorf("%s against %q: %d, want %d", c.hash, filepath.Base(c.results), got, c.want)
		}
	}
}

// Results that are not committed may be older than a lock that is.
func TestResultsWithoutHistory(t *testing.T) {
	h := newHistory(t)
	lock := h.write("s.lock", "hash: aaa\n")
	h.commit()
	none := h.write("none.jsonl", "{}\n")
	_, err := lockHistory(&environment{Context: t.Context()}, lock, none)
	if !errors.Is(err, errNoHistory) || !strings.Contains(err.Error(), "is not committed") {
		t.Error(err)
	}
}

// The folder of a study has a copy of the lock file, which is committed with the results. What
// counts is when the entry was first committed.
func TestHistoryOfACopy(t *testing.T) {
	h := newHistory(t)
	h.write("mine.lock", "hash: aaa\n")
	h.commit()
	for _, dir := range []string{"early", "late"} {
		if err := os.Mkdir(filepath.Join(h.folder, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	copied := h.write("early/study.lock", "hash: aaa\n")
	results := h.write("early/results.jsonl", "{}\n")
	h.commit()
	unregistered := h.write("late/study.lock", "hash: bbb\n")
	late := h.write("late/results.jsonl", "{}\n")
	h.commit()
	env := &environment{Context: t.Context()}
	for _, c := range []struct {
		hash, lock, results string
		want                design.Timing
	}{{"aaa", copied, results, design.Before}, {"bbb", unregistered, late, design.After}} {
		when, err := lockHistory(env, c.lock, c.results)
		if err != nil {
			t.Fatal(err)
		}
		if got := when(c.hash); got != c.want {
			t.Errorf("%s in %s: %d, want %d", c.hash, c.lock, got, c.want)
		}
	}
}

func TestNoHistory(t *testing.T) {
	env := &environment{Context: t.Context()}
	folder := t.TempDir()
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(folder))
	for lock, want := range map[string]string{
		"":                                "part of the program",
		filepath.Join(folder, "s.lock"):   "is in no git repository",
		filepath.Join(folder, "x/s.lock"): "is in no git repository",
	} {
		_, err := lockHistory(env, lock, "")
		if !errors.Is(err, errNoHistory) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", lock, err, want)
		}
	}
	h := newHistory(t)
	lock := h.write("s.lock", "hash: aaa\n")
	h.commit()
	if _, err := lockHistory(env, lock, filepath.Join(folder, "r.jsonl")); !errors.Is(err,
		errNoHistory) {
		t.Errorf("results outside the repository: %v", err)
	}
	t.Setenv("PATH", "")
	if _, err := lockHistory(env, lock, ""); err == nil ||
		!strings.Contains(err.Error(), "git is not installed") {
		t.Errorf("without git: %v", err)
	}
}
