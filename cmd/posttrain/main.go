// Command posttrain runs post-training experiments natively: the same core, and
// the same bits, as the page.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
)

//go:generate go test -vet=off -run ^TestDocs$ . -update

// Exit codes of the command line.
const (
	exitFailed = 1
	exitUsage  = 2
)

type commandLine struct {
	List     listCommand     `cmd:"" help:"List what there is: tasks, methods, bases, exhibits or metrics."`
	Explain  explainCommand  `cmd:"" help:"Explain one thing, such as method/grpo or exhibit/memorise."`
	Run      runCommand      `cmd:"" help:"Run an exhibit or a link."`
	Pretrain pretrainCommand `cmd:"" help:"Make a base model of your own, or a shipped one again."`
	Eval     evalCommand     `cmd:"" help:"Measure a checkpoint on its task."`
	Sample   sampleCommand   `cmd:"" help:"Let a checkpoint answer a prompt."`
	Annotate annotateCommand `cmd:"" help:"Judge pairs of answers, and see what a reward model learns from that."`
	Check    checkCommand    `cmd:"" help:"Check a lesson, or the numbers in a sheet that a student has handed in after one."`
	Digest   digestCommand   `cmd:"" help:"Print a checkpoint's digest: equal digests are equal bits."`
	Data     dataCommand     `cmd:"" help:"Write demonstrations, preference pairs or rollouts as JSON Lines."`
	Export   exportCommand   `cmd:"" help:"Write a checkpoint as a folder that transformers reads."`
	Import   importCommand   `cmd:"" help:"Read a checkpoint from a folder that transformers has written."`
	Config   configCommand   `cmd:"" name:"export-config" help:"Translate a link into the settings of another trainer."`
	Logits   logitsCommand   `cmd:"" help:"Print the logits of tokens given as JSON on standard input."`
	Coeffs   coeffsCommand   `cmd:"" help:"Print a method's per-token coefficients for a batch given as JSON on standard input."`
	Study    studyCommand    `cmd:"" help:"Plan, register and run a study of several methods, bases and seeds."`
	Guide    guideCommand    `cmd:"" help:"Say which methods suit a situation, from the results of studies."`
	Bench    benchCommand    `cmd:"" help:"Time the reference work of docs/performance.md."`

	logging
	Version kong.VersionFlag `help:"Print the version, the engine, which a link's v names, and the revision."`
}

func main() {
	// The first interrupt ends the context, so that a run can leave a checkpoint.
	// After that, signals have their usual effect, so that the next one kills.
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		signals = append(signals, syscall.SIGHUP) // the terminal was closed
	}
	interrupted, stop := signal.NotifyContext(context.Background(), signals...)
	context.AfterFunc(interrupted, stop)
	ctx, cancel := context.WithCancel(interrupted)
	start := time.Now()
	os.Exit(run(os.Args[1:], &environment{
		Context: ctx, in: &input{os.Stdin, ctx}, out: &output{to: os.Stdout, failed: cancel},
		err:   os.Stderr,
		clock: func() float64 { return time.Since(start).Seconds() },
		wall:  func() float64 { return float64(time.Now().UnixMicro()) / 1e6 },

		catalogue: recipe.Standard().WithScripts(script.Starlark{}),
	}))
}

// run runs the program on its arguments and returns the exit code.
func run(args []string, env *environment) (code int) {
	defer func() {
		// the Go runtime would exit with 2, which here means a usage error
		if p := recover(); p != nil {
			code = report(env, fault(p, debug.Stack()))
		}
	}()
	if len(args) > 0 && args[0] == "help" {
		args = append(args[1:len(args):len(args)], "--help")
	}
	var c commandLine
	exited := -1
	parser := newParser(&c, env, func(code int) { exited = code })
	command, err := parser.Parse(args)
	switch {
	case exited >= 0: // help was printed
		err = nil
	case err != nil:
		err = misused(parser, env.catalogue, err)
	default:
		err = c.logging.check(command.Command())
		if err == nil {
			env.log, env.logs, env.recorded = c.logger(env.err), c.on(), c.recorded()
			err = command.Run(env)
		}
	}
	return report(env, err)
}

// newParser returns the parser of the command line, which fills in c. exit is called in place of
// os.Exit after help was printed.
func newParser(c *commandLine, env *environment, exit func(code int)) *kong.Kong {
	return kong.Must(c,
		kong.Name("posttrain"),
		kong.Description("Post-training methods on one small model: SFT, RL and what lies "+
			"between, to the last bit the same everywhere."),
		kong.Writers(env.out, env.err),
		kong.Exit(exit),
		kong.NamedMapper("path", kong.MapperFunc(path)),
		kong.NamedMapper("file", kong.MapperFunc(file)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{
			"threads": fmt.Sprint(min(runtime.GOMAXPROCS(0), maxThreads)),
			"version": versionText(buildInfo()),
		},
	)
}

// origin matches the newest function of this module in the stack of a panic. Its
// group is the file and the line.
var origin = regexp.MustCompile(
	`(?s)\npanic\(.*?\n(?:github\.com/posttrain/posttrain/|main\.)[^\n]*\n\t(?:[^\n]*/)?([^/\n]+/[^/\n]+\.go:\d+)`)

// fault returns an error about a panic. If the panic was in another goroutine, its
// text contains that goroutine's stack, see parallel.Do.
func fault(p any, stack []byte) error {
	text := fmt.Sprint(p)
	what, _, _ := strings.Cut(text, "\n")
	if at := origin.FindStringSubmatch(text + "\n" + string(stack)); at != nil {
		what += ", in " + at[1]
	}
	return fmt.Errorf("this is a fault of the program, not of what it was asked for: %s; please "+
		"report it with the command and what posttrain --version prints", what)
}

// report prints an error in one line and chooses the exit code.
func report(env *environment, err error) int {
	if env.out.err != nil && !errors.Is(err, env.out.err) {
		err = env.out.err
	}
	if err == nil {
		return 0
	}
	var wrong usageError
	fmt.Fprintf(env.err, "posttrain: %s\n", printable(err.Error()))
	if !errors.As(err, &wrong) {
		return exitFailed
	}
	if wrong.try != "" {
		fmt.Fprintf(env.err, "try %s\n", wrong.try)
	}
	return exitUsage
}

// printable returns a text on one line and escapes control sequences: an error
// may quote the content of a file.
func printable(text string) string {
	var b strings.Builder
	for _, r := range strings.ReplaceAll(text, "\n", "; ") {
		if unicode.IsPrint(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}
