package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/queue"
	"github.com/posttrain/posttrain/core/train"
)

type studyWorkerCommand struct {
	Dir    string        `arg:"" optional:"" type:"path" help:"The folder of the study, on a file system that all machines share. Whichever worker comes first runs the study there, and another one goes on if it ends."`
	Study  string        `type:"path" placeholder:"FILE" help:"The file of the study, for a folder that may not be there yet."`
	Listen string        `default:":0" placeholder:"HOST:PORT" help:"Where this worker listens for the others, if it is the one that runs the study."`
	Wait   time.Duration `default:"5m" placeholder:"TIME" help:"How long to wait for a study that nobody runs yet."`
	remote
	cellComputing
	queueTiming
}

// Help returns the text below the summary of --help.
func (*studyWorkerCommand) Help() string {
	return `Examples:

  posttrain study worker --nats nats://host:4222
  posttrain study worker /shared/mine

It ends when the study is finished. Ctrl-C gives the cells in work to other workers.`
}

func (c *studyWorkerCommand) Run(env *environment) error {
	if (c.Dir == "") == (c.NATS == "") {
		return usage(errors.New("want either the folder of the study or --nats URL"))
	}
	if c.Study != "" && c.Dir == "" {
		return usage(errors.New("--study needs the folder of the study"))
	}
	env.logStart("study worker", int(c.Threads))
	say := func(sentence string) { fmt.Fprintln(env.err, printable(sentence)) }
	w, err := c.worker(env, c.Dir, say)
	if err != nil {
		return err
	}
	loop := workerLoop{env: env, command: c, worker: w, say: say, began: env.clock()}
	err = loop.run()
	if env.Err() != nil {
		return env.interrupted("the cells in work are given to other workers")
	}
	return err
}

// workerLoop works for one server after another, until the study is finished.
type workerLoop struct {
	env     *environment
	command *studyWorkerCommand
	worker  *queue.Worker
	say     func(string)
	began   float64 // when there was a study to work for the last time
	waiting bool    // it was said that there is none
}

func (l *workerLoop) run() error {
	turn := l.onServer
	if l.command.Dir != "" {
		turn = l.inFolder
	}
	for {
		finished, err := turn()
		switch {
		case l.env.Err() != nil:
			return l.env.Err()
		case finished || isFinal(err):
			return err
		}
		if err := l.pause(err); err != nil {
			return err
		}
	}
}

// isFinal reports whether trying again cannot help.
func isFinal(err error) bool {
	var wrong usageError
	return errors.Is(err, queue.ErrRefused) || errors.Is(err, queue.ErrMachine) ||
		errors.Is(err, queue.ErrOtherBits) || errors.Is(err, cells.ErrFolder) ||
		errors.Is(err, cells.ErrSave) || errors.As(err, &wrong)
}

// pause waits a little before the next turn. It returns an error if there has been no study for too
// long.
func (l *workerLoop) pause(why error) error {
	if l.env.clock()-l.began > l.command.Wait.Seconds() {
		return fmt.Errorf("%w; waited %v for it", why, l.command.Wait)
	}
	if !l.waiting {
		l.waiting = true
		l.say(fmt.Sprintf("Waiting for a study: %v.", why))
	}
	const between = time.Second
	select {
	case <-l.env.Done():
	case <-time.After(between):
	}
	return nil
}

// work computes cells of a study on a server until the study is finished.
func (l *workerLoop) work(nc *nats.Conn, hash string) (finished bool, err error) {
	q, err := queue.Join(l.env, nc, hash, version, train.Engine)
	if err != nil {
		return false, err
	}
	l.waiting = false
	l.say(fmt.Sprintf("Working for the study %s.", q.Study().Name))
	err = l.worker.Work(l.env, q)
	l.began = l.env.clock()
	if err == nil {
		l.say(fmt.Sprintf("The study %s is finished.", q.Study().Name))
	}
	return err == nil, err
}

// onServer works for the studies on the server of --nats.
func (l *workerLoop) onServer() (finished bool, err error) {
	nc, err := l.command.dial()
	if err != nil {
		return false, err
	}
	defer nc.Close()
	for {
		all, err := queue.List(l.env, nc)
		if err != nil {
			return finished, err
		}
		next := firstUnfinished(all)
		if next == nil {
			if finished || len(all) > 0 {
				return true, nil
			}
			return false, fmt.Errorf("there is none on %s", l.command.NATS)
		}
		if finished, err = l.work(nc, next.Hash); err != nil {
			return false, err
		}
	}
}

func firstUnfinished(all []queue.Status) *queue.Status {
	for i := range all {
		if !all[i].Finished {
			return &all[i]
		}
	}
	return nil
}

// source returns the study of --study, or else the one in the folder.
func (l *workerLoop) source() (*studySource, error) {
	if l.command.Study != "" {
		return studyArgument{Study: l.command.Study, Yes: true}.read(l.env)
	}
	return studyIn(l.env, l.command.Dir)
}

// inFolder works for the process that runs the study in a folder, or becomes that process.
func (l *workerLoop) inFolder() (finished bool, err error) {
	source, err := l.source()
	if err != nil {
		return false, err
	}
	r := studyRun{env: l.env, source: source, dir: l.command.Dir, listen: l.command.Listen,
		ackWait: l.command.AckWait, worker: l.worker}
	err = r.open()
	if err == nil {
		return true, r.run()
	}
	if !errors.Is(err, study.ErrClaimed) {
		return false, err
	}
	nc, err := dialFolder(l.env, l.command.Dir)
	if err != nil {
		return false, err
	}
	defer nc.Close()
	return l.work(nc, source.plan().Hash())
}
