package main

import (
	"bufio"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
)

// watchState is what the page shows, as JSON.
type watchState struct {
	Study   string          `json:"study"`
	Note    string          `json:"note,omitempty"`
	Cells   int             `json:"cells"`
	Done    int             `json:"done"`
	Failed  int             `json:"failed"`
	Pace    string          `json:"pace"` // how fast, and how long the rest takes
	Workers []watchedWorker `json:"workers"`
	Curves  []watchCurve    `json:"curves"` // the newest last
}

// watchedWorker is a worker that has sent a report.
type watchedWorker struct {
	Name  string `json:"name"`
	Cells int    `json:"cells"` // in work
	Done  int    `json:"done"`  // since the page watches
}

// watchCurve has the measurements of a cell.
type watchCurve struct {
	ID     string                  `json:"id"`
	Link   string                  `json:"link"`
	Worker string                  `json:"worker,omitempty"` // in work there; "" if it is done
	Lines  map[string][][2]float64 `json:"lines"`            // by metric, points of step and value
}

// mostCurves is how many curves the page shows.
const mostCurves = 24

// studyWatch gathers what the page shows, from a study's folder and from reports of workers.
type studyWatch struct {
	env    *environment
	dir    string     // "" if there is none
	hash   string     // of the study's plan, or "*" for all
	server *nats.Conn // with a folder, of the process that runs the study; nil if there is none
	tried  time.Time  // when that was looked for

	mu       sync.Mutex
	state    watchState
	curves   []watchCurve
	workers  map[string]*watchedWorker
	finished []time.Time // of the newest cells
	results  tail
	work     tail
}

// observe handles a worker's report.
func (w *studyWatch) observe(p queue.Progress) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workers == nil {
		w.workers = map[string]*watchedWorker{}
	}
	one := w.workers[p.Worker]
	if one == nil {
		one = &watchedWorker{Name: p.Worker}
		w.workers[p.Worker] = one
	}
	c := w.curve(p.ID, p.Link)
	c.Worker = p.Worker
	switch p.Kind {
	case queue.Measured:
		for name, v := range p.Metrics {
			c.add(name, p.Step, v)
		}
	case queue.Finished, queue.Failed:
		c.Worker = ""
		one.Done++
		if w.dir == "" {
			w.finished = append(w.finished, time.Now())
		}
	}
}

// curve returns the curve of a cell, which becomes the newest.
func (w *studyWatch) curve(id, link string) *watchCurve {
	c := watchCurve{ID: id, Link: link, Lines: map[string][][2]float64{}}
	at := slices.IndexFunc(w.curves, func(c watchCurve) bool { return c.ID == id })
	if at >= 0 {
		c = w.curves[at]
		w.curves = slices.Delete(w.curves, at, at+1)
	}
	w.curves = append(w.curves, c)
	w.curves = w.curves[max(0, len(w.curves)-mostCurves):]
	return &w.curves[len(w.curves)-1]
}

// add adds a point, if the metric is one that is shown. A cell may be computed a second time, by
// another worker, so a step may be there already.
func (c *watchCurve) add(metric string, step int, value float64) {
	if !strings.HasSuffix(metric, "/accuracy") && !strings.HasSuffix(metric, "/overlap") {
		return
	}
	line := c.Lines[metric]
	if n := len(line); n > 0 && line[n-1][0] >= float64(step) {
		line = slices.DeleteFunc(line, func(p [2]float64) bool { return p[0] >= float64(step) })
	}
	c.Lines[metric] = append(line, [2]float64{float64(step), value})
}

// now returns what the page shows now.
func (w *studyWatch) now() watchState {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.read()
	w.ask()
	w.finished = w.finished[max(0, len(w.finished)-200):]
	s := w.state
	if n := len(w.finished); n > 1 {
		s.Pace = pace(n-1, s.Cells-s.Done-s.Failed, w.finished[n-1].Sub(w.finished[0]).Seconds())
	}
	s.Curves = slices.Clone(w.curves)
	for i, c := range s.Curves {
		s.Curves[i].Lines = maps.Clone(c.Lines)
	}
	for _, name := range slices.Sorted(maps.Keys(w.workers)) {
		one := *w.workers[name]
		for _, c := range w.curves {
			if c.Worker == name {
				one.Cells++
			}
		}
		s.Workers = append(s.Workers, one)
	}
	return s
}

// find looks for the process that runs the study in the folder, now and then. Without it finished
// cells are shown.
func (w *studyWatch) find() {
	const often = 3 * time.Second
	if w.server != nil && !w.server.IsClosed() || time.Since(w.tried) < often {
		return
	}
	w.tried = time.Now()
	nc, err := dialFolder(w.env, w.dir)
	if err != nil {
		return
	}
	if _, err := queue.Listen(nc, w.hash, w.observe); err != nil {
		nc.Close()
		return
	}
	w.server = nc
}

// read reads what is new in the folder.
func (w *studyWatch) read() {
	if w.dir == "" {
		return
	}
	w.find()
	w.results.read(filepath.Join(w.dir, cells.ResultsFile), func(line []byte) {
		r, err := cells.Decode(line)
		if err != nil {
			w.state.Note = "A result cannot be read: " + err.Error()
			return
		}
		w.state.Done++
		c := w.curve(r.ID, r.Link)
		c.Worker = ""
		for _, p := range r.Curve {
			for name, v := range p.Metrics {
				c.add(name, p.Step, v)
			}
		}
	}, func() { w.state.Done = 0 })
	w.work.read(filepath.Join(w.dir, cells.WorkFile), func(line []byte) {
		if one, err := cells.DecodeWork(line); err == nil {
			w.finished = append(w.finished, one.Finished)
		}
	}, func() { w.finished = nil })
}

// ask asks the server how far its studies are.
func (w *studyWatch) ask() {
	if w.dir != "" {
		return
	}
	const patience = 2 * time.Second
	ctx, stop := context.WithTimeout(w.env, patience)
	defer stop()
	all, err := queue.List(ctx, w.server)
	w.state = watchState{}
	if err != nil {
		w.state.Note = "The server does not answer: " + err.Error()
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
		w.state.Cells += s.Cells
		w.state.Done += s.Done()
		w.state.Failed += s.Failed
	}
	w.state.Study = strings.Join(names, ", ")
}

// tail reads a file that grows.
type tail struct {
	file os.FileInfo // when it was read last
	size int64       // up to which it was read
}

// read calls line for each line that was added since the last call. If the file was replaced or has
// become shorter, it calls again first and then line for every line.
func (t *tail) read(path string, line func([]byte), again func()) {
	f, err := os.Open(path)
	if err != nil {
		return // it is not there yet
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return
	}
	if t.file != nil && (!os.SameFile(t.file, info) || info.Size() < t.size) {
		again()
		t.size = 0
	}
	t.file = info
	if _, err := f.Seek(t.size, io.SeekStart); err != nil {
		return
	}
	in := bufio.NewReader(f)
	for {
		text, err := in.ReadBytes('\n')
		if err != nil { // a line that has no end yet is read the next time
			return
		}
		t.size += int64(len(text))
		line(text)
	}
}
