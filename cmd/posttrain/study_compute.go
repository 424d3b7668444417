package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
)

// cellComputing has the flags of the commands that compute cells.
type cellComputing struct {
	Workers *wholeNumber `placeholder:"N" from:"1" to:"256" help:"Cells at once, by default one for each thread. A cell with a model of two million weights or more then has four threads."`
	caching
	threading
}

// sharedThreads is the number of threads of a cell whose model is so large that they share a pass.
const sharedThreads = 4

// worker returns a worker that computes cells on this machine. Large cells in work are kept in a
// folder, or in that of the cache if inWork is "". say is called with sentences for the user.
func (c cellComputing) worker(
	env *environment, inWork string, say func(string),
) (*queue.Worker, error) {
	cache, err := c.open(env)
	if err != nil {
		return nil, err
	}
	cache.Note = func(sentence string) { say(sentence + ".") }
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	if inWork == "" {
		inWork = cache.Path()
	}
	at := &cellMachine{env: env, cache: cache, threads: int(c.Threads), say: say,
		inWork: filepath.Join(inWork, cellsFolder)}
	w := &queue.Worker{Name: fmt.Sprintf("%s/%d", host, os.Getpid()), Machine: host,
		Threads: int(c.Threads), Compute: at.compute, Needs: at.needs}
	if c.Workers != nil {
		each := max(1, int(c.Threads)/int(*c.Workers))
		w.Threads = each * int(*c.Workers)
		w.Needs = func(string) int { return each }
	}
	at.worker = w
	return w, nil
}

// cellMachine computes cells of links.
type cellMachine struct {
	env     *environment
	cache   *study.Cache
	inWork  string // folder for large cells in work
	threads int    // for a base
	say     func(string)
	worker  *queue.Worker
	memory  memory
}

// needs returns how many threads the cell of a link is to have.
func (m *cellMachine) needs(link string) int {
	r, err := m.env.catalogue.Parse(link)
	if err != nil || r.Weights() < model.SharedWeights {
		return 1
	}
	return sharedThreads
}

// compute computes the cell of a job.
func (m *cellMachine) compute(
	ctx context.Context, j *queue.Job, threads int,
) (cells.Outcome, error) {
	r, err := m.env.catalogue.Parse(j.Link)
	if err == nil {
		err = r.Ready()
	}
	if err == nil && r.Link() != j.Link {
		err = fmt.Errorf("%s is not canonical, want %s", j.Link, r.Link())
	}
	if err != nil {
		return cells.Outcome{}, err
	}
	for _, b := range r.Unshipped() {
		p, err := m.base(ctx, b)
		if err != nil {
			return cells.Outcome{}, fmt.Errorf("base %s: %w", b.Name, err)
		}
		r.Supply(b, p)
	}
	free, err := m.memory.take(ctx, "a cell of this study", r.Bytes(1))
	if err != nil {
		return cells.Outcome{}, err
	}
	defer free()
	o := cells.Options{Threads: threads, Observe: func(e protocol.Event) {
		if e.Kind == protocol.Measured {
			m.worker.Report(j, queue.Progress{Kind: queue.Measured, Step: e.Step,
				Metrics: study.ByName(e.Metrics)})
		}
	}}
	if r.Weights() >= model.SharedWeights { // it takes minutes
		o.Folder, o.Clock = filepath.Join(m.inWork, j.ID), m.env.clock
	}
	done, err := cells.Run(ctx, r, o)
	if errors.Is(err, study.ErrSave) {
		err = fmt.Errorf("%w: %w", queue.ErrMachine, err)
	}
	return done, err
}

// base returns the weights of a base, which it computes if the cache does not have them. The base
// is computed on all threads, since other cells on it have to wait for it.
func (m *cellMachine) base(ctx context.Context, b recipe.Base) (*model.Params, error) {
	began, free := false, func() {}
	defer func() { free() }()
	p, err := m.cache.Get(ctx, b, study.PretrainOptions{Threads: m.threads, Clock: m.env.clock,
		Allow: func(b recipe.Base) (err error) {
			given, err := m.memory.take(ctx, "the pretraining of base "+b.Name,
				b.Pretraining().Bytes(m.threads))
			if err == nil {
				free = given
			}
			return err
		},
		Begin: func(b recipe.Base, made int) {
			began = true
			v, from := b.Pretraining().Values, ""
			if made > 0 {
				from = fmt.Sprintf(", going on after step %d", made)
			}
			m.say(fmt.Sprintf("Pretraining base %s with seed %d: %d steps%s.", b.Name,
				v.Int("seed"), v.Int("steps"), from))
		}})
	if err != nil && !began && ctx.Err() == nil { // otherwise it fails on every machine
		err = fmt.Errorf("%w: %w", queue.ErrMachine, err)
	}
	return p, err
}

// memory shares out the memory that is available among cells at once.
type memory struct {
	mu      sync.Mutex
	freed   chan struct{} // closed when a cell gives memory back
	working int
}

// take returns when there is memory for work, and the function that gives it back. It waits for
// others if they have memory, and returns an error if there is too little without them.
func (m *memory) take(ctx context.Context, what string, bytes float64) (free func(), err error) {
	for {
		m.mu.Lock()
		err := enoughMemory(what, bytes)
		if err == nil {
			m.working++
			m.mu.Unlock()
			return m.give, nil
		}
		if m.working == 0 {
			m.mu.Unlock()
			return nil, fmt.Errorf("%w: %w", queue.ErrMachine, err)
		}
		if m.freed == nil {
			m.freed = make(chan struct{})
		}
		freed := m.freed
		m.mu.Unlock()
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-freed:
		}
	}
}

func (m *memory) give() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.working--
	if m.freed != nil {
		close(m.freed)
		m.freed = nil
	}
}
