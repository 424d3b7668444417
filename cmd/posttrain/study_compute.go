package main

import (
	"context"
	"fmt"
	"os"
	"sync"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
)

// computing has the flags of the commands that compute cells.
type computing struct {
	Workers *wholeNumber `placeholder:"N" from:"1" to:"256" help:"Cells at once, by default one for each thread. A cell with a model of two million weights or more then has four threads."`
	caching
	threading
}

// From so many weights on all threads of a lane share one pass (decision 0029), so that a cell
// gains by having several.
const (
	sharedFrom    = 2_000_000
	sharedThreads = 4
)

// worker returns a worker that computes cells on this machine. say is called with sentences for
// the user.
func (c computing) worker(env *environment, say func(string)) (*queue.Worker, error) {
	cache, err := c.open(env)
	if err != nil {
		return nil, err
	}
	cache.Note = func(sentence string) { say(sentence + ".") }
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	at := &cellMachine{env: env, cache: cache, threads: int(c.Threads), say: say}
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
	threads int // for a base
	say     func(string)
	worker  *queue.Worker
	memory  memory
}

// needs returns how many threads the cell of a link is to have.
func (m *cellMachine) needs(link string) int {
	r, err := m.env.catalogue.Parse(link)
	if err != nil || r.Weights() < sharedFrom {
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
	return cells.Run(ctx, r, cells.Options{Threads: threads, Observe: func(e protocol.Event) {
		if e.Kind == protocol.Measured {
			m.worker.Report(j, queue.Progress{Kind: queue.Measured, Step: e.Step,
				Metrics: study.ByName(e.Metrics)})
		}
	}})
}

// base returns the weights of a base, which it computes if the cache does not have them. The base
// is computed on all threads, since other cells on it have to wait for it.
func (m *cellMachine) base(ctx context.Context, b recipe.Base) (*model.Params, error) {
	var failed error // of the pretraining, which fails on every machine
	p, err := m.cache.Get(ctx, b, func() (*model.Params, error) {
		p := b.Pretraining()
		free, err := m.memory.take(ctx, "the pretraining of base "+b.Name, p.Bytes(m.threads))
		if err != nil {
			return nil, err
		}
		defer free()
		m.say(fmt.Sprintf("Pretraining base %s with seed %d: %d steps.", b.Name,
			p.Values.Int("seed"), p.Values.Int("steps")))
		made, err := p.Run(m.threads, func(int, float64) error { return ctx.Err() })
		failed = err
		return made, err
	})
	if err != nil && failed == nil && ctx.Err() == nil {
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
