package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
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
		want := regexp.MustCompile(fmt.Sprintf(
			`^another run is writing in %s \(process %d since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\): `,
			regexp.QuoteMeta(folder), os.Getpid()))
		if _, err := newClaim(folder); err == nil || !want.MatchString(err.Error()) {
			t.Errorf("the second claim: %v, want %v", err, want)
		}
		put(t, filepath.Join(folder, recipeFile), "x")
		if _, err := NewFolder(folder, false).begin(t.Context(), parse(t, tinyLink)); err == nil ||
			!errors.Is(err, ErrFolder) ||
			!strings.Contains(err.Error(),
				fmt.Sprintf("%s is not empty, and another run is writing there (process %d since ",
					folder, os.Getpid())) {
			t.Errorf("a run that is not to be resumed: %v", err)
		}
		remove(recipeFile)(t, folder)
		first.release()
		if left := files(t, folder); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// What a killed run has left in its lock file, or a run that has not yet written it, does not
// matter.
func TestALockFileAloneClaimsNothing(t *testing.T) {
	for _, text := range []string{"", "1\n", "\x1b[31m", strings.Repeat("9", 100)} {
		folder := t.TempDir()
		put(t, filepath.Join(folder, lockFile), text)
		c := claimed(t, folder)
		put(t, filepath.Join(folder, lockFile), text)
		if _, err := newClaim(folder); err == nil ||
			!strings.HasPrefix(err.Error(), "another run is writing in "+folder) ||
			strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%.10q in the lock file: %v", text, err)
		}
		c.release()
	}
}

// A process that has the lock and has not yet written its number is waited for.
func TestTheOwnerIsNamedBeforeItWrites(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, lockFile)
	c := claimed(t, folder)
	defer c.release()
	put(t, path, "")
	said := make(chan error)
	go func() {
		_, err := newClaim(folder)
		said <- err
	}()
	put(t, path, "4711\n")
	if err := <-said; err == nil || !strings.Contains(err.Error(), "(process 4711 since ") {
		t.Errorf("the second claim: %v", err)
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

// A run whose folder is gone goes on to its end, since what it has computed would be lost too, and
// says once that nothing is kept. If it is stopped before that, it does not say that the run is
// kept.
func TestARunWhoseFolderIsGoneEndsWithItsResult(t *testing.T) {
	r := parse(t, tinyLink)
	want, events := whole(t, r)
	for _, at := range []int{1, events / 2, events} {
		for _, stopped := range []bool{false, true} {
			path := filepath.Join(t.TempDir(), "run")
			ctx, stop := context.WithCancel(t.Context())
			o := Options{Threads: 2, Clock: ticking(), Folder: NewFolder(path, false)}
			n := 0
			o.Observe = func(protocol.Event) {
				if n++; n != at {
					return
				}
				// at once, whoever writes there
				if err := os.Rename(path, path+"-elsewhere"); err != nil {
					t.Error(err)
				}
				if stopped {
					stop()
				}
			}
			result, err := runOpenings(ctx, r, tiny(r), o)
			if said := fmt.Sprint(err); !errors.Is(err, ErrLost) ||
				strings.Count(said, path) != 1 || errors.Is(err, context.Canceled) {
				t.Errorf("removed at event %d, stopped: %v: %v", at, stopped, err)
			}
			if !stopped && (result == nil || withoutSeconds(t, result) != want.result) {
				t.Errorf("removed at event %d: the result is %v, want %s", at, result, want.result)
			}
			if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("removed at event %d, it is there again", at)
			}
			stop()
		}
	}
}

// If the folder of a run is removed during the run and another run starts there, the new run has
// the folder, and the first writes nothing more.
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
	if err := lost.finish(&Result{}); !errors.Is(err, ErrLost) ||
		!strings.Contains(err.Error(), "removed, renamed or replaced "+path) {
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
	if _, err := NewFolder(path, true).begin(t.Context(), parse(t, tinyLink)); err == nil ||
		!strings.Contains(err.Error(), "another run is writing") {
		t.Errorf("one that has not finished: %v", err)
	}
}
