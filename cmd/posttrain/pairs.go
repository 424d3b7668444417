package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// pair is one run of --bases: a seed of the base and a seed of the run.
type pair struct {
	base, seed uint64
	recipe     *recipe.Recipe
	result     *study.Result
	err        error
}

// label names the pair among the others.
func (p *pair) label() string { return fmt.Sprintf("base %d seed %d", p.base, p.seed) }

// bases reads --bases, which is for so many seeds each.
func (c *runCommand) bases(r *recipe.Recipe, seeds int) ([]uint64, error) {
	if c.Base != "" {
		return nil, errOwnBase
	}
	bases, err := seedRange("--bases", *c.Bases)
	if err == nil && r.Values.Has("base") && len(bases)*seeds > mostSeeds {
		err = fmt.Errorf("--bases and --seeds make %d runs: want at most %d", len(bases)*seeds,
			mostSeeds)
	}
	return bases, err
}

// pairs runs the recipe with every seed on every base, as many at once as there are threads.
func (c *runCommand) pairs(env *environment, r *recipe.Recipe, bases, seeds []uint64) error {
	folder, err := c.folders()
	if err != nil {
		return err
	}
	var all []*pair
	for _, base := range bases {
		ofBase := r.Clone()
		if err := ofBase.SetBaseKnob("seed", fmt.Sprint(base)); err != nil {
			return usage(fmt.Errorf("--bases: %w", err))
		}
		if err := c.supply(env, ofBase, int(c.Threads)); err != nil {
			return err
		}
		for _, seed := range seeds {
			p := &pair{base: base, seed: seed, recipe: ofBase.Clone()}
			if err := p.recipe.SetSeed(seed); err != nil {
				return usage(err)
			}
			all = append(all, p)
		}
	}
	workers := min(int(c.Threads), len(all))
	needed := float64(workers) * r.Bytes(max(1, int(c.Threads)/workers))
	if err := enoughMemory(fmt.Sprintf("running %d at once", workers), needed); err != nil {
		return err
	}
	c.runAll(env, all, folder, workers)
	results := make([][]*study.Result, len(bases))
	for i, p := range all {
		if p.err != nil {
			return c.outcome(env, p.err)
		}
		results[i/len(seeds)] = append(results[i/len(seeds)], p.result)
	}
	summary, err := study.SummariseBases(r, bases, results)
	if err != nil {
		return err
	}
	if c.JSON {
		return env.out.json(summary)
	}
	return printBases(env.out, r, summary)
}

// runAll runs all pairs. If one fails, those that have begun go on to their ends.
func (c *runCommand) runAll(env *environment, all []*pair, folder folders, workers int) {
	var lines []progressLane
	for _, p := range all {
		if !c.JSON {
			lines = append(lines, progressLane{p.label(), stepsOf(p.recipe)})
		}
	}
	progress := newProgress(env, lines)
	defer progress.close()
	var output sync.Mutex
	todo := make(chan *pair)
	var done sync.WaitGroup
	for range workers {
		done.Go(func() {
			for p := range todo {
				o := study.Options{Threads: max(1, int(c.Threads)/workers), Clock: env.clock,
					Folder: folder(p.base, p.seed)}
				records := env.recorderIn(o.Folder, p.seed)
				if c.Resume {
					output.Lock()
					records.sayMissing(env, p.recipe)
					output.Unlock()
				}
				o.Observe = records.recording(c.observePair(env, p, progress, &output))
				result, err := study.Run(env, p.recipe, o)
				err = errors.Join(err, records.close())
				output.Lock()
				p.result, p.err = result, err
				c.report(env, p, progress)
				output.Unlock()
			}
		})
	}
	failed := false
	for _, p := range all {
		output.Lock()
		for _, before := range all {
			failed = failed || before.err != nil
		}
		output.Unlock()
		if failed || env.Err() != nil { // no more are begun
			p.err = env.Err() // if it is nil, a pair before this one has failed
			continue
		}
		todo <- p
	}
	close(todo)
	done.Wait()
}

// observePair returns what is called with the events of a pair.
func (c *runCommand) observePair(env *environment, p *pair, progress *progress,
	output *sync.Mutex) func(protocol.Event) {
	steps := map[string]int{} // by lane
	return alsoLog(env, p.seed, func(e protocol.Event) {
		output.Lock()
		defer output.Unlock()
		if c.JSON {
			_ = env.out.json(eventLine(&p.base, p.seed, e)) // output keeps the error
			return
		}
		steps[e.Lane] = e.Step
		sum := 0
		for _, n := range steps {
			sum += n
		}
		progress.at(p.label(), sum)
	})
}

// report prints the end of a pair.
func (c *runCommand) report(env *environment, p *pair, progress *progress) {
	if p.result == nil {
		return
	}
	for _, note := range p.result.Unchecked {
		fmt.Fprintf(env.err, "%s.\n", printable(note))
	}
	if c.JSON {
		_ = env.out.json(p.result) // output keeps the error
		return
	}
	var lanes []string
	for _, lane := range p.result.Lanes {
		scores := ""
		for _, level := range p.recipe.Task.Levels {
			scores += fmt.Sprintf(" %s %.2f", level.Name, lane.Metrics[level.Metric()])
		}
		lanes = append(lanes, lane.Label+scores)
	}
	progress.at(p.label(), stepsOf(p.recipe))
	progress.say(p.label(), stepsOf(p.recipe), strings.Join(lanes, ", "))
}

// stepsOf returns how many updates all lanes of a recipe make together.
func stepsOf(r *recipe.Recipe) (steps int) {
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			steps += stage.Values.Int("steps")
		}
	}
	return steps
}

// printBases prints the closing tables of several seeds on several bases.
func printBases(out *output, r *recipe.Recipe, s study.Summary) error {
	if len(s.Bases) == 1 {
		fmt.Fprintln(out, "One base: the intervals are of its seeds, and say nothing about other "+
			"bases.")
	} else {
		fmt.Fprintf(out, "On %d bases with %d seeds each. Intervals of means are over bases, "+
			"since runs on one base are not independent.\n", len(s.Bases), len(s.Seeds))
	}
	if err := printSummary(out, r, s); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nHow much runs differ, as standard deviations with 95 %% intervals:\n\n")
	w := newTable(out)
	row(w, "lane", "level", "between bases", "between seeds on one base")
	number := func(x float64) string { return fmt.Sprintf("%.3f", x) }
	for _, lane := range s.Lanes {
		for _, level := range r.Task.Levels {
			v := lane.Variation[level.Metric()]
			row(w, short(lane.Label), level.Name, v.BetweenBases.Text(number),
				v.BetweenSeeds.Text(number))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	switch {
	case len(s.Bases) == 1:
		fmt.Fprintln(out, "\nOne base does not tell how much bases differ: want --bases A-B with "+
			"two or more.")
	case len(s.Seeds) == 1:
		fmt.Fprintln(out, "\nOne seed on each base does not tell apart what is the base's and "+
			"what is the seed's: want --seeds A-B with two or more.")
	}
	return nil
}

// folderOf returns the path of a pair's folder below --out.
func folderOf(out string, base, seed uint64) string {
	return filepath.Join(out, fmt.Sprintf("base-%d", base), fmt.Sprintf("seed-%d", seed))
}

var errOwnBase = errors.New("--bases and --base exclude each other: a model from a file is one " +
	"base")
