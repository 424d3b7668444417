// Command posttrain runs post-training experiments natively: the same core, and
// the same bits, as the page.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// Exit codes of the command line.
const (
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in how the program was called.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return usageError{err}
}

// environment is what a command may touch of the world.
type environment struct {
	context.Context
	in       io.Reader
	out, err io.Writer
	clock    func() float64 // seconds since the start
}

type commandLine struct {
	List     listCommand     `cmd:"" help:"List what there is: tasks, methods, bases, exhibits or metrics."`
	Explain  explainCommand  `cmd:"" help:"Explain one thing, such as method/grpo or exhibit/memorise."`
	Run      runCommand      `cmd:"" help:"Run an exhibit or a link."`
	Pretrain pretrainCommand `cmd:"" help:"Make a base model again."`
	Eval     evalCommand     `cmd:"" help:"Measure a checkpoint on its task."`
	Sample   sampleCommand   `cmd:"" help:"Let a checkpoint answer a prompt."`
	Digest   digestCommand   `cmd:"" help:"Print a checkpoint's digest: equal digests are equal bits."`
	Logits   logitsCommand   `cmd:"" help:"Print the logits of tokens given as JSON on standard input."`
	Coeffs   coeffsCommand   `cmd:"" help:"Print a method's per-token coefficients for a batch given as JSON on standard input."`
	Bench    benchCommand    `cmd:"" help:"Time the reference work of docs/performance.md."`
}

func main() { os.Exit(Main()) }

// Main runs the program on the process's arguments and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	start := time.Now()
	return run(os.Args[1:], &environment{
		Context: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr,
		clock: func() float64 { return time.Since(start).Seconds() },
	})
}

func run(args []string, env *environment) (code int) {
	var c commandLine
	exited := -1
	parser := kong.Must(&c,
		kong.Name("posttrain"),
		kong.Description("Post-training methods on one small model: SFT, RL and what lies between, to the last bit the same everywhere."),
		kong.Writers(env.out, env.err),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"threads": fmt.Sprint(runtime.GOMAXPROCS(0))},
	)
	command, err := parser.Parse(args)
	if exited >= 0 { // help was printed
		return exited
	}
	if err == nil {
		err = command.Run(env)
	} else {
		err = usage(err)
	}
	return report(env, err)
}

// report prints an error in one line and chooses the exit code.
func report(env *environment, err error) int {
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(env.err, "posttrain: interrupted")
		return exitFailed
	case errors.As(err, &wrong):
		fmt.Fprintf(env.err, "posttrain: %v\n", err)
		return exitUsage
	default:
		fmt.Fprintf(env.err, "posttrain: %v\n", err)
		return exitFailed
	}
}
