package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// A recorder writes the metrics of a run's lanes into files in the run's folder. It writes each
// event when it happens, so that other programs can show the run while it goes on.
//
// A resumed run computes the steps after its last checkpoint a second time. The recorder therefore
// reads which steps the files have, and writes only later ones.
type recorder struct {
	folder  string
	seed    uint64
	wall    func() float64 // seconds since 1970
	formats []recordFormat
	files   map[string]*recordFile // by path
	err     error                  // the first; nothing is written after it
}

// record is what happened in a lane at a step.
type record struct {
	seed    uint64
	lane    string
	stage   int
	step    int
	metrics []protocol.Metric
}

// recordFile is an open file and what it holds.
type recordFile struct {
	*os.File
	last map[string]int // by lane and metric, the latest step
}

func lastKey(lane, metric string) string { return lane + "\x00" + metric }

// recorderIn returns a recorder for the run of a seed in a folder, or nil if nothing is recorded.
// folder may be nil if nothing is.
func (env *environment) recorderIn(folder *study.Folder, seed uint64) *recorder {
	if len(env.recorded) == 0 {
		return nil
	}
	return &recorder{folder: folder.Path(), seed: seed, wall: env.wall, formats: env.recorded,
		files: map[string]*recordFile{}}
}

// sayMissing says what the files of a run that is resumed will not have: what the run did before,
// when it did not record in that format. The recorder may be nil.
func (r *recorder) sayMissing(env *environment, of *recipe.Recipe) {
	if r == nil || !has(r.folder, "recipe.txt") {
		return
	}
	var missing []string
	for _, f := range r.formats {
		recorded := func(lane string) bool { return has(r.folder, f.path(lane)) }
		if !slices.ContainsFunc(of.Labels(), recorded) {
			missing = append(missing, "--log "+f.name())
		}
	}
	// the only error is a bad pattern, as of a folder with a [ in its name
	lanes, _ := filepath.Glob(filepath.Join(r.folder, "lane-*.msgp"))
	switch {
	case missing == nil:
	case has(r.folder, "result.json"):
		fmt.Fprintf(env.err, "Nothing is recorded, because the run in %s is finished and was made "+
			"without %s: run it in another folder to record it.\n", r.folder, prose.List(missing))
	case len(lanes) > 0:
		fmt.Fprintf(env.err, "The run in %s was begun without %s, so only what follows is "+
			"recorded.\n", r.folder, prose.List(missing))
	}
}

// recording returns a function that records each event and calls observe with it. The recorder may
// be nil.
func (r *recorder) recording(observe func(protocol.Event)) func(protocol.Event) {
	if r == nil {
		return observe
	}
	return func(e protocol.Event) {
		r.observe(e)
		observe(e)
	}
}

// observe records an event. A measurement also has the costs until then, which the dictionary calls
// cost/NAME.
func (r *recorder) observe(e protocol.Event) {
	if len(e.Metrics) == 0 || r.err != nil {
		return
	}
	metrics := e.Metrics
	if e.Kind == protocol.Measured {
		metrics = metrics[:len(metrics):len(metrics)]
		for _, entry := range protocol.Ledger() {
			metrics = append(metrics, protocol.Metric{Name: "cost/" + entry.Name,
				Value: entry.Of(e.Cost)})
		}
	}
	for _, format := range r.formats {
		err := r.append(format, record{r.seed, e.Lane, e.Stage, e.Step, metrics})
		if err != nil {
			r.err = err
			return
		}
	}
}

// append writes what is new in a record.
func (r *recorder) append(format recordFormat, rec record) error {
	file, err := r.open(format, rec.lane)
	if err != nil {
		return err
	}
	all := rec.metrics
	rec.metrics = nil
	for _, m := range all {
		key := lastKey(rec.lane, m.Name)
		if last, ok := file.last[key]; !ok || rec.step > last {
			rec.metrics = append(rec.metrics, m)
			file.last[key] = rec.step
		}
	}
	if rec.metrics == nil {
		return nil
	}
	_, err = file.Write(format.encode(r.wall(), rec))
	return err
}

// maxRecords is the largest file that is read to go on with it.
const maxRecords = 1 << 30

// open returns the file of a lane, at its end. If it is new it has its beginning already.
func (r *recorder) open(format recordFormat, lane string) (*recordFile, error) {
	path := filepath.Join(r.folder, format.path(lane))
	if file, ok := r.files[path]; ok {
		return file, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	// not with the run's context, because events of a run that is being stopped are recorded too
	data, err := checkpoint.ReadFile(context.Background(), path, maxRecords)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	records, good := format.decode(lane, data)
	file := &recordFile{last: map[string]int{}}
	for _, rec := range records {
		for _, m := range rec.metrics {
			key := lastKey(rec.lane, m.Name)
			file.last[key] = max(file.last[key], rec.step)
		}
	}
	if file.File, err = os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644); err != nil {
		return nil, err
	}
	r.files[path] = file
	if err := file.Truncate(int64(good)); err != nil {
		return nil, err
	}
	if good == 0 {
		_, err = file.Write(format.start(r.wall()))
	}
	return file, err
}

// close closes the files. It returns the first error of the whole recording.
func (r *recorder) close() error {
	if r == nil {
		return nil
	}
	for _, file := range r.files {
		r.err = errors.Join(r.err, file.Close())
	}
	if r.err == nil {
		return nil
	}
	return fmt.Errorf("the metrics are not all recorded: %w", r.err)
}
