package main

import (
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/train"
)

// logging is the flag --log. It says how much is logged to standard error, and as what a run's
// metrics are recorded in its folder.
type logging struct {
	Log []string `enum:"off,info,debug,tensorboard,jsonl,csv" default:"off" placeholder:"WHAT" help:"Log to standard error: info has starts and ends, debug every step and file too. With run --out, record the metrics in its folder: as tensorboard event files, jsonl (JSON Lines) or csv."`
}

// check returns an error if the flag contradicts itself or is not for the command.
func (l logging) check(command string) error {
	var levels []string
	for _, what := range l.Log {
		switch {
		case recordFormatOf(what) == nil:
			levels = append(levels, what)
		case command != "run" && !strings.HasPrefix(command, "run "):
			return usage(fmt.Errorf("--log %s is for posttrain run with --out DIR: want off, info "+
				"or debug", what))
		}
	}
	if len(levels) > 1 {
		return usage(fmt.Errorf("--log has %s: want one of them", prose.List(levels)))
	}
	return nil
}

// recorded returns the formats in which metrics are recorded, each once.
func (l logging) recorded() (formats []recordFormat) {
	for _, what := range l.Log {
		if f := recordFormatOf(what); f != nil && !slices.Contains(formats, f) {
			formats = append(formats, f)
		}
	}
	return formats
}

// logger returns a log to w with the level of the flag.
func (l logging) logger(w io.Writer) *slog.Logger {
	if !l.on() {
		return slog.New(slog.DiscardHandler)
	}
	level := slog.LevelInfo
	if slices.Contains(l.Log, "debug") {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// on reports whether anything is logged to standard error.
func (l logging) on() bool {
	return slices.Contains(l.Log, "info") || slices.Contains(l.Log, "debug")
}

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
