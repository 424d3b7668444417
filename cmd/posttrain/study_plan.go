package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/workload"
)

type studyPlanCommand struct {
	studyArgument
	JSON   bool  `name:"json" help:"Print one line of JSON."`
	Cells  bool  `help:"Print the cells instead, a line of JSON each, in the order of the plan."`
	GFLOPs speed `name:"gflops" placeholder:"N" help:"Estimate the time at this speed of one thread, in billions of operations a second, instead of measuring it for a second."`
	// Not threading: nothing is computed.
	Threads wholeNumber `default:"${threads}" from:"1" to:"256" help:"Threads to estimate the time for, besides one."`
}

// speed is a flag for a speed; 0 means that it was not given.
type speed float64

// Decode reads the flag's value.
func (s *speed) Decode(ctx *kong.DecodeContext) error {
	token := ctx.Scan.Pop()
	x, err := strconv.ParseFloat(fmt.Sprint(token.Value), 64)
	if err != nil || !(x > 0 && x < 1e9) {
		return fmt.Errorf("expected a number above 0, such as 20, but got %q", token)
	}
	*s = speed(x)
	return nil
}

// Help returns the text below the summary of --help.
func (*studyPlanCommand) Help() string {
	return `Examples:

  posttrain study plan quick
  posttrain study plan mine.yaml --cells`
}

// studyPlan is what a plan says, as JSON.
type studyPlan struct {
	*design.Study
	Hash        string            `json:"hash"`
	Cells       int               `json:"cells"`
	Outlay      design.Outlay     `json:"outlay"` // in FLOPs
	GFLOPs      float64           `json:"gflops"` // of one thread
	Measured    bool              `json:"measured"`
	Seconds     float64           `json:"seconds"` // of one thread
	Decides     map[string]string `json:"decides"` // by hypothesis, in words
	Registered  design.Standing   `json:"registered"`
	History     string            `json:"history"` // why it is not known; "" if it is
	Exploratory []design.ArmName  `json:"exploratory"`

	entries int // of the lock file
}

func (c *studyPlanCommand) Run(env *environment) error {
	s, err := c.read(env)
	if err != nil {
		return err
	}
	if c.Cells {
		return printCells(env, s.Study)
	}
	outlay, err := s.Outlay(env.catalogue)
	if err != nil {
		return err
	}
	p := studyPlan{Study: s.Study, Hash: s.Lock().Hash, Cells: len(s.Study.Cells()), Outlay: outlay,
		Decides: map[string]string{}, Exploratory: append([]design.ArmName{}, s.Exploratory()...)}
	for _, h := range s.Hypotheses {
		p.Decides[h.Name] = h.Words()
	}
	p.Registered, p.History = s.standing(env, "")
	p.entries = len(s.entries)
	if err := p.time(env, float64(c.GFLOPs)); err != nil {
		return err
	}
	if c.JSON {
		return env.out.json(p)
	}
	return p.print(env, int(c.Threads))
}

// printCells prints every cell as a line of JSON.
func printCells(env *environment, s *design.Study) error {
	for _, c := range s.Cells() {
		if err := env.out.json(struct {
			ID         string      `json:"id"`
			Link       string      `json:"link"`
			Experiment string      `json:"experiment"`
			Arm        string      `json:"arm"`
			Config     string      `json:"config"`
			Base       uint64      `json:"base"`
			Seed       uint64      `json:"seed"`
			Part       design.Part `json:"part"`
		}{c.ID(), c.Link, c.Experiment, c.Arm, c.Config, c.Base, c.Seed, c.Part}); err != nil {
			return err
		}
	}
	return nil
}

// time estimates the time at a speed, or at speeds that it measures if that is 0.
func (p *studyPlan) time(env *environment, gflops float64) error {
	speeds := map[model.Config]float64{}
	work := p.Outlay.FLOPs()
	for _, a := range p.Outlay.Arms {
		if a.Shape == (model.Config{}) {
			continue // no network
		}
		speed, ok := speeds[a.Shape]
		if !ok {
			speed = gflops
			if gflops == 0 {
				speed = measureSpeed(env, workload.Model{Config: a.Shape, Tokens: a.Tokens})
			}
			speeds[a.Shape] = speed
		}
		// what is left over, the pretraining, is shared out by the work of the arms
		share := (a.Training + a.Measuring) / (p.Outlay.Training + p.Outlay.Measuring)
		p.Seconds += share * work / speed / 1e9
	}
	if p.Seconds > 0 {
		p.GFLOPs, p.Measured = work/p.Seconds/1e9, gflops == 0
	}
	return env.interrupted("nothing was computed")
}

// measureSpeed returns how many billions of operations one thread does in a second while it trains
// a model.
func measureSpeed(env *environment, m workload.Model) float64 {
	const long, rounds = 0.1, 5 // seconds of a round
	m.Tokens = min(m.Tokens, m.Config.Context-1)
	work := workload.New(m, 1)
	work.SFT()
	var speeds []float64
	for range rounds {
		start, steps := env.clock(), 0
		for steps == 0 || env.clock()-start < long && env.Err() == nil {
			work.SFT()
			steps++
		}
		seconds := max(env.clock()-start, 1e-6)
		speeds = append(speeds,
			float64(steps*workload.Rows)*m.Config.TrainingFLOPs(m.Tokens, 0)/seconds/1e9)
	}
	slices.Sort(speeds)
	return speeds[rounds/2]
}

// print prints the plan for people.
func (p *studyPlan) print(env *environment, threads int) error {
	out := env.out
	fmt.Fprintf(out, "%s\n%s", p.Title, prose.Wrap(p.Question, ""))
	if p.Doc != "" {
		for paragraph := range strings.SplitSeq(p.Doc, "\n\n") {
			fmt.Fprint(out, "\n"+prose.Wrap(paragraph, ""))
		}
	}
	for _, e := range p.Experiments {
		if err := p.printExperiment(env, e); err != nil {
			return err
		}
	}
	p.printTime(env, threads)
	p.printHypotheses(env)
	return nil
}

func (p *studyPlan) printExperiment(env *environment, e design.Experiment) error {
	out := env.out
	fmt.Fprintf(out, "\n%s: %s\n", e.Name, e.Recipe)
	for _, part := range []struct {
		does         string
		bases, seeds []uint64
	}{{"tuned on ", e.Bases.Tune, e.Seeds.Tune}, {"judged on", e.Bases.Judge, e.Seeds.Judge}} {
		if len(part.seeds) == 0 {
			continue
		}
		on := ""
		if len(part.bases) > 0 {
			on = "bases " + seedList(part.bases) + ", "
		}
		fmt.Fprintf(out, "  %s %sseeds %s\n", part.does, on, seedList(part.seeds))
	}
	w := newTable(out)
	fmt.Fprintln(w)
	row(w, "  arm", "title", "cells", "GFLOP", "+ measuring", "configs")
	for _, a := range e.Arms {
		name := design.ArmName{Experiment: e.Name, Arm: a.Name}
		o := p.Outlay.Arms[slices.IndexFunc(p.Outlay.Arms,
			func(o design.ArmOutlay) bool { return o.ArmName == name })]
		for i, config := range a.Configs {
			if i == 0 {
				row(w, "  "+a.Name, a.Title, fmt.Sprint(o.Cells),
					fmt.Sprintf("%.0f", o.Training/1e9), fmt.Sprintf("%.0f", o.Measuring/1e9),
					config)
				continue
			}
			row(w, "", "", "", "", "", config)
		}
	}
	return w.Flush()
}

// seedList writes seeds as a study's file has them, such as 101..105|201.
func seedList(seeds []uint64) string {
	var parts []string
	for i := 0; i < len(seeds); {
		last := i
		for last+1 < len(seeds) && seeds[last+1] == seeds[last]+1 {
			last++
		}
		part := fmt.Sprint(seeds[i])
		if last > i {
			part += fmt.Sprintf("..%d", seeds[last])
		}
		parts, i = append(parts, part), last+1
	}
	return strings.Join(parts, "|")
}

func (p *studyPlan) printTime(env *environment, threads int) {
	o := p.Outlay
	text := fmt.Sprintf("%d cells.", p.Cells)
	if o.FLOPs() > 0 {
		text += fmt.Sprintf(" Training takes about %s, measuring %s.", flops(o.Training),
			flops(o.Measuring))
	}
	if o.Count > 0 {
		text += fmt.Sprintf(" Before that %d bases are computed, which takes %s.", o.Count,
			flops(o.Pretraining))
	}
	if p.Seconds > 0 {
		how := "which is assumed"
		if p.Measured {
			how = "which was measured just now on this machine, with models of this size"
		}
		text += fmt.Sprintf(" One thread does all of it in about %s at %.3g GFLOP/s, %s",
			duration(p.Seconds), p.GFLOPs, how)
		if threads > 1 {
			text += fmt.Sprintf("; %d threads in %s if each has a core of its own", threads,
				duration(p.Seconds/float64(threads)))
		}
		text += "."
	}
	fmt.Fprint(env.out, "\n"+prose.Wrap(text, ""))
}

// sentence writes a clause as a sentence, unless it begins with the name of a file.
func sentence(clause string) string {
	if strings.HasPrefix(clause, errNoHistory.Error()) {
		clause = prose.Capital(clause)
	}
	return clause + "."
}

// flops writes an amount of arithmetic, such as 12.3 TFLOP.
func flops(x float64) string {
	for _, unit := range []struct {
		name string
		size float64
	}{{"PFLOP", 1e15}, {"TFLOP", 1e12}, {"GFLOP", 1e9}} {
		if x >= unit.size || unit.size == 1e9 {
			return fmt.Sprintf("%.3g %s", x/unit.size, unit.name)
		}
	}
	return ""
}

// duration writes a time for people, such as 25 minutes.
func duration(seconds float64) string {
	switch {
	case seconds < 2:
		return "a second"
	case seconds < 120:
		return fmt.Sprintf("%.0f seconds", seconds)
	case seconds < 2*3600:
		return fmt.Sprintf("%.0f minutes", seconds/60)
	}
	return fmt.Sprintf("%.1f hours", seconds/3600)
}

func (p *studyPlan) printHypotheses(env *environment) {
	out := env.out
	if len(p.Hypotheses) == 0 {
		fmt.Fprintln(out, "\nIt claims nothing: all of it is exploratory.")
		return
	}
	for _, h := range p.Hypotheses {
		claim := fmt.Sprintf("%s (%s): %s", h.Name, p.Registered.Hypotheses[h.Name],
			strings.TrimSuffix(h.Says, "."))
		if h.Cite != "" {
			claim += " (" + h.Cite + ")"
		}
		fmt.Fprintf(out, "\n%s%s", prose.Wrap(claim+".", ""),
			prose.Wrap("Decided by: "+h.Words(), "  "))
	}
	a := p.Analysis
	correction := "corrected for their number by Holm's method"
	if a.Correction == design.NoCorrection {
		correction = "not corrected for their number"
	}
	if len(p.Hypotheses) == 1 {
		correction = "one hypothesis, which needs no correction"
	}
	text := fmt.Sprintf("Intervals of %g %%, %d resamples, %s.", 100*a.Level, a.Resamples,
		correction)
	if len(p.Exploratory) > 0 {
		var names []string
		for _, name := range p.Exploratory {
			names = append(names, name.String())
		}
		text += " No hypothesis is about " + strings.Join(names, ", ") + ", so what is seen " +
			"there is exploratory."
	}
	fmt.Fprint(out, "\n"+prose.Wrap(text, ""))
	registered := fmt.Sprintf("The study is %s.", p.Registered.Study)
	if p.Registered.Study == design.Unregistered {
		registered = "The study is not registered: posttrain study register writes down what it " +
			"claims."
	}
	if e := p.Registered.Entry; e != nil {
		registered = fmt.Sprintf("The study is %s (entry of %s, hash %.12s; as it is now, %.12s).",
			p.Registered.Study, e.Registered, e.Hash, p.Hash)
	}
	if n := p.entries; n > 1 {
		registered += fmt.Sprintf(" Its lock file has %d entries.", n)
	}
	if d := p.Registered.Dropped; len(d) > 0 {
		registered += fmt.Sprintf(" Registered, and no longer in the study: %s.",
			strings.Join(d, ", "))
	}
	if p.History != "" {
		registered += " " + sentence(p.History)
	}
	fmt.Fprint(out, prose.Wrap(registered, ""))
}
