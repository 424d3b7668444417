package study

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func claimed(t testing.TB, folder string) *claim {
	t.Helper()
	c, err := newClaim(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAFolderHasOneOwner(t *testing.T) {
	folder := t.TempDir()
	for range 3 { // given up, it can be claimed again
		first := claimed(t, folder)
		want := regexp.MustCompile(fmt.Sprintf(`^another run is writing in %s \(process %d since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\): `, regexp.QuoteMeta(folder), os.Getpid()))
		if _, err := newClaim(folder); err == nil || !want.MatchString(err.Error()) {
			t.Errorf("the second claim: %v, want %v", err, want)
		}
		first.release()
		if left := files(t, folder); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// What a killed run has left in its lock file, or a run that has not yet written it, does not matter.
func TestALockFileAloneClaimsNothing(t *testing.T) {
	for _, text := range []string{"", "1\n", "\x1b[31m", strings.Repeat("9", 100)} {
		folder := t.TempDir()
		put(t, filepath.Join(folder, lockFile), text)
		c := claimed(t, folder)
		put(t, filepath.Join(folder, lockFile), text)
		if _, err := newClaim(folder); err == nil || !strings.HasPrefix(err.Error(), "another run is writing in "+folder) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%.10q in the lock file: %v", text, err)
		}
		c.release()
	}
}

// However many come and go at once, there is one owner at a time, and at the end no lock file.
func TestManyClaimsAtOnce(t *testing.T) {
	folder := t.TempDir()
	var owners, claims atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for claims.Load() < 200 {
				c, err := newClaim(folder)
				if err != nil {
					continue
				}
				if owners.Add(1) != 1 {
					t.Error("two own the folder")
				}
				claims.Add(1)
				owners.Add(-1)
				c.release()
			}
		})
	}
	all.Wait()
	if left := files(t, folder); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Whoever removes the folder of a run that is going on and begins another there gets it, and the first writes nothing more.
func TestAFolderThatWasReplacedIsLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	lost := NewFolder(path, false)
	if _, err := lost.begin(t.Context(), parse(t, tinyLink)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	owner := NewFolder(path, false)
	if _, err := owner.begin(t.Context(), parse(t, tinyLink+"&seed=2")); err != nil {
		t.Fatal(err)
	}
	before := files(t, path)
	if err := lost.finish(&Result{}); err == nil || errors.Is(err, ErrSave) || !strings.Contains(err.Error(), "removed or replaced the folder") {
		t.Errorf("writing there: %v", err)
	}
	lost.end()
	if after := files(t, path); fmt.Sprint(after) != fmt.Sprint(before) || len(after) != 2 {
		t.Errorf("the folder had %v and has %v", before, after)
	}
	owner.end()
}

// A finished run is only read, so it can be asked for while another process has the folder.
func TestAFinishedRunNeedsNoClaim(t *testing.T) {
	path := finished(t)
	c := claimed(t, path)
	defer c.release()
	done, err := NewFolder(path, true).begin(t.Context(), parse(t, tinyLink))
	if err != nil || done == nil {
		t.Errorf("%v, %v", done, err)
	}
	remove(resultFile)(t, path)
	if _, err := NewFolder(path, true).begin(t.Context(), parse(t, tinyLink)); err == nil || !strings.Contains(err.Error(), "another run is writing") {
		t.Errorf("one that has not finished: %v", err)
	}
}
