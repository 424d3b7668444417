package cells

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/train"
)

// The files of a study's folder.
const (
	PlanFile    = "plan.json"      // which study it is, written first
	ResultsFile = "results.jsonl"  // a [Result] a line
	WorkFile    = "machines.jsonl" // a [Work] a line
)

// ErrFolder is wrapped by errors about a folder that holds something else than this study.
var ErrFolder = errors.New("output folder")

// ErrSave is wrapped by errors about a result that could not be written. Those that were written
// before are as they were.
var ErrSave = errors.New("a result cannot be kept")

// Plan is the cells of a study in their order.
type Plan struct {
	Name  string // of the study
	Cells []design.Cell
}

// Hash returns a digest of all cells, in their order, and of the engine. Two plans with equal
// hashes give equal results.
func (p Plan) Hash() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "v=%d\n", train.Engine)
	for _, c := range p.Cells {
		fmt.Fprintf(sum, "%q %q %q %q %d %d %q\n", c.Link, c.Experiment, c.Arm, c.Config, c.Base,
			c.Seed, c.Part)
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// planned is the content of PlanFile.
type planned struct {
	Study  string `json:"study"`
	Hash   string `json:"hash"`
	Engine int    `json:"engine"`
	Cells  int    `json:"cells"`
}

// Folder keeps the results of a study. One process has it at a time. It is safe for concurrent use.
type Folder struct {
	path    string
	plan    Plan
	release func() // ends the claim

	mu      sync.Mutex
	results *os.File
	size    int64
	ids     []string         // by place in the plan
	index   map[string][]int // from a cell's ID to its places in the plan
	kept    []section        // by place in the plan
	order   []int            // places in the plan, in the order of the file
	left    int              // results that are missing
	waiting map[string]bool  // IDs of the cells whose results are missing
}

// section is where a result is in the file; length 0 means that it is missing.
type section struct{ start, length int64 }

// Open claims a folder for a study, and makes it if it does not exist. Results that are in it
// already count; a last line that was cut off when its writer was killed is removed. The caller
// must call Close.
func Open(path string, plan Plan) (_ *Folder, err error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	if err := CheckFolder(path, plan); err != nil { // before anything is written there
		return nil, err
	}
	f := &Folder{path: path, plan: plan, index: map[string][]int{}, left: len(plan.Cells),
		kept: make([]section, len(plan.Cells)), waiting: map[string]bool{}}
	for i, c := range plan.Cells {
		id := c.ID()
		f.ids = append(f.ids, id)
		f.index[id] = append(f.index[id], i)
		f.waiting[id] = true
	}
	release, err := study.Claim(path)
	if err != nil {
		return nil, err
	}
	f.release = release
	defer func() {
		if err != nil {
			release()
		}
	}()
	if err := CheckFolder(path, plan); err != nil { // again, another may have come before
		return nil, err
	}
	if err := f.begin(); err != nil {
		return nil, err
	}
	return f, nil
}

// CheckFolder returns an error if a folder holds something else than results of this plan.
func CheckFolder(path string, plan Plan) error {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool {
		of, temporary := checkpoint.Temporary(e.Name())
		return e.Name() == study.LockFile || study.MadeByDesktop(e.Name()) ||
			temporary && of == PlanFile
	})
	if len(entries) == 0 {
		return nil
	}
	held, err := readPlan(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w %s has files but no %s, so it is not a study's: name an empty folder",
			ErrFolder, path, PlanFile)
	case err != nil:
		return err
	case held.Engine != train.Engine:
		return fmt.Errorf("%w %s holds a study of engine %d, and this program is engine %d, whose "+
			"numbers may differ: name another folder", ErrFolder, path, held.Engine, train.Engine)
	case held.Hash != plan.Hash():
		return fmt.Errorf("%w %s holds another study, %s (%s, %d cells): name another folder for "+
			"%s (%s, %d cells)", ErrFolder, path, param.Quote(held.Study), held.Hash[:8],
			held.Cells, param.Quote(plan.Name), plan.Hash()[:8], len(plan.Cells))
	}
	return nil
}

func readPlan(path string) (held planned, err error) {
	text, err := os.ReadFile(filepath.Join(path, PlanFile))
	if err != nil {
		return held, err
	}
	if err := strictly(text, &held); err != nil || len(held.Hash) != 32 {
		return held, fmt.Errorf("%w %s: its %s is damaged: put it back, or name another folder",
			ErrFolder, path, PlanFile)
	}
	return held, nil
}

// begin writes the plan and reads the results that are there.
func (f *Folder) begin() (err error) {
	text, err := json.Marshal(planned{f.plan.Name, f.plan.Hash(), train.Engine, len(f.plan.Cells)})
	if err != nil {
		return err
	}
	if _, err := readPlan(f.path); err != nil { // there is none
		err = checkpoint.WriteFile(filepath.Join(f.path, PlanFile), append(text, '\n'))
		if err != nil {
			return err
		}
	}
	if err := f.sweep(); err != nil {
		return err
	}
	file := filepath.Join(f.path, ResultsFile)
	if f.results, err = os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.results.Close()
		}
	}()
	for line, err := range lines(f.results) {
		if errors.Is(err, ErrCut) {
			break
		}
		var r Result
		if err == nil {
			r, err = Decode(line.text)
		}
		if err == nil {
			err = f.place(r, line.start, int64(len(line.text)))
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w; what the queue still has is taken from there if "+
				"you remove the file", file, line.number, err)
		}
	}
	return f.results.Truncate(f.size) // without a line that was cut off
}

// sweep removes temporary files of a process that was killed.
func (f *Folder) sweep() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		of, temporary := checkpoint.Temporary(e.Name())
		if temporary && (of == PlanFile || of == ResultsFile) {
			if err := os.Remove(filepath.Join(f.path, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// place notes where in the file a result is.
func (f *Folder) place(r Result, start, length int64) error {
	for _, i := range f.index[r.ID] {
		if r.Cell() != f.plan.Cells[i] {
			continue
		}
		if f.kept[i].length > 0 {
			return fmt.Errorf("cell %s is there a second time", r.ID)
		}
		f.kept[i] = section{start, length}
		f.order = append(f.order, i)
		f.size = start + length
		f.left--
		if f.has(r.ID) {
			delete(f.waiting, r.ID)
		}
		return nil
	}
	return fmt.Errorf("cell %s is not one of this study", r.ID)
}

// Path returns the path of the folder.
func (f *Folder) Path() string { return f.path }

// Plan returns the plan of the study.
func (f *Folder) Plan() Plan { return f.plan }

// Left returns the number of results that are missing.
func (f *Folder) Left() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.left
}

// Waiting returns the number of different IDs of the cells whose results are missing.
func (f *Folder) Waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.waiting)
}

// Has reports whether all results of the cells with an ID are kept.
func (f *Folder) Has(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.has(id)
}

func (f *Folder) has(id string) bool {
	for _, i := range f.index[id] {
		if f.kept[i].length == 0 {
			return false
		}
	}
	return true
}

// Missing returns the cells whose results are missing, one for each ID, in the order of the plan.
func (f *Folder) Missing() (missing []design.Cell) {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen := map[string]bool{}
	for i, c := range f.plan.Cells {
		if id := f.ids[i]; f.waiting[id] && !seen[id] {
			seen[id] = true
			missing = append(missing, c)
		}
	}
	return missing
}

// Add keeps the outcome of a cell, and how it came to be computed. It ignores an outcome that is
// kept already and one of a cell that the study does not have. When Add returns nil, the result
// survives a crash.
func (f *Folder) Add(o Outcome, w Work) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.index[o.ID]) == 0 || f.has(o.ID) {
		return nil
	}
	for _, i := range f.index[o.ID] {
		if f.kept[i].length > 0 {
			continue
		}
		r := NewResult(f.plan.Cells[i], o)
		text, err := Encode(r)
		if err == nil {
			err = f.append(text)
		}
		if err == nil {
			err = f.place(r, f.size, int64(len(text)))
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrSave, err)
		}
	}
	return f.addWork(w)
}

// Reuse adds to a folder the outcomes that another study's folder has of the same cells, with how
// they came to be computed, and returns how many it has added. It returns an error, and adds none,
// if that folder has no results or those of another engine.
func (f *Folder) Reuse(other string) (added int, err error) {
	results, err := ReadFile(filepath.Join(other, ResultsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%w %s has no %s: want the folder of a study", ErrFolder, other,
			ResultsFile)
	}
	if err != nil && !errors.Is(err, ErrCut) { // a study that is computed just now may end so
		return 0, err
	}
	work, err := ReadWork(filepath.Join(other, WorkFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrCut) {
		return 0, err
	}
	by := map[string]Work{}
	for _, w := range work {
		by[w.ID] = w
	}
	for _, r := range results {
		if r.Engine != train.Engine {
			return 0, fmt.Errorf("%w %s has results of engine %d, and this program is engine %d, "+
				"whose numbers may differ", ErrFolder, other, r.Engine, train.Engine)
		}
	}
	for _, r := range results {
		if len(f.index[r.ID]) == 0 || f.Has(r.ID) {
			continue
		}
		w := by[r.ID]
		w.ID = r.ID
		if err := f.Add(r.Outcome, w); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

// append writes a line at the end of the results. After an error the file is as it was.
func (f *Folder) append(text []byte) error {
	_, err := f.results.WriteAt(text, f.size)
	if err == nil {
		err = f.results.Sync()
	}
	if err != nil {
		_ = f.results.Truncate(f.size) // if it fails too, the next Open cuts the line off
	}
	return err
}

// addWork appends a line to the file about machines.
func (f *Folder) addWork(w Work) error {
	text, err := Encode(w)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(f.path, WorkFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSave, err)
	}
	end, err := cutEnd(file)
	if err == nil {
		_, err = file.WriteAt(text, end)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrSave, err)
	}
	return nil
}

// cutEnd removes a last line that has no end, as a process leaves it that is killed while it
// writes. It returns the size of the rest.
func cutEnd(file *os.File) (size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	size = info.Size()
	last := make([]byte, 1)
	for end := size; end > 0; end-- {
		if _, err := file.ReadAt(last, end-1); err != nil {
			return 0, err
		}
		if last[0] == '\n' {
			if end == size {
				return size, nil
			}
			return end, file.Truncate(end)
		}
	}
	return 0, file.Truncate(0)
}

// Close puts the results into the order of the plan and ends the claim.
func (f *Folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	defer f.release()
	err := f.sort()
	return errors.Join(err, f.results.Close())
}

// sort replaces the file by one in the order of the plan, unless it is in that order.
func (f *Folder) sort() error {
	if slices.IsSorted(f.order) {
		return nil
	}
	file := filepath.Join(f.path, ResultsFile)
	sorted, err := os.CreateTemp(f.path, "."+ResultsFile+".*")
	if err != nil {
		return unsorted(file, err)
	}
	for _, s := range f.kept {
		if err == nil {
			_, err = io.Copy(sorted, io.NewSectionReader(f.results, s.start, s.length))
		}
	}
	const everybodyReads = 0o644
	if err == nil {
		err = errors.Join(sorted.Sync(), sorted.Chmod(everybodyReads))
	}
	if err = errors.Join(err, sorted.Close()); err == nil {
		err = os.Rename(sorted.Name(), file)
	}
	if err != nil {
		_ = os.Remove(sorted.Name())
		return unsorted(file, err)
	}
	return nil
}

func unsorted(file string, err error) error {
	return fmt.Errorf("%s stays in the order in which the results came, and the same command puts "+
		"it into the plan's: %w", file, err)
}
