package queue

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// ErrOtherBits is wrapped by the error about a cell of which two workers have other results.
var ErrOtherBits = errors.New("two workers have other results")

// errTooLong is wrapped by the error about an outcome that the server does not take.
var errTooLong = errors.New("the outcome is too long")

// Job is a cell that was delivered to this worker. Until one of its methods ends it, the server is
// told that it is in progress.
type Job struct {
	ID   string
	Link string

	queue *Queue
	msg   jetstream.Msg
	stop  context.CancelFunc
}

// Next waits for a cell. It returns nil if the study is finished. A cell whose outcome is kept
// already is not returned. Next must not be called concurrently.
func (q *Queue) Next(ctx context.Context) (*Job, error) {
	const longest = 2 * time.Second
	for pause := 100 * time.Millisecond; ; pause = min(2*pause, longest) {
		msg, err := q.fetch(ctx)
		if err != nil {
			return nil, err
		}
		if msg != nil {
			j, err := q.accept(ctx, msg)
			if j != nil || err != nil {
				return j, err
			}
			continue
		}
		info, err := q.stream.Info(ctx)
		if err != nil {
			return nil, ended(ctx, err)
		}
		if info.State.Msgs == 0 && info.Config.Metadata[finishedKey] == "true" {
			return nil, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// ended returns the context's error if it was cancelled, and otherwise err in plainer words.
func ended(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return explain(err)
}

// fetch returns a message, of the shard that the last one came from if it has any, so that this
// worker goes on with the same base. It returns nil if nothing waits in any shard.
func (q *Queue) fetch(ctx context.Context) (jetstream.Msg, error) {
	if msg, err := q.fetchFrom(ctx, q.at); msg != nil || err != nil {
		return msg, err
	}
	for _, shard := range q.calmest(ctx) {
		if msg, err := q.fetchFrom(ctx, shard); msg != nil || err != nil {
			q.at = shard
			return msg, err
		}
	}
	return nil, nil
}

func (q *Queue) fetchFrom(ctx context.Context, shard int) (jetstream.Msg, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	batch, err := q.shards[shard].FetchNoWait(1)
	if err != nil {
		return nil, ended(ctx, err)
	}
	for msg := range batch.Messages() {
		return msg, nil
	}
	if err := batch.Error(); err != nil && !errors.Is(err, nats.ErrTimeout) {
		return nil, ended(ctx, err)
	}
	return nil, nil
}

// calmest returns the shards in which cells wait, those with the fewest cells in work first.
func (q *Queue) calmest(ctx context.Context) (order []int) {
	inWork := map[int]int{}
	for i, c := range q.shards {
		info, err := c.Info(ctx)
		if err != nil || info.NumPending == 0 && info.NumAckPending == 0 {
			continue
		}
		inWork[i] = info.NumAckPending
		at := len(order)
		for at > 0 && inWork[order[at-1]] > inWork[i] {
			at--
		}
		order = append(order[:at], append([]int{i}, order[at:]...)...)
	}
	return order
}

// mostDeliveries is how often a cell is begun. Without a limit, a cell that ends every worker, as
// by taking more memory than there is, would be delivered for ever.
const mostDeliveries = 10

// accept returns the job of a message, or nil if its cell is done or has been begun too often.
func (q *Queue) accept(ctx context.Context, msg jetstream.Msg) (*Job, error) {
	j := &Job{Link: string(msg.Data()), queue: q, msg: msg}
	j.ID = design.Cell{Link: j.Link}.ID()
	if !strings.HasSuffix(msg.Subject(), "."+j.ID) {
		_ = msg.Term() // no cell of a study, so nobody waits for it
		return nil, nil
	}
	_, err := q.outcomes.Get(ctx, j.ID)
	switch {
	case err == nil: // its worker died before it could say so
		return nil, ended(ctx, msg.DoubleAck(ctx))
	case !errors.Is(err, jetstream.ErrKeyNotFound):
		_ = msg.Nak()
		return nil, ended(ctx, err)
	}
	var working context.Context
	working, j.stop = context.WithCancel(context.Background())
	if meta, err := msg.Metadata(); err == nil && meta.NumDelivered > mostDeliveries {
		return nil, j.Fail(ctx, fmt.Errorf("it was begun %d times and never finished: each time "+
			"its worker ended or gave it back; is there too little memory or time for it?",
			mostDeliveries))
	}
	go j.reportProgress(working)
	return j, nil
}

// reportProgress tells the server again and again that somebody works on the cell.
func (j *Job) reportProgress(ctx context.Context) {
	ticker := time.NewTicker(j.queue.study.ackWait() / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			_ = j.msg.InProgress() // if it does not arrive, the next one may
		}
	}
}

// Keep ends the job with its outcome. When it returns nil the outcome is kept and the cell will not
// be delivered again. If another worker was faster, its outcome stays; it is an error if it has
// other bits.
func (j *Job) Keep(ctx context.Context, o cells.Outcome, w cells.Work) error {
	defer j.stop()
	if o.ID != j.ID {
		return fmt.Errorf("an outcome of %s was given for %s", o.Link, j.Link)
	}
	value, err := pack(o, w)
	if err != nil {
		return err
	}
	if most := j.queue.nc.MaxPayload(); most > 0 && int64(len(value)) > most {
		return fmt.Errorf("%w: it has %d bytes, and the server takes %d at most: measure less "+
			"often (eval_every), or raise the server's max_payload", errTooLong, len(value), most)
	}
	_, err = j.queue.outcomes.Create(ctx, j.ID, value)
	if errors.Is(err, jetstream.ErrKeyExists) {
		err = j.compare(ctx, o)
	}
	if err != nil {
		_ = j.msg.Nak()
		return ended(ctx, err)
	}
	return ended(ctx, j.msg.DoubleAck(ctx))
}

// compare returns an error if the outcome that is kept has other bits than this one.
func (j *Job) compare(ctx context.Context, o cells.Outcome) error {
	entry, err := j.queue.outcomes.Get(ctx, j.ID)
	if err != nil {
		return err
	}
	kept, by, err := unpack(entry.Value())
	if err != nil {
		return err
	}
	a, errA := json.Marshal(kept)
	b, errB := json.Marshal(o)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	if !bytes.Equal(a, b) {
		return fmt.Errorf("%w for %s: digest %s on %s, %s here; one of the two machines or "+
			"programs computes wrong", ErrOtherBits, j.Link, kept.Digest, by.Machine, o.Digest)
	}
	return nil
}

// Release ends the job without an outcome, so that the cell is delivered to another worker.
func (j *Job) Release() {
	j.stop()
	_ = j.msg.Nak() // if it does not arrive, the cell is delivered again later
}

// Fail ends the job with the reason why its cell cannot be computed by anybody.
func (j *Job) Fail(ctx context.Context, reason error) error {
	defer j.stop()
	if _, err := j.queue.failures.PutString(ctx, j.ID, j.Link+"\n"+reason.Error()); err != nil {
		return ended(ctx, err)
	}
	return ended(ctx, j.msg.DoubleAck(ctx))
}

// pack returns the value under which an outcome is kept: two lines of JSON, compressed.
func pack(o cells.Outcome, w cells.Work) ([]byte, error) {
	first, errO := cells.Encode(o)
	second, errW := cells.Encode(w)
	if err := errors.Join(errO, errW); err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(append(first, second...))
	err = errors.Join(err, z.Close())
	return packed.Bytes(), err
}

// unpack is the inverse of pack.
func unpack(value []byte) (o cells.Outcome, w cells.Work, err error) {
	z, err := gzip.NewReader(bytes.NewReader(value))
	if err != nil {
		return o, w, err
	}
	const most = 256 << 20 // against a value that unpacks without end
	text, err := io.ReadAll(io.LimitReader(z, most))
	if err != nil {
		return o, w, err
	}
	first, second, _ := bytes.Cut(text, []byte("\n"))
	if o, err = cells.DecodeOutcome(first); err == nil {
		w, err = cells.DecodeWork(second)
	}
	return o, w, err
}
