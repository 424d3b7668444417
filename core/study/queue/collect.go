package queue

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Failure is a cell that cannot be computed.
type Failure struct{ Link, Reason string }

// Collect publishes the cells whose outcomes the folder misses, and adds outcomes to the folder as
// they arrive, until each cell has one or has failed. added is called after each.
func (q *Queue) Collect(
	ctx context.Context, f *cells.Folder, added func(cells.Outcome, cells.Work),
) (failed []Failure, err error) {
	outcomes, err := q.outcomes.WatchAll(ctx)
	if err != nil {
		return nil, ended(ctx, err)
	}
	defer func() { _ = outcomes.Stop() }()
	failures, err := q.failures.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return nil, ended(ctx, err)
	}
	defer func() { _ = failures.Stop() }()
	const pause = 2 * time.Second
	again := time.NewTicker(pause)
	defer again.Stop()
	c := collector{q, f, map[string]Failure{}}
	known := false // all outcomes that the server had at the beginning have arrived
	for !known || c.waits() {
		if ctx.Err() != nil { // select takes any of its cases that are ready
			return nil, ctx.Err()
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case entry, open := <-outcomes.Updates():
			switch {
			case !open:
				return nil, ended(ctx, jetstream.ErrBucketNotFound)
			case entry == nil:
				known = true
				err = c.publish(ctx)
			default:
				err = c.add(entry, added)
			}
		case entry, open := <-failures.Updates():
			if open && entry != nil {
				c.fail(entry)
			}
		case <-again.C:
			err = c.repair(ctx, known)
		}
		if err != nil {
			return nil, ended(ctx, err)
		}
	}
	for _, cell := range f.Missing() {
		failed = append(failed, c.failed[cell.ID()])
	}
	return failed, nil
}

// Finish tells workers that nothing follows.
func (q *Queue) Finish(ctx context.Context) error {
	_, err := q.js.UpdateStream(ctx, q.study.config(len(q.shards), true))
	return ended(ctx, err)
}

type collector struct {
	*Queue
	folder *cells.Folder
	failed map[string]Failure // by ID
}

// waits reports whether there is a cell without outcome that has not failed.
func (c *collector) waits() bool { return c.folder.Waiting() > len(c.failed) }

func (c *collector) missing() (missing []design.Cell) {
	for _, cell := range c.folder.Missing() {
		if _, failed := c.failed[cell.ID()]; !failed {
			missing = append(missing, cell)
		}
	}
	return missing
}

func (c *collector) add(
	entry jetstream.KeyValueEntry, added func(cells.Outcome, cells.Work),
) error {
	if entry.Operation() != jetstream.KeyValuePut || c.folder.Has(entry.Key()) {
		return nil
	}
	o, w, err := unpack(entry.Value())
	if err != nil || o.ID != entry.Key() {
		return fmt.Errorf("the outcome of cell %s on the server is damaged: delete key %s of "+
			"bucket %s, and the same command computes it again (%w)", entry.Key(), entry.Key(),
			entry.Bucket(), err)
	}
	if err := c.folder.Add(o, w); err != nil {
		return err
	}
	delete(c.failed, o.ID) // another worker could compute it after all
	added(o, w)
	return nil
}

func (c *collector) fail(entry jetstream.KeyValueEntry) {
	link, reason, _ := strings.Cut(string(entry.Value()), "\n")
	if c.folder.Has(entry.Key()) {
		return
	}
	c.failed[entry.Key()] = Failure{link, reason}
}

// publish makes the stream hold the cells without outcome and no others.
func (c *collector) publish(ctx context.Context) error {
	waiting, err := c.waiting(ctx)
	if err != nil {
		return err
	}
	shards, _ := shardsOf(c.folder.Plan().Cells)
	const atOnce = 500
	var sent []jetstream.PubAckFuture
	for _, cell := range c.missing() {
		subject := c.study.subject(shards[cell.ID()]%len(c.shards), cell.ID())
		if _, there := waiting[subject]; there {
			delete(waiting, subject)
			continue
		}
		future, err := c.js.PublishMsgAsync(message(subject, cell))
		if err != nil {
			return err
		}
		if sent = append(sent, future); len(sent) == atOnce {
			if err := arrived(ctx, sent); err != nil {
				return err
			}
			sent = sent[:0]
		}
	}
	if err := arrived(ctx, sent); err != nil {
		return err
	}
	for _, subject := range slices.Sorted(maps.Keys(waiting)) { // their outcomes are in the folder
		if err := c.stream.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return err
		}
	}
	return nil
}

// waiting returns the subjects of the cells that the stream holds, with their numbers of messages.
func (c *collector) waiting(ctx context.Context) (map[string]uint64, error) {
	info, err := c.stream.Info(ctx, jetstream.WithSubjectFilter(">"))
	if err != nil {
		return nil, err
	}
	return info.State.Subjects, nil
}

func message(subject string, c design.Cell) *nats.Msg {
	return &nats.Msg{Subject: subject, Data: []byte(c.Link),
		Header: nats.Header{jetstream.MsgIDHeader: {c.ID()}}}
}

// arrived waits until the server has messages that were sent, and allows that it had them before.
func arrived(ctx context.Context, sent []jetstream.PubAckFuture) error {
	for _, future := range sent {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-future.Ok():
		case err := <-future.Err():
			var api *jetstream.APIError
			if !errors.As(err, &api) || !strings.Contains(api.Description, "per subject") {
				return err
			}
		}
	}
	return nil
}

// repair publishes cells again that have no outcome although none waits, as after a crash of the
// server's machine. It returns an error if the stream is gone.
func (c *collector) repair(ctx context.Context, known bool) error {
	info, err := c.stream.Info(ctx)
	if err != nil || !known {
		return err
	}
	if info.State.Msgs > 0 {
		if delivers, err := c.delivers(ctx); delivers || err != nil {
			return err
		}
		// A server that was killed may have written that a cell is done, but neither its outcome
		// nor that it is out of the stream. Nobody would get it any more.
		if err := c.stream.Purge(ctx); err != nil {
			return err
		}
	}
	return c.publish(ctx)
}

// delivers reports whether a shard has cells that were delivered or will be.
func (c *collector) delivers(ctx context.Context) (bool, error) {
	for _, shard := range c.shards {
		info, err := shard.Info(ctx)
		if err != nil || info.NumPending > 0 || info.NumAckPending > 0 {
			return true, err
		}
	}
	return false, nil
}
