package main

import (
	"io"
	"log/slog"
	"runtime"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

// logging is the flag --log.
type logging struct {
	Log string `enum:"off,info,debug" default:"off" placeholder:"LEVEL" help:"Log to standard error: info has starts and ends, debug every step and file too."`
}

// logger returns a log to w with the level of the flag.
func (l logging) logger(w io.Writer) *slog.Logger {
	if !l.on() {
		return slog.New(slog.DiscardHandler)
	}
	level := slog.LevelInfo
	if l.Log == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// on reports whether anything is logged.
func (l logging) on() bool { return l.Log == "info" || l.Log == "debug" }

// logStart logs facts that the speed of a command depends on.
func (env *environment) logStart(command string, threads int) {
	env.log.Info("start", "command", command, "version", version, "engine", train.Engine,
		"go", runtime.Version(), "kernels", num.Backend(), "threads", threads)
}

// alsoLog returns a function that logs each event of a run's lanes, with the seconds since the
// lane's event before, and calls observe with it.
func alsoLog(env *environment, seed uint64, observe func(protocol.Event)) func(protocol.Event) {
	if !env.logs {
		return observe
	}
	start := env.clock()
	last := map[string]float64{} // by lane, the time of its newest event
	return func(e protocol.Event) {
		since, ok := last[e.Lane]
		if !ok {
			since = start
		}
		last[e.Lane] = env.clock()
		level := slog.LevelDebug
		if e.Kind == protocol.Finished {
			level = slog.LevelInfo
		}
		args := []any{"seed", seed, "lane", e.Lane, "stage", e.Stage, "step", e.Step,
			"seconds", last[e.Lane] - since,
			"gflop", e.Cost.FLOPs / 1e9, "trained", e.Cost.TokensTrained}
		for _, m := range e.Metrics {
			args = append(args, m.Name, m.Value)
		}
		env.log.Log(env, level, string(e.Kind), args...)
		observe(e)
	}
}
