package queue

import (
	"context"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Status is how far a study on a server is.
type Status struct {
	Study
	Waiting  int // cells that are in no work
	InWork   int // cells that workers have
	Failed   int // cells that cannot be computed
	Finished bool
}

// Done returns the number of cells whose outcomes are kept.
func (s Status) Done() int { return max(0, s.Cells-s.Waiting-s.InWork-s.Failed) }

// List returns the studies on a server, in the order of their names.
func List(ctx context.Context, nc *nats.Conn) (all []Status, err error) {
	q, err := newQueue(nc, Study{})
	if err != nil {
		return nil, err
	}
	streams := q.js.ListStreams(ctx)
	for info := range streams.Info() {
		s, shards, ok := studyOf(info.Config.Metadata)
		if !ok {
			continue
		}
		status, err := q.status(ctx, s, shards, info)
		if err != nil {
			return nil, err
		}
		all = append(all, status)
	}
	slices.SortFunc(all, func(a, b Status) int { return strings.Compare(a.Name, b.Name) })
	return all, explain(streams.Err())
}

func (q *Queue) status(
	ctx context.Context, s Study, shards int, info *jetstream.StreamInfo,
) (Status, error) {
	status := Status{Study: s, Finished: info.Config.Metadata[finishedKey] == "true"}
	for i := range shards {
		c, err := q.js.Consumer(ctx, s.stream(), shardName(i))
		if err != nil {
			continue // the study is about to begin
		}
		status.InWork += c.CachedInfo().NumAckPending
	}
	status.Waiting = max(0, int(info.State.Msgs)-status.InWork)
	if failures, err := q.js.KeyValue(ctx, s.failures()); err == nil {
		kept, err := failures.Status(ctx)
		if err != nil {
			return status, explain(err)
		}
		status.Failed = int(kept.Values())
	}
	return status, nil
}
