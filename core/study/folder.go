package study

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// The files of a run's folder.
const (
	recipeFile = "recipe.txt"   // the link, written first
	laneFiles  = "lane-%d.msgp" // a checkpoint for each lane, from 1
	resultFile = "result.json"  // the result, written last
)

var (
	// ErrFolder is wrapped by errors about a folder that cannot be used as asked.
	ErrFolder = errors.New("output folder")

	// ErrSave is wrapped by errors about a run that has begun and of which
	// something could not be written. What was written before stays as it is.
	ErrSave = errors.New("cannot save the run")

	// ErrLost is wrapped by errors about a run whose folder has been removed or
	// replaced while it was going on, so that nothing of it is kept.
	ErrLost = errors.New("nothing of the run is kept")
)

// Folder keeps a run so that it can go on after an interruption. Run claims it
// for as long as it writes there, so that two runs never share a folder.
type Folder struct {
	path   string
	resume bool
	claim  *claim // nil unless a run has the folder
}

// NewFolder returns the folder for a run. Run makes it if it does not exist.
// resume allows a folder that already holds a part of the same run.
func NewFolder(path string, resume bool) *Folder {
	return &Folder{path: path, resume: resume}
}

// begin claims the folder for a run of the recipe. If such a run has already
// finished in it, begin returns its result and claims nothing. If done and err
// are nil, the caller must call end.
func (f *Folder) begin(ctx context.Context, r *recipe.Recipe) (done *Result, err error) {
	if err := makeFolder(f.path); err != nil {
		return nil, err
	}
	if _, err := f.holds(ctx, r); err != nil { // before anything is written there
		return nil, err
	}
	if f.claim, err = newClaim(f.path); err != nil {
		if done, _ := f.result(ctx, r); done != nil { // which is only read, so it needs no claim
			return done, nil
		}
		return nil, err
	}
	defer func() {
		if done != nil || err != nil {
			f.end()
		}
	}()
	begun, err := f.holds(ctx, r) // again, because another run may have begun and ended in between
	if err != nil {
		return nil, err
	}
	if err := f.sweep(); err != nil {
		return nil, err
	}
	if !begun {
		return nil, checkpoint.WriteFile(f.file(recipeFile), []byte(r.Link()+"\n"))
	}
	return f.result(ctx, r)
}

// end ends the claim.
func (f *Folder) end() {
	f.claim.release()
	f.claim = nil
}

// makeFolder makes a folder and its missing parents.
func makeFolder(path string) error {
	err := os.MkdirAll(path, 0o755)
	var at *fs.PathError
	if errors.As(err, &at) {
		if end, linkErr := os.Readlink(at.Path); linkErr == nil {
			return fmt.Errorf("%w %s: %s is a link to %s, which is not a folder: make it, or "+
				"name another folder", ErrFolder, path, at.Path, end)
		}
	}
	return err
}

// holds reports whether the folder holds a run of the recipe. It returns an
// error if the folder holds anything else, or any run without f.resume.
func (f *Folder) holds(ctx context.Context, r *recipe.Recipe) (bool, error) {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return false, err
	}
	entries = slices.DeleteFunc(entries,
		func(e fs.DirEntry) bool { return leftover(e.Name()) || MadeByDesktop(e.Name()) })
	if len(entries) == 0 {
		return false, nil
	}
	if who, busy := writing(f.path); busy && !f.resume { // --resume would not help
		return false, fmt.Errorf("%w %s is not empty, and another run is writing there%s: "+
			"name another", ErrFolder, f.path, who)
	}
	link, err := f.read(ctx, recipeFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && f.resume:
		return false, fmt.Errorf("%w %s has files but no %s, so there is no run to resume: name "+
			"an empty folder", ErrFolder, f.path, recipeFile)
	case errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("%w %s is not empty, and what it holds, such as %s, is no run: "+
			"name a new or an empty folder", ErrFolder, f.path, entries[0].Name())
	case err != nil:
		return false, err
	case strings.TrimRight(string(link), "\r\n") != r.Link():
		return false, fmt.Errorf("%w %s holds another run, %s: name another folder for %s",
			ErrFolder, f.path, firstLine(link), r.Link())
	case !f.resume:
		return false, fmt.Errorf("%w %s is not empty: add --resume to go on with the run in it, "+
			"or name another", ErrFolder, f.path)
	}
	return true, nil
}

// MadeByDesktop reports whether a file is one that a desktop, such as the Finder,
// puts into folders that it opens.
func MadeByDesktop(name string) bool {
	return slices.Contains([]string{".DS_Store", "Thumbs.db", "desktop.ini"}, name)
}

// leftover reports whether a file may be there because a run was killed: its
// lock file, or a file that was being written.
func leftover(name string) bool {
	of, temporary := checkpoint.Temporary(name)
	lane, _ := filepath.Match("lane-*.msgp", of)
	return name == lockFile || temporary && (of == recipeFile || of == resultFile || lane)
}

// sweep removes temporary files of a run that was killed. The folder is claimed,
// so no other run is writing them.
func (f *Folder) sweep() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if leftover(e.Name()) && e.Name() != lockFile {
			if err := os.Remove(f.file(e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Path returns the path of the folder.
func (f *Folder) Path() string { return f.path }

// LaneFile returns the path of lane i's checkpoint.
func (f *Folder) LaneFile(i int) string { return f.file(fmt.Sprintf(laneFiles, i+1)) }

func (f *Folder) file(name string) string { return filepath.Join(f.path, name) }

// read reads a file of the folder other than a checkpoint.
func (f *Folder) read(ctx context.Context, name string) ([]byte, error) {
	const most = 16 << 20 // far above the result of any recipe
	return checkpoint.ReadFile(ctx, f.file(name), most)
}

// write writes a file into the claimed folder. It returns ErrLost if the folder
// has been removed or replaced since it was claimed.
func (f *Folder) write(name string, data []byte) error {
	var err error
	if f.claim.valid() {
		if err = checkpoint.WriteFile(f.file(name), data); err == nil {
			return nil
		}
	}
	if !f.claim.valid() { // it may have gone while it was written to
		return fmt.Errorf("%w: somebody has removed, renamed or replaced %s while the run "+
			"was going on", ErrLost, f.path)
	}
	return fmt.Errorf("%w: %w", ErrSave, err)
}

// restore continues s from lane i's checkpoint, if there is one.
func (f *Folder) restore(r *recipe.Recipe, i int, s recipe.Resumable) error {
	// Reading does not stop with the run's context, so that a run that is stopped at once still
	// leaves a checkpoint of every lane.
	l, err := checkpoint.ReadLane(context.Background(), f.LaneFile(i))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if l.Engine != train.Engine {
		return fmt.Errorf("%s was computed by engine %d, this program is engine %d and would go "+
			"on with other bits: run it again from the start in "+
			"another folder", f.LaneFile(i), l.Engine, train.Engine)
	}
	if l.Link != r.Link() || l.Lane != i {
		return fmt.Errorf("%s belongs to lane %d of %s: want lane %d of %s", f.LaneFile(i),
			l.Lane+1, l.Link, i+1, r.Link())
	}
	err = s.Restore(l.State)
	if err == nil && s.Done() { // its metrics become the result without being measured again
		label := r.Labels()[i]
		err = laneResult(label, s).check(label, r.Lanes[i], r.Task.Levels)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.LaneFile(i), err)
	}
	return nil
}

// save writes lane i's checkpoint.
func (f *Folder) save(r *recipe.Recipe, i int, s recipe.Resumable) error {
	data, err := checkpoint.EncodeLane(checkpoint.Lane{Link: r.Link(), Task: r.Task.Name, Lane: i,
		State: s.State()})
	if err != nil {
		return err
	}
	return f.write(fmt.Sprintf(laneFiles, i+1), data)
}

// firstLine returns the first line of a file with any content, quoted if it has
// characters that a terminal would interpret.
func firstLine(text []byte) string {
	const most = 300
	line, _, _ := bytes.Cut(text, []byte("\n"))
	shown := string(line[:min(len(line), most)])
	if quoted := strconv.Quote(shown); quoted != `"`+shown+`"` {
		return quoted
	}
	return shown
}
