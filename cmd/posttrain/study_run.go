package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
	"github.com/posttrain/posttrain/core/train"
)

type studyRunCommand struct {
	studyArgument
	Out    string   `required:"" type:"path" placeholder:"DIR" help:"Keep the results in this folder. A folder that holds a part of the same study is gone on with."`
	Reuse  []folder `sep:"none" placeholder:"DIR" help:"Take cells that are part of this study too from the folder of another one, instead of computing them again. Can be repeated."`
	Listen string   `placeholder:"HOST:PORT" help:"Let workers on other machines take part: those that are given the same folder find this process there, and nobody else is let in."`
	remote
	cellComputing
	queueTiming
}

// queueTiming has what tests set.
type queueTiming struct {
	AckWait time.Duration `hidden:"" help:"How long a worker may be silent before its cells are given to others."`
}

// Help returns the text below the summary of --help.
func (*studyRunCommand) Help() string {
	return `Examples:

  posttrain study run quick --out out/quick
  posttrain study run mine.yaml --out out/mine --threads 8
  posttrain study run mine.yaml --out out/mine --nats nats://host:4222

What is finished is kept at once: stop it with Ctrl-C, and the same command goes on. Nothing is
computed twice. DIR/results.jsonl has a line for each cell, and is the same to the last byte
however many machines computed it.`
}

func (c *studyRunCommand) Run(env *environment) error {
	s, err := c.read(env)
	if err != nil {
		return err
	}
	if c.NATS != "" && c.Listen != "" {
		return usage(errors.New("--listen is for the server inside this process, and --nats " +
			"names another: want one of them"))
	}
	env.logStart("study run", int(c.Threads))
	r := studyRun{env: env, source: s, dir: c.Out, reuse: c.Reuse, listen: c.Listen,
		remote: c.remote, ackWait: c.AckWait}
	if err := r.open(); err != nil {
		return err
	}
	if r.worker, err = c.worker(env, c.Out, r.say); err != nil {
		return errors.Join(err, r.folder.Close())
	}
	return r.run()
}

// studyRun is the process that collects the results of a study.
type studyRun struct {
	env     *environment
	source  *studySource
	dir     string
	reuse   []folder // folders of studies that may have some of the cells
	listen  string
	remote  remote
	ackWait time.Duration

	folder *cells.Folder
	worker *queue.Worker
	shown  *cellProgress
}

// open claims the folder, and takes from others what they have.
func (r *studyRun) open() (err error) {
	if r.folder, err = cells.Open(r.dir, r.source.plan()); err != nil {
		return asStudyError(err)
	}
	err = r.source.copyTo(r.dir)
	for _, other := range r.reuse {
		var added int
		if err == nil {
			added, err = r.folder.Reuse(string(other))
		}
		if added > 0 {
			fmt.Fprintf(r.env.err, "%s: %s of this study\n", other, inCells(added))
		}
	}
	if err != nil {
		return errors.Join(asStudyError(err), r.folder.Close())
	}
	return nil
}

// say prints a sentence beside the progress.
func (r *studyRun) say(sentence string) { r.shown.note(sentence) }

// run computes what is missing, closes the folder, and says what is there.
func (r *studyRun) run() error {
	total := len(r.folder.Plan().Cells)
	r.shown = newCellProgress(r.env, r.source.Name, total, total-r.folder.Left())
	var failed []queue.Failure
	var err error
	if r.folder.Left() > 0 {
		failed, err = r.compute()
	}
	left := r.folder.Left()
	if closeErr := r.folder.Close(); !errors.Is(err, cells.ErrSave) { // which says as much
		err = errors.Join(err, closeErr)
	}
	r.shown.close()
	return r.outcome(total, left, failed, err)
}

// compute publishes the cells, works on them, and collects the outcomes.
func (r *studyRun) compute() (failed []queue.Failure, err error) {
	nc, server, stop, err := r.connect()
	if err != nil {
		return nil, err
	}
	defer stop()
	defer nc.Close()
	if server != nil {
		defer func() {
			if errors.Is(err, queue.ErrBroken) {
				err = fmt.Errorf("%w; if %s is damaged, remove it: what is in %s is not computed "+
					"again", err, filepath.Join(r.dir, queueFolder), cells.ResultsFile)
			}
			if trouble := server.Trouble(); trouble != "" && errors.Is(err, queue.ErrLost) {
				err = fmt.Errorf("%w: it reports %q", err, trouble)
			}
		}()
	}
	plan := r.folder.Plan()
	alone := r.remote.NATS == "" && r.listen == ""
	q, err := queue.Open(r.env, nc, queue.Study{Name: plan.Name, Hash: plan.Hash(),
		Program: version, Engine: train.Engine, Cells: len(plan.Cells), AckWait: r.ackWait},
		queue.Shards(plan.Cells), alone)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(r.env)
	defer cancel()
	worked := make(chan error, 1)
	go func() {
		err := r.worker.Work(ctx, q)
		if err != nil && (alone || !errors.Is(err, queue.ErrMachine)) {
			cancel() // nobody else computes, or the server is gone
		}
		worked <- err
	}()
	failed, err = q.Collect(ctx, r.folder,
		func(o cells.Outcome, _ cells.Work) { r.shown.done(r.folder.Left()) })
	if err == nil {
		err = q.Finish(ctx)
	} else {
		cancel()
	}
	if workErr := <-worked; workErr != nil && (err == nil || errors.Is(err, context.Canceled)) {
		err = workErr
	}
	return failed, err
}

// connect connects to the server, which it starts if it is to be inside this process. s is nil if
// it is elsewhere.
func (r *studyRun) connect() (nc *nats.Conn, s *queue.Server, stop func(), err error) {
	if r.remote.NATS != "" || r.remote.Creds != "" {
		nc, err = r.remote.dial()
		return nc, nil, func() {}, err
	}
	if s, stop, err = startServer(r.dir, r.listen); err != nil {
		return nil, nil, nil, err
	}
	if nc, err = s.Connect(); err != nil {
		stop()
		return nil, nil, nil, err
	}
	return nc, s, stop, nil
}

// outcome prints what there is, and returns the error of the command.
func (r *studyRun) outcome(total, left int, failed []queue.Failure, err error) error {
	kept := fmt.Sprintf("%d of %s are done and kept in %s, and the same command goes on with the "+
		"rest", total-left, inCells(total), r.dir)
	switch {
	case r.env.Err() != nil:
		return r.env.interrupted(kept)
	case err != nil:
		return fmt.Errorf("%w; %s", err, kept)
	}
	for _, f := range failed {
		fmt.Fprintf(r.env.err, "%s cannot be computed: %s.\n", f.Link, printable(f.Reason))
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %s cannot be computed; %s", left, inCells(total), kept)
	}
	_ = os.RemoveAll(filepath.Join(r.dir, cellsFolder)) // what was left of cells in work
	path := filepath.Join(r.dir, cells.ResultsFile)
	digest, err := fileDigest(path)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.env.out, "%s in %s, the same bytes on every machine: sha256 %s\n",
		inCells(total), path, digest)
	return nil
}

// inCells writes a number of cells.
func inCells(n int) string {
	if n == 1 {
		return "1 cell"
	}
	return fmt.Sprintf("%d cells", n)
}

// fileDigest returns the sha256 of a file.
func fileDigest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, f)
	return hex.EncodeToString(sum.Sum(nil)), err
}
