package main

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
)

type runCommand struct {
	Link string `arg:"" help:"An exhibit, or a link such as 'cards?seed=7&lane=sft,lr=1e-3&lane=grpo,steps=200', bare or as a whole URL."`

	Lane   []string     `sep:"none" placeholder:"METHOD,KNOB=VALUE,..." help:"A lane instead of the recipe's; repeat for more. Stages are joined by ~."`
	Seed   *wholeNumber `placeholder:"N" from:"0" to:"9007199254740991" help:"Seed instead of the recipe's."`
	Seeds  *string      `placeholder:"A-B" help:"Run every seed from A to B and summarise."`
	Bases  *string      `placeholder:"A-B" help:"Run on every base whose pretraining has a seed from A to B, with each of the --seeds."`
	Steps  *wholeNumber `placeholder:"N" from:"1" to:"1000000" help:"Steps of every lane that has one stage, unless its --lane sets steps."`
	Size   string       `placeholder:"SIZE" help:"Size of the models and of the task's problems: page, full (about 5M weights) or large (about 25M)."`
	Set    settings     `sep:"none" placeholder:"KNOB=VALUE" help:"Set a knob of the recipe (explain task/NAME lists them) or of every stage that has it (explain method/NAME); repeat for more, or separate by commas."`
	Data   string       `type:"file" placeholder:"FILE" help:"Train on these prompts instead of the task's own: CSV with the columns prompt and answer (or completion), or JSON Lines with these fields or messages."`
	Reward string       `type:"file" placeholder:"FILE.star" help:"Learn from this reward, a program in Starlark, instead of from the verifier's: see docs/scripts.md. Scores are still measured by the verifier."`
	Task   string       `type:"file" placeholder:"FILE.star" help:"The task of your own that the link is about, a program in Starlark: see docs/scripts.md. The link begins with its name."`
	Base   string       `type:"file" placeholder:"FILE" help:"Start every lane that names no base of its own from the model in this checkpoint, as pretrain --out writes it. It takes the place of the base in the link and of that base's settings; those of its shape must fit the model."`
	Out    string       `type:"path" placeholder:"DIR" help:"Keep checkpoints and the result in this folder."`
	Resume bool         `help:"Go on with the run in the --out folder."`
	JSON   bool         `name:"json" help:"Print one event a line."`
	caching
	profiling
	threading
}

// Help returns the text below the summary of --help.
func (*runCommand) Help() string {
	return `Examples:

  posttrain run memorise
  posttrain run 'cards?lane=sft,style=y&lane=sft,steps=50~grpo,steps=100' --out try
  posttrain run cards --lane sft,lr=1e-3 --lane rloo --seeds 1-5 --json
  posttrain run cards --lane sft --lane grpo --data mine.csv
  posttrain run stories --lane grpo --reward mine.star
  posttrain run reverse --task reverse.star --lane sft,steps=50~grpo,steps=100
  posttrain run 'cards?base=cards,dim=128&lane=sft&lane=grpo' --bases 1-3 --seeds 1-3

Quote links: the shell has other plans for &.`
}

func (c *runCommand) Run(env *environment) error {
	return c.profiled(func() error { return c.run(env) })
}

func (c *runCommand) run(env *environment) error {
	catalogue, err := c.withTask(env)
	if err != nil {
		return usage(err)
	}
	r, err := c.recipe(catalogue)
	if err != nil {
		return usage(err)
	}
	if err := c.readData(env, r); err != nil {
		return usage(err)
	}
	if err := c.readReward(env, r); err != nil {
		return usage(err)
	}
	if c.Base != "" {
		m, err := readBase(env, c.Base)
		if err != nil {
			return err
		}
		if err := r.UseBase(m); err != nil {
			return usage(fmt.Errorf("--base: %w", err))
		}
	}
	if err := r.Ready(); err != nil {
		return usage(err)
	}
	seeds, err := c.seeds(r)
	if err != nil {
		return usage(err)
	}
	var bases []uint64
	if c.Bases != nil {
		if bases, err = c.bases(r, len(seeds)); err != nil {
			return usage(err)
		}
	}
	if len(env.recorded) > 0 && c.Out == "" {
		return usage(errors.New("--log tensorboard, jsonl and csv need --out DIR: the files go " +
			"into the run's folder"))
	}
	if r.Engine != train.Engine {
		fmt.Fprintf(env.err, "This link was made with engine %d; this program is engine %d, so "+
			"its numbers may differ.\n", r.Engine, train.Engine)
	}
	env.logStart("run", int(c.Threads))
	if !c.JSON {
		printOpening(env.out, r, c.again())
	}
	sayLonely(env.err, r)
	if err := enoughMemory("a run of these lanes", r.Bytes(int(c.Threads))); err != nil {
		return err
	}
	if c.Bases != nil {
		return c.pairs(env, r, bases, seeds)
	}
	folder, err := c.folders()
	if err != nil {
		return err
	}
	if err := c.supply(env, r, int(c.Threads)); err != nil {
		return err
	}
	var results []*study.Result
	for _, seed := range seeds {
		result, err := c.one(env, r, seed, folder)
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	if c.Seeds == nil {
		return nil
	}
	summary, err := study.Summarise(r, results)
	if err != nil {
		return err
	}
	if c.JSON {
		return env.out.json(summary)
	}
	return printSummary(env.out, r, summary)
}

// again returns the flags that are needed beside the link to repeat the run.
func (c *runCommand) again() (flags []string) {
	if c.Seeds != nil {
		flags = append(flags, "--seeds", *c.Seeds)
	}
	if c.Bases != nil {
		flags = append(flags, "--bases", *c.Bases)
	}
	for _, f := range []struct{ name, file string }{{"--task", c.Task}, {"--data", c.Data},
		{"--reward", c.Reward}, {"--base", c.Base}} {
		if f.file != "" {
			flags = append(flags, f.name, f.file)
		}
	}
	return flags
}

// recipe applies the flags to the link.
func (c *runCommand) recipe(catalogue *recipe.Catalogue) (*recipe.Recipe, error) {
	r, err := catalogue.Parse(c.Link, c.Lane...)
	if err != nil {
		return nil, cmp.Or(notALink(c.Link), err)
	}
	if c.Seed != nil {
		if err := r.SetSeed(uint64(*c.Seed)); err != nil {
			return nil, err
		}
	}
	if c.Size != "" {
		if err := r.SetSize(c.Size); err != nil {
			return nil, fmt.Errorf("--size: %w", err)
		}
	}
	if c.Steps != nil {
		if err := c.setSteps(r); err != nil {
			return nil, err
		}
	}
	return r, c.Set.each(r.Set)
}

// setSteps gives the steps of --steps to the lanes of one stage whose --lane does not set their
// own. It returns an error if there are none.
func (c *runCommand) setSteps(r *recipe.Recipe) error {
	set, chains := 0, 0
	for i, lane := range r.Lanes {
		own := i < len(c.Lane) && strings.Contains(c.Lane[i], ",steps=")
		switch {
		case len(lane) > 1:
			chains++
		case !own:
			if err := r.SetSteps(i, int(*c.Steps)); err != nil {
				return err
			}
			set++
		}
	}
	switch {
	case set > 0:
		return nil
	case chains == len(r.Lanes):
		return errors.New("--steps is for lanes of one stage, and every lane here is a chain: " +
			"give each stage its own, as in sft,steps=100~grpo,steps=200")
	}
	return fmt.Errorf("--steps=%d has no lane to set: every --lane of one stage sets its own "+
		"steps, so leave out one of the two", *c.Steps)
}

// seeds reads --seeds, or returns the recipe's one seed.
func (c *runCommand) seeds(r *recipe.Recipe) ([]uint64, error) {
	if c.Seeds == nil {
		return []uint64{r.Seed()}, nil
	}
	if c.Seed != nil {
		return nil, errors.New("--seed and --seeds exclude each other: want one of them")
	}
	return seedRange("--seeds", *c.Seeds)
}

// mostSeeds bounds the number of runs of one command.
const mostSeeds = 10_000

// seedRange reads a range of seeds such as 1-5 from a flag.
func seedRange(flag, text string) (seeds []uint64, err error) {
	first, last, ok := strings.Cut(text, "-")
	from, err1 := strconv.ParseUint(first, 10, 53)
	to, err2 := strconv.ParseUint(last, 10, 53)
	if !ok || err1 != nil || err2 != nil || to < from || to-from >= mostSeeds {
		return nil, fmt.Errorf("%s=%s: expected A-B, two whole numbers with A at most B and "+
			"at most %d seeds, such as 1-3", flag, text, mostSeeds)
	}
	for seed := from; seed <= to; seed++ {
		seeds = append(seeds, seed)
	}
	return seeds, nil
}

// one runs the recipe with one seed and prints the run.
func (c *runCommand) one(env *environment, r *recipe.Recipe, seed uint64,
	folder folders) (*study.Result, error) {
	r = r.Clone()
	if err := r.SetSeed(seed); err != nil {
		return nil, usage(err)
	}
	o := study.Options{Threads: int(c.Threads), Clock: env.clock, Folder: folder(0, seed)}
	records := env.recorderIn(o.Folder, seed)
	if c.Resume {
		records.sayMissing(env, r)
	}
	run := c.show
	if c.JSON {
		run = c.stream
	}
	result, err := run(env, r, o, records)
	err = errors.Join(err, records.close())
	if result != nil {
		for _, note := range result.Unchecked {
			fmt.Fprintf(env.err, "%s.\n", printable(note))
		}
	}
	return result, c.outcome(env, err)
}

// stream runs the recipe and prints every event as a line of JSON. It prints the
// result even if that could not be kept.
func (c *runCommand) stream(env *environment, r *recipe.Recipe, o study.Options,
	records *recorder) (*study.Result, error) {
	tell := func(paragraph string) { fmt.Fprint(env.err, paragraph) }
	o.Observe = alsoLog(env, r.Seed(), records.recording(alsoFind(r, tell, func(e protocol.Event) {
		_ = env.out.json(eventLine(nil, r.Seed(), e)) // output keeps the error
	})))
	result, err := study.Run(env, r, o)
	if result != nil {
		err = errors.Join(err, env.out.json(result))
	}
	return result, err
}

// show runs the recipe, shows its progress, and prints tables at the end. It
// prints them even if the result could not be kept.
func (c *runCommand) show(env *environment, r *recipe.Recipe, o study.Options,
	records *recorder) (*study.Result, error) {
	if c.Seeds != nil {
		fmt.Fprintf(env.out, "Seed %d\n\n", r.Seed())
	}
	progress := watch(env, r)
	o.Observe = alsoLog(env, r.Seed(), records.recording(alsoFind(r, progress.tell,
		progress.observe)))
	result, err := study.Run(env, r, o)
	if result != nil {
		progress.finish(result)
	}
	progress.close()
	if result != nil {
		err = errors.Join(err, printResult(env.out, r, result))
	}
	if result != nil && c.Seeds == nil {
		printLegend(env.out, r)
		fmt.Fprintln(env.out,
			"digest: fingerprint of a lane's weights, the same on every machine")
	}
	return result, err
}

// eventLine returns the value that is printed for an event as a line of JSON. base is the seed of
// the base with --bases, and nil otherwise.
func eventLine(base *uint64, seed uint64, e protocol.Event) any {
	return struct {
		Event   protocol.EventKind `json:"event"`
		Base    *uint64            `json:"base,omitempty"`
		Seed    uint64             `json:"seed"`
		Lane    string             `json:"lane"`
		Stage   int                `json:"stage"`
		Step    int                `json:"step"`
		Metrics map[string]float64 `json:"metrics,omitempty"`
		Samples []protocol.Sample  `json:"samples,omitempty"`
		Cost    protocol.Cost      `json:"cost"`
	}{e.Kind, base, seed, e.Lane, e.Stage, e.Step, study.ByName(e.Metrics), e.Samples, e.Cost}
}
