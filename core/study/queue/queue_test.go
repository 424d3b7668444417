package queue

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/train"
)

// plan returns a study of n cells on three bases, two of which are the same run in two experiments.
func plan(n int) cells.Plan {
	p := cells.Plan{Name: "test"}
	for i := range n {
		part := design.Judge
		if i%4 == 0 {
			part = design.Tune
		}
		p.Cells = append(p.Cells, design.Cell{Link: fmt.Sprintf("cards?seed=%d&lane=sft", i),
			Experiment: "cards", Arm: "sft", Config: "sft", Base: uint64(i / 3 % 3),
			Seed: uint64(i), Part: part})
	}
	again := p.Cells[n-1]
	again.Experiment = "again"
	p.Cells = append(p.Cells, again)
	return p
}

// outcome returns an outcome that follows from a link.
func outcome(link string) cells.Outcome {
	cost := cells.Cost{}
	for _, e := range protocol.Ledger() {
		if e.Name != "seconds" {
			cost[e.Name] = float64(len(link))
		}
	}
	sum := sha256.Sum256([]byte(link))
	digest := fmt.Sprintf("%x", sum)
	metrics := map[string]float64{"eval/id/accuracy": float64(sum[0]) / 256}
	return cells.Outcome{ID: design.Cell{Link: link}.ID(), Link: link, Engine: train.Engine,
		BaseDigest: digest, Digest: digest, Steps: 3, Before: metrics, After: metrics, Cost: cost,
		Curve: []cells.Point{{Metrics: metrics, Cost: cost},
			{Step: 3, Metrics: metrics, Cost: cost}}}
}

// bench is a server with a study that is collected into a folder.
type bench struct {
	t      *testing.T
	server *Server
	dir    string
	plan   cells.Plan
	study  Study
	ctx    context.Context
	cancel context.CancelFunc // called when collecting fails, so that workers end too
}

// soon is after how long a cell is delivered again in tests that wait for it. In others it takes as
// long as usual, so that a busy machine does not make a cell be computed twice.
const soon = 300 * time.Millisecond

func newBench(t *testing.T, p cells.Plan) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), plan: p, study: Study{Name: p.Name, Hash: p.Hash(),
		Program: "1.2.3", Engine: train.Engine, Cells: len(p.Cells)}}
	b.ctx, b.cancel = context.WithCancel(t.Context())
	b.start()
	t.Cleanup(func() { b.server.Close() })
	return b
}

func (b *bench) start() {
	b.t.Helper()
	var err error
	b.server, err = Start(ServerOptions{Folder: filepath.Join(b.t.TempDir(), "queue")})
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) connect() *nats.Conn {
	b.t.Helper()
	nc, err := b.server.Connect()
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(nc.Close)
	return nc
}

func (b *bench) open(ctx context.Context) *Queue {
	b.t.Helper()
	q, err := Open(ctx, b.connect(), b.study, Shards(b.plan.Cells), false)
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

func (b *bench) join(ctx context.Context) *Queue {
	b.t.Helper()
	q, err := Join(ctx, b.connect(), b.study.Hash, b.study.Program, b.study.Engine)
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

// collect collects the study to its end and returns the results.
func (b *bench) collect(ctx context.Context, q *Queue) (results string, failed []Failure) {
	b.t.Helper()
	f, err := cells.Open(b.dir, b.plan)
	if err != nil {
		b.t.Fatal(err)
	}
	failed, err = q.Collect(ctx, f, func(cells.Outcome, cells.Work) {})
	if err == nil {
		err = q.Finish(ctx)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		b.t.Error(err)
		b.cancel()
	}
	return b.results(), failed
}

func (b *bench) results() string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, cells.ResultsFile))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// wanted returns the file of results that every way of computing the plan has to give.
func wanted(t *testing.T, p cells.Plan) string {
	t.Helper()
	var all strings.Builder
	for _, c := range p.Cells {
		line, err := cells.Encode(cells.NewResult(c, outcome(c.Link)))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(line)
	}
	return all.String()
}

// computing returns a Compute that counts how often each link was computed.
func computing(counts *sync.Map) func(context.Context, *Job, int) (cells.Outcome, error) {
	return func(_ context.Context, j *Job, _ int) (cells.Outcome, error) {
		n, _ := counts.LoadOrStore(j.Link, new(atomic.Int32))
		n.(*atomic.Int32).Add(1)
		return outcome(j.Link), nil
	}
}

func onceEach(t *testing.T, counts *sync.Map, want int) {
	t.Helper()
	n := 0
	counts.Range(func(link, count any) bool {
		n++
		if times := count.(*atomic.Int32).Load(); times != 1 {
			t.Errorf("%v was computed %d times", link, times)
		}
		return true
	})
	if n != want {
		t.Errorf("%d cells were computed, want %d", n, want)
	}
}

// However many workers there are, the results are the same bytes, and no cell is computed twice.
func TestAnyNumberOfWorkers(t *testing.T) {
	p := plan(25)
	want := wanted(t, p)
	for _, workers := range []int{1, 4} {
		b := newBench(t, p)
		ctx := b.ctx
		var counts sync.Map
		q := b.open(ctx)
		var working sync.WaitGroup
		for i := range workers {
			mine := b.join(ctx)
			working.Go(func() {
				w := &Worker{Name: fmt.Sprint(i), Threads: 2, Compute: computing(&counts)}
				if err := w.Work(ctx, mine); err != nil {
					t.Errorf("worker %d: %v", i, err)
				}
			})
		}
		have, failed := b.collect(ctx, q)
		working.Wait()
		if have != want || failed != nil {
			t.Errorf("%d workers: %v\n%s\nwant\n%s", workers, failed, have, want)
		}
		onceEach(t, &counts, 25)
	}
}

// A worker that takes cells and is never heard of again has them delivered to another.
func TestASilentWorker(t *testing.T) {
	b := newBench(t, plan(9))
	b.study.AckWait = soon
	ctx := b.ctx
	q := b.open(ctx)
	dead := b.join(ctx)
	done := make(chan string)
	go func() {
		have, _ := b.collect(ctx, q)
		done <- have
	}()
	for range 3 {
		j, err := dead.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		j.stop() // as if it had been killed
	}
	var counts sync.Map
	w := &Worker{Threads: 1, Compute: computing(&counts)}
	if err := w.Work(ctx, b.join(ctx)); err != nil {
		t.Error(err)
	}
	if have, want := <-done, wanted(t, b.plan); have != want {
		t.Errorf("%s\nwant\n%s", have, want)
	}
}

// A worker that is slow but says so keeps its cell.
func TestASlowWorkerKeepsItsCell(t *testing.T) {
	b := newBench(t, plan(1))
	b.study.AckWait = 2 * time.Second // long enough for a report on a busy machine
	ctx := b.ctx
	q := b.open(ctx)
	done := make(chan bool)
	go func() {
		b.collect(ctx, q)
		close(done)
	}()
	slow, other := b.join(ctx), b.join(ctx)
	j, err := slow.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); time.Since(start) < 3*time.Second; time.Sleep(soon / 3) {
		if msg, err := other.fetch(ctx); msg != nil || err != nil {
			t.Fatalf("delivered a second time: %v, %v", msg, err)
		}
	}
	if err := j.Keep(ctx, outcome(j.Link), cells.Work{ID: j.ID}); err != nil {
		t.Error(err)
	}
	<-done
}

// A worker that dies between keeping an outcome and saying so: the cell is delivered again, and is
// not computed.
func TestKeptButNotAcknowledged(t *testing.T) {
	b := newBench(t, plan(1))
	b.study.AckWait = soon
	ctx := b.ctx
	q := b.open(ctx)
	done := make(chan bool)
	go func() {
		b.collect(ctx, q)
		close(done)
	}()
	w := b.join(ctx)
	j, err := w.Next(ctx)
	if err != nil {
		t.Fatal(err)
	}
	j.stop()
	value, err := pack(outcome(j.Link), cells.Work{ID: j.ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.outcomes.Create(ctx, j.ID, value); err != nil {
		t.Fatal(err)
	}
	if j, err := w.Next(ctx); j != nil || err != nil {
		t.Errorf("delivered again: %v, %v", j, err)
	}
	<-done
}

// Two workers that compute one cell: equal bits are fine, and other bits are an error.
func TestTwoOutcomesOfOneCell(t *testing.T) {
	b := newBench(t, plan(2))
	ctx := b.ctx
	q := b.open(ctx)
	done := make(chan bool)
	go func() {
		b.collect(ctx, q)
		close(done)
	}()
	w := b.join(ctx)
	for _, wrong := range []bool{false, true} {
		j, err := w.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		value, err := pack(outcome(j.Link), cells.Work{ID: j.ID, Machine: "elsewhere"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.outcomes.Create(ctx, j.ID, value); err != nil {
			t.Fatal(err)
		}
		o := outcome(j.Link)
		if wrong {
			o.Digest = strings.Repeat("0", 64)
		}
		err = j.Keep(ctx, o, cells.Work{ID: j.ID})
		if wrong != (err != nil && strings.Contains(err.Error(), "on elsewhere")) {
			t.Errorf("other bits %v: %v", wrong, err)
		}
	}
	<-done
}

// A cell that cannot be computed does not hold up the others, and is tried again the next time.
func TestFailedCells(t *testing.T) {
	b := newBench(t, plan(5))
	ctx := b.ctx
	bad := b.plan.Cells[2].Link
	w := &Worker{Threads: 2,
		Compute: func(_ context.Context, j *Job, _ int) (cells.Outcome, error) {
			if j.Link == bad {
				return cells.Outcome{}, errors.New("it diverged")
			}
			return outcome(j.Link), nil
		}}
	q := b.open(ctx)
	worked := make(chan error)
	go func() { worked <- w.Work(ctx, b.join(ctx)) }()
	_, failed := b.collect(ctx, q)
	if err := <-worked; err != nil {
		t.Error(err)
	}
	if len(failed) != 1 || failed[0] != (Failure{bad, "it diverged"}) {
		t.Errorf("failed: %v", failed)
	}
	status, err := List(ctx, b.connect())
	if err != nil || len(status) != 1 || status[0].Failed != 1 || status[0].Done() != 5 ||
		!status[0].Finished {
		t.Errorf("%+v, %v", status, err)
	}
	var counts sync.Map
	w.Compute = computing(&counts)
	q = b.open(ctx)
	go func() { worked <- w.Work(ctx, b.join(ctx)) }()
	have, failed := b.collect(ctx, q)
	if err := <-worked; err != nil || have != wanted(t, b.plan) || failed != nil {
		t.Errorf("again: %v, %v\n%s", err, failed, have)
	}
	onceEach(t, &counts, 1)
}

// The results, the queue, or both are lost in the middle of a study: what one of them has is not
// computed again.
func TestWhatIsLost(t *testing.T) {
	for _, lost := range []string{"nothing", "results", "queue"} {
		b := newBench(t, plan(12))
		var counts sync.Map
		ctx, stop := context.WithCancel(b.ctx)
		q := b.open(ctx)
		f, err := cells.Open(b.dir, b.plan)
		if err != nil {
			t.Fatal(err)
		}
		worker := make(chan error)
		go func() {
			worker <- (&Worker{Threads: 1, Compute: computing(&counts)}).Work(ctx, b.join(ctx))
		}()
		n := 0
		_, err = q.Collect(ctx, f, func(cells.Outcome, cells.Work) {
			if n++; n == 5 {
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) || n != 5 {
			t.Fatalf("%d outcomes were collected, want 5: %v", n, err)
		}
		<-worker
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		switch lost {
		case "results":
			if err := os.Remove(filepath.Join(b.dir, cells.ResultsFile)); err != nil {
				t.Fatal(err)
			}
		case "queue":
			counts.Clear()
			countKept(t, b, &counts)
			b.server.Close()
			b.start()
		}
		q = b.open(b.ctx)
		worked := make(chan error)
		go func() {
			worked <- (&Worker{Threads: 1, Compute: computing(&counts)}).Work(b.ctx,
				b.join(b.ctx))
		}()
		have, _ := b.collect(b.ctx, q)
		if err := <-worked; err != nil || have != wanted(t, b.plan) {
			t.Errorf("%s is lost: %v\n%s", lost, err, have)
		}
		onceEach(t, &counts, 12)
	}
}

// countKept counts the results in a folder as computed once. An outcome that had not arrived there
// is lost with its queue.
func countKept(t *testing.T, b *bench, counts *sync.Map) {
	results, err := cells.ReadFile(filepath.Join(b.dir, cells.ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		n := new(atomic.Int32)
		n.Store(1)
		counts.Store(r.Link, n)
	}
}

func TestRefusals(t *testing.T) {
	b := newBench(t, plan(3))
	ctx := b.ctx
	b.open(ctx)
	for _, c := range []struct {
		hash, program string
		engine        int
		is            error
		says          string
	}{
		{b.study.Hash, "1.2.4", train.Engine, ErrRefused, "is run by posttrain 1.2.3 with engine " +
			fmt.Sprint(train.Engine) + ", and this worker is posttrain 1.2.4"},
		{b.study.Hash, "1.2.3", train.Engine + 1, ErrRefused,
			"with engine " + fmt.Sprint(train.Engine+1)},
		{strings.Repeat("0", 32), "1.2.3", train.Engine, ErrGone, "not on the server"},
	} {
		_, err := Join(ctx, b.connect(), c.hash, c.program, c.engine)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v: %v", c, err)
		}
	}
}

// A stream that somebody deletes ends worker and collection with an error, and nothing is lost.
func TestAStreamThatIsGone(t *testing.T) {
	b := newBench(t, plan(4))
	ctx := b.ctx
	q := b.open(ctx)
	w := b.join(ctx)
	f, err := cells.Open(b.dir, b.plan)
	if err != nil {
		t.Fatal(err)
	}
	collected := make(chan error)
	go func() {
		_, err := q.Collect(ctx, f, func(cells.Outcome, cells.Work) {})
		collected <- err
	}()
	if _, err := w.Next(ctx); err != nil {
		t.Fatal(err)
	}
	if err := w.js.DeleteStream(ctx, b.study.stream()); err != nil {
		t.Fatal(err)
	}
	if err := <-collected; !errors.Is(err, ErrGone) {
		t.Errorf("collecting ends with %v", err)
	}
	if _, err := w.Next(ctx); !errors.Is(err, ErrGone) {
		t.Errorf("a worker ends with %v", err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// A worker whose machine is at fault gives its cell back.
func TestAMachineThatCannot(t *testing.T) {
	b := newBench(t, plan(4))
	ctx := b.ctx
	q := b.open(ctx)
	done := make(chan string)
	go func() {
		have, _ := b.collect(ctx, q)
		done <- have
	}()
	err := (&Worker{Threads: 1,
		Compute: func(context.Context, *Job, int) (cells.Outcome, error) {
			return cells.Outcome{}, fmt.Errorf("%w: too little memory", ErrMachine)
		}}).Work(ctx, b.join(ctx))
	if !errors.Is(err, ErrMachine) {
		t.Errorf("it ends with %v", err)
	}
	var counts sync.Map
	w := &Worker{Threads: 1, Compute: computing(&counts)}
	if err := w.Work(ctx, b.join(ctx)); err != nil {
		t.Error(err)
	}
	if have := <-done; have != wanted(t, b.plan) {
		t.Error(have)
	}
}

// A cell that no worker finishes fails in the end, and the others are computed.
func TestACellThatEndsItsWorkers(t *testing.T) {
	b := newBench(t, plan(4))
	ctx := b.ctx
	deadly := b.plan.Cells[1].Link
	q := b.open(ctx)
	worked := make(chan error)
	go func() {
		worker := b.join(ctx)
		for begun := 0; ; {
			j, err := worker.Next(ctx)
			if err != nil || j == nil {
				worked <- err
				return
			}
			if j.Link != deadly {
				err = j.Keep(ctx, outcome(j.Link), cells.Work{ID: j.ID})
			} else if begun++; begun > mostDeliveries {
				err = fmt.Errorf("%s was delivered again", j.Link)
			} else {
				j.Release() // as the server does for a worker that is silent
			}
			if err != nil {
				t.Error(err)
			}
		}
	}()
	_, failed := b.collect(ctx, q)
	if err := <-worked; err != nil {
		t.Error(err)
	}
	if len(failed) != 1 || failed[0].Link != deadly ||
		!strings.Contains(failed[0].Reason, "begun 10 times") {
		t.Errorf("failed: %v", failed)
	}
}

// Cells that the server has and delivers to nobody, as after a crash that lost outcomes but not
// that their cells were done, are published again.
func TestWhatNobodyGets(t *testing.T) {
	b := newBench(t, plan(4))
	q := b.open(b.ctx)
	for i := range q.shards { // each of their cells is delivered once, and given back
		name := shardName(i)
		if err := q.stream.DeleteConsumer(b.ctx, name); err != nil {
			t.Fatal(err)
		}
		var err error
		q.shards[i], err = q.stream.CreateConsumer(b.ctx, jetstream.ConsumerConfig{Durable: name,
			FilterSubject: b.study.subject(i, "*"), AckPolicy: jetstream.AckExplicitPolicy,
			MaxDeliver: 1})
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := cells.Open(b.dir, b.plan)
	if err != nil {
		t.Fatal(err)
	}
	c := collector{q, f, map[string]Failure{}}
	if err := errors.Join(c.publish(b.ctx), f.Close()); err != nil {
		t.Fatal(err)
	}
	for given := 0; given < 4; {
		msg, err := q.fetch(b.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if msg != nil {
			given++
			_ = msg.Nak()
		}
	}
	var counts sync.Map
	worked := make(chan error)
	go func() {
		worked <- (&Worker{Threads: 1, Compute: computing(&counts)}).Work(b.ctx, b.join(b.ctx))
	}()
	have, _ := b.collect(b.ctx, q)
	if err := <-worked; err != nil || have != wanted(t, b.plan) {
		t.Errorf("%v\n%s", err, have)
	}
	onceEach(t, &counts, 4)
}
