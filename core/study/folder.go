package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"posttrain/core/checkpoint"
	"posttrain/core/recipe"
	"posttrain/core/train"
)

// The files of a run's folder, besides one checkpoint for each lane.
const (
	recipeFile = "recipe.txt"  // the link, written first
	resultFile = "result.json" // the result, written last
)

// ErrFolder is wrapped by errors about a folder that cannot be used as asked.
var ErrFolder = errors.New("output folder")

// Folder keeps a run so that it can go on after an interruption.
type Folder struct {
	path string
}

// OpenFolder makes or opens the folder of a run. One that is not empty needs
// resume.
func OpenFolder(path string, resume bool) (*Folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 && !resume {
		return nil, fmt.Errorf("%w %s is not empty: add --resume to go on with the run in it, or name another", ErrFolder, path)
	}
	return &Folder{path: path}, nil
}

// prepare claims the folder for a recipe. It returns the result of a run that
// had already finished.
func (f *Folder) prepare(r *recipe.Recipe) (*Result, error) {
	link := r.Link()
	have, err := os.ReadFile(f.file(recipeFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := f.onlyLeftovers(); err != nil {
			return nil, err
		}
		return nil, checkpoint.WriteFile(f.file(recipeFile), []byte(link+"\n"))
	case err != nil:
		return nil, err
	case string(have) != link+"\n":
		return nil, fmt.Errorf("%w %s holds another run, %s: name another folder for %s", ErrFolder, f.path, firstLine(have), link)
	}
	if err := f.sweep(); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(f.file(resultFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var done Result
	if err := json.Unmarshal(data, &done); err != nil {
		return nil, fmt.Errorf("%s: not a result: %w; remove it to run again", f.file(resultFile), err)
	}
	if done.Link != link || len(done.Lanes) != len(r.Lanes) {
		return nil, fmt.Errorf("%s: not the result of %s; remove it to run again", f.file(resultFile), link)
	}
	return &done, nil
}

// onlyLeftovers refuses a folder with files in it that no run of ours wrote. A
// kill before the first write can leave a temporary file behind.
func (f *Folder) onlyLeftovers() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if leftover, _ := filepath.Match("."+recipeFile+".*", e.Name()); !leftover {
			return fmt.Errorf("%w %s has files but no %s, so there is no run to resume: name an empty folder", ErrFolder, f.path, recipeFile)
		}
	}
	return nil
}

// sweep removes the temporary files of a run that was killed while it wrote.
func (f *Folder) sweep() error {
	for _, name := range []string{recipeFile, resultFile, "lane-*.msgp"} {
		leftovers, err := filepath.Glob(f.file("." + name + ".*"))
		if err != nil {
			return err
		}
		for _, leftover := range leftovers {
			if err := os.Remove(leftover); err != nil {
				return err
			}
		}
	}
	return nil
}

// LaneFile is the path of lane i's checkpoint.
func (f *Folder) LaneFile(i int) string { return f.file(fmt.Sprintf("lane-%d.msgp", i+1)) }

func (f *Folder) file(name string) string { return filepath.Join(f.path, name) }

// restore continues s from lane i's checkpoint, if there is one.
func (f *Folder) restore(r *recipe.Recipe, i int, s recipe.Kept) error {
	l, err := checkpoint.ReadLane(f.LaneFile(i))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	if l.Engine != train.Engine {
		return fmt.Errorf("%s was computed by engine %d, this program is engine %d and would go on with other bits: run it again from the start in another folder", f.LaneFile(i), l.Engine, train.Engine)
	}
	if l.Link != r.Link() || l.Lane != i {
		return fmt.Errorf("%s belongs to lane %d of %s: want lane %d of %s", f.LaneFile(i), l.Lane+1, l.Link, i+1, r.Link())
	}
	if err := s.Restore(l.State); err != nil {
		return fmt.Errorf("%s: %w", f.LaneFile(i), err)
	}
	return nil
}

func (f *Folder) save(r *recipe.Recipe, i int, s recipe.Kept) error {
	data, err := checkpoint.EncodeLane(checkpoint.Lane{Link: r.Link(), Task: r.Task.Name, Lane: i, State: s.State()})
	if err != nil {
		return err
	}
	return checkpoint.WriteFile(f.LaneFile(i), data)
}

func (f *Folder) finish(result *Result) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false) // links keep their &
	if err := encoder.Encode(result); err != nil {
		return err
	}
	return checkpoint.WriteFile(f.file(resultFile), line.Bytes())
}

func firstLine(text []byte) string {
	for i, b := range text {
		if b == '\n' {
			return string(text[:i])
		}
	}
	return string(text)
}
