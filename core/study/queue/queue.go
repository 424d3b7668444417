package queue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Study is what a server knows of a study. It is in the metadata of the study's stream.
type Study struct {
	Name    string
	Hash    string // of its plan
	Program string // version of the program that collects its outcomes
	Engine  int
	Cells   int           // with different IDs
	AckWait time.Duration // after which a cell of a silent worker is delivered again; 0 means 20 s
}

// usualAckWait is long enough that a worker on a busy machine is not taken for dead: it reports
// three times as often.
const usualAckWait = 20 * time.Second

// Names of streams and buckets have this prefix and the first digits of the study's hash.
const prefix, hashDigits = "posttrain-", 16

// mostShards is the greatest number of shards. Each is a consumer of the stream.
const mostShards = 64

// Keys of a stream's metadata.
const (
	nameKey     = "posttrain.study"
	hashKey     = "posttrain.hash"
	programKey  = "posttrain.version"
	engineKey   = "posttrain.engine"
	cellsKey    = "posttrain.cells"
	shardsKey   = "posttrain.shards"
	ackWaitKey  = "posttrain.ack_wait"
	finishedKey = "posttrain.finished"
)

// ErrRefused is wrapped by the error about a study whose program or engine is not that of the
// worker.
var ErrRefused = errors.New("refused")

// ErrGone is wrapped by errors about a study that its server does not have, or not any more.
var ErrGone = errors.New("the study is not on the server")

// ErrLost is wrapped by errors about a server that does not answer any more.
var ErrLost = errors.New("the study's server does not answer")

// ErrBroken is wrapped by errors about a server that fails, as when its files are damaged.
var ErrBroken = errors.New("the study's server fails")

// Queue is the cells of a study that wait on a server, and the outcomes of those that are done.
type Queue struct {
	study    Study
	nc       *nats.Conn
	js       jetstream.JetStream
	stream   jetstream.Stream
	outcomes jetstream.KeyValue // by ID
	failures jetstream.KeyValue // by ID, each a sentence
	shards   []jetstream.Consumer
	at       int // the shard that the last cell came from
}

// Study returns the study.
func (q *Queue) Study() Study { return q.study }

func (s Study) stream() string   { return prefix + s.Hash[:hashDigits] }
func (s Study) failures() string { return s.stream() + "-failed" }

// subject returns the subject of a cell. Cells on the same base have the same shard.
func (s Study) subject(shard int, id string) string {
	return fmt.Sprintf("posttrain.%s.cell.%d.%s", s.Hash[:hashDigits], shard, id)
}

// progress is the subject of what workers report, which is not kept.
func (s Study) progress() string { return "posttrain." + s.Hash[:hashDigits] + ".progress" }

func (s Study) ackWait() time.Duration { return cmp.Or(s.AckWait, usualAckWait) }

// config returns the study's stream. A subject holds one message at most, so that a cell that is
// published twice waits once, however much time has passed.
func (s Study) config(shards int, finished bool) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: s.stream(), Description: "cells of the study " + s.Name,
		Subjects:  []string{s.subject(0, "*")[:len(s.subject(0, ""))-2] + "*.*"},
		Retention: jetstream.WorkQueuePolicy, Storage: jetstream.FileStorage,
		MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		Duplicates: time.Second,
		Metadata: map[string]string{nameKey: s.Name, hashKey: s.Hash, programKey: s.Program,
			engineKey: strconv.Itoa(s.Engine), cellsKey: strconv.Itoa(s.Cells),
			shardsKey:   strconv.Itoa(shards),
			ackWaitKey:  s.ackWait().String(),
			finishedKey: strconv.FormatBool(finished)},
	}
}

// studyOf returns the study of a stream's metadata; ok reports whether it is one.
func studyOf(metadata map[string]string) (s Study, shards int, ok bool) {
	s = Study{Name: metadata[nameKey], Hash: metadata[hashKey], Program: metadata[programKey]}
	var errs [4]error
	s.Engine, errs[0] = strconv.Atoi(metadata[engineKey])
	s.Cells, errs[1] = strconv.Atoi(metadata[cellsKey])
	shards, errs[2] = strconv.Atoi(metadata[shardsKey])
	s.AckWait, errs[3] = time.ParseDuration(metadata[ackWaitKey])
	return s, shards, errors.Join(errs[:]...) == nil && len(s.Hash) >= hashDigits &&
		shards > 0 && shards <= mostShards
}

// Open returns the queue of a study, for the process that collects its outcomes. It makes what the
// server does not have. alone says that no worker is connected, so that cells that were delivered
// before can be delivered again at once.
func Open(ctx context.Context, nc *nats.Conn, s Study, shards int, alone bool) (*Queue, error) {
	q, err := newQueue(nc, s)
	if err != nil {
		return nil, err
	}
	shards = max(1, min(shards, mostShards))
	q.stream, err = q.js.CreateOrUpdateStream(ctx, s.config(shards, false))
	if err != nil {
		return nil, explain(err)
	}
	for i := range shards {
		name := shardName(i)
		if alone {
			err := q.stream.DeleteConsumer(ctx, name)
			if err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
				return nil, explain(err)
			}
		}
		c, err := q.stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: name,
			FilterSubject: s.subject(i, "*"), AckPolicy: jetstream.AckExplicitPolicy,
			AckWait: s.ackWait(), MaxAckPending: -1})
		if err != nil {
			return nil, explain(err)
		}
		q.shards = append(q.shards, c)
	}
	q.outcomes, err = q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: s.stream(), Description: "outcomes of the study " + s.Name,
		Storage: jetstream.FileStorage})
	if err != nil {
		return nil, explain(err)
	}
	err = q.js.DeleteKeyValue(ctx, s.failures()) // these cells are tried again
	if err != nil && !errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil, explain(err)
	}
	q.failures, err = q.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: s.failures(), Storage: jetstream.FileStorage,
		Description: "cells of the study " + s.Name + " that cannot be computed"})
	return q, explain(err)
}

func shardName(i int) string { return fmt.Sprintf("shard-%d", i) }

func newQueue(nc *nats.Conn, s Study) (*Queue, error) {
	const timeout = 20 * time.Second // for an answer of the server
	js, err := jetstream.New(nc, jetstream.WithDefaultTimeout(timeout))
	return &Queue{study: s, nc: nc, js: js}, err
}

// Join returns the queue of a study for a worker of a program and an engine. It returns an error
// that wraps ErrRefused if the study wants another.
func Join(ctx context.Context, nc *nats.Conn, hash, program string, engine int) (*Queue, error) {
	q, err := newQueue(nc, Study{Hash: hash})
	if err != nil {
		return nil, err
	}
	if q.stream, err = q.js.Stream(ctx, q.study.stream()); err != nil {
		return nil, explain(err)
	}
	s, shards, ok := studyOf(q.stream.CachedInfo().Config.Metadata)
	if !ok {
		return nil, fmt.Errorf("%w: its stream %s is not as posttrain makes it", ErrGone,
			q.study.stream())
	}
	if err := s.check(program, engine); err != nil {
		return nil, err
	}
	q.study = s
	for i := range shards {
		c, err := q.stream.Consumer(ctx, shardName(i))
		if err != nil {
			return nil, explain(err)
		}
		q.shards = append(q.shards, c)
	}
	if q.outcomes, err = q.js.KeyValue(ctx, s.stream()); err != nil {
		return nil, explain(err)
	}
	q.failures, err = q.js.KeyValue(ctx, s.failures())
	return q, explain(err)
}

// check returns an error if a worker of a program and an engine cannot work for the study.
func (s Study) check(program string, engine int) error {
	if s.Program == program && s.Engine == engine {
		return nil
	}
	return fmt.Errorf("%w: the study %s is run by posttrain %s with engine %d, and this worker is "+
		"posttrain %s with engine %d: want the same version", ErrRefused, s.Name, s.Program,
		s.Engine, program, engine)
}

// explain returns a plainer error for one of JetStream's. nil stays nil.
func explain(err error) error {
	const internal = 500 // from this code on the server is at fault
	var api *jetstream.APIError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, cells.ErrSave):
		return err
	case errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, jetstream.ErrBucketNotFound),
		errors.Is(err, jetstream.ErrConsumerNotFound),
		errors.Is(err, jetstream.ErrConsumerDeleted),
		errors.Is(err, nats.ErrNoResponders) && !errors.Is(err, jetstream.ErrJetStreamNotEnabled):
		return fmt.Errorf("%w: what was finished is in the study's folder, and the same posttrain "+
			"study run goes on from there (%w)", ErrGone, err)
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled),
		errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return fmt.Errorf("the server keeps no streams: start it with JetStream, as nats-server "+
			"--jetstream does (%w)", err)
	case errors.Is(err, nats.ErrConnectionClosed), errors.Is(err, nats.ErrDisconnected),
		errors.Is(err, nats.ErrTimeout), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%w (%w)", ErrLost, err)
	case errors.As(err, &api) && strings.Contains(api.Description, "resource"):
		return fmt.Errorf("the server has no room for the study: make room on its disk, then go "+
			"on with the same command (%w)", err)
	case errors.As(err, &api) && api.Code >= internal:
		return fmt.Errorf("%w (%w)", ErrBroken, err)
	}
	return fmt.Errorf("the study's queue: %w", err)
}

// Shards returns the number of shards into which cells are divided.
func Shards(all []design.Cell) int {
	_, shards := shardsOf(all)
	return shards
}

// shardsOf returns the shard of each cell. Cells on the same base are in the same one.
func shardsOf(all []design.Cell) (of map[string]int, shards int) {
	type base struct {
		experiment string
		seed       uint64
	}
	bases := map[base]int{}
	of = map[string]int{}
	for _, c := range all {
		b := base{c.Experiment, c.Base}
		if _, ok := bases[b]; !ok {
			bases[b] = len(bases)
		}
		if id := c.ID(); of[id] == 0 {
			of[id] = bases[b] % mostShards
		}
	}
	return of, max(1, min(len(bases), mostShards))
}
