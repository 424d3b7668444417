package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/posttrain/posttrain/core/checkpoint"
)

// lockFile is in a folder while a run writes there. It holds the number of the
// run's process.
const lockFile = ".posttrain.lock"

// claim is the right to write in a folder. One run has it at a time, and the
// operating system takes it back when the run's process ends, however it ends.
//
// It is a lock on the folder's lock file, which is removed before the lock is
// released. Whoever opened the file in between then holds a lock on a file that
// is no longer there, so a claim counts only when the locked file is the one in
// the folder.
type claim struct {
	lock *flock.Flock
}

// ErrClaimed is wrapped by the error about a folder that another process has claimed.
var ErrClaimed = errors.New("another run is writing in")

// Claim claims an existing folder for this process and returns the function that ends the claim. If
// another process has claimed the folder, the error names that process.
func Claim(folder string) (release func(), err error) {
	c, err := newClaim(folder)
	if err != nil {
		return nil, err
	}
	return c.release, nil
}

// Claimed reports whether a process has claimed a folder. who is a note about that process, such as
// " (process 12 since 2026-11-29 12:00:00)", or "" if nothing is known of it.
func Claimed(folder string) (who string, claimed bool) { return writing(folder) }

// LockFile is the name of the lock file in a claimed folder.
const LockFile = lockFile

// newClaim claims a folder. If another process has claimed it, the error names that process.
func newClaim(folder string) (*claim, error) {
	path := filepath.Join(folder, lockFile)
	for {
		if there, err := os.Lstat(path); err == nil && !there.Mode().IsRegular() {
			return nil, fmt.Errorf("%w %s: its %s is a %s: remove it", ErrFolder, folder, lockFile,
				checkpoint.FileKind(there.Mode()))
		}
		c := &claim{flock.New(path, flock.SetPermissions(0o644))}
		locked, err := c.lock.TryLock()
		switch {
		case errors.Is(err, errors.ErrUnsupported):
			return nil, fmt.Errorf("%w %s is on a file system without locks, which keep two runs "+
				"apart: name a folder elsewhere", ErrFolder, folder)
		case err != nil:
			return nil, notBegun(folder, err)
		case !locked:
			who := owner(path)
			if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
				continue // its owner has released it in the meantime
			}
			return nil, fmt.Errorf("%w %s%s: wait for its end, or name another folder", ErrClaimed,
				folder, who)
		case !c.valid():
			_ = c.lock.Close() // its owner removed it after we had opened it: try again
			continue
		}
		if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
			c.release()
			return nil, notBegun(folder, err)
		}
		return c, nil
	}
}

// notBegun returns the error of a run that could not write its lock file.
func notBegun(folder string, err error) error {
	return fmt.Errorf("cannot begin to write in %s: %w; what it holds is as it was", folder, err)
}

// owner returns a note for error messages: which process wrote a lock file, and
// when. It returns "" if that cannot be read. It waits a second for the number,
// because a process that has the lock may be about to write it.
func owner(path string) string {
	const tries, pause = 100, 10 * time.Millisecond
	for range tries - 1 {
		if info, err := os.Stat(path); err != nil || info.Size() > 0 {
			break
		}
		time.Sleep(pause)
	}
	const most = 100 // more than any number of a process has digits
	text, err := checkpoint.ReadFile(context.Background(), path, most)
	info, statErr := os.Stat(path)
	process, numberErr := strconv.Atoi(strings.TrimSpace(string(text)))
	if errors.Join(err, statErr, numberErr) != nil {
		return ""
	}
	return fmt.Sprintf(" (process %d since %s)", process,
		info.ModTime().Format("2006-01-02 15:04:05"))
}

// writing reports whether a run has claimed a folder. who is the result of
// owner. It claims nothing itself.
func writing(folder string) (who string, busy bool) {
	path := filepath.Join(folder, lockFile)
	if there, err := os.Lstat(path); err != nil || !there.Mode().IsRegular() {
		return "", false
	}
	lock := flock.New(path)
	defer lock.Close()
	if free, err := lock.TryRLock(); free || err != nil {
		return "", false
	}
	return owner(path), true
}

// valid reports whether the locked file is still the one in the folder.
func (c *claim) valid() bool { return inPlace(c.lock) }

// release ends the claim and removes the lock file. A lock file that cannot
// be removed does no harm: the next run locks it again.
func (c *claim) release() { unlock(c.lock) }

// inPlace reports whether the file of a lock is still the one at its path. The lock must be locked.
func inPlace(lock *flock.Flock) bool {
	locked, err := lock.Stat()
	there, thereErr := os.Lstat(lock.Path())
	return errors.Join(err, thereErr) == nil && os.SameFile(locked, there)
}

// unlock removes the file of a lock, if it is still in its place, and then unlocks it.
func unlock(lock *flock.Flock) {
	if inPlace(lock) {
		_ = os.Remove(lock.Path())
	}
	_ = lock.Close()
}
