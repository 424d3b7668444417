//go:build js && wasm && page && scripts

package main

import (
	"fmt"
	"syscall/js"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
	"github.com/posttrain/posttrain/core/train"
)

// catalogue returns the catalogue whose links are read: those with programs too.
func catalogue() *recipe.Catalogue { return recipe.Standard().WithScripts(script.Starlark{}) }

// scripts offers what the page needs to write programs.
type scripts struct {
	catalogue *recipe.Catalogue
	lane      *lane // has the bases
}

// scripting returns the functions about programs of the user's own, by name. Their comments say
// what the arguments are and what the result is.
func scripting(c *recipe.Catalogue, l *lane) map[string]function {
	s := scripts{c, l}
	return map[string]function{
		"programs": s.programs, "takeReward": s.takeReward, "takeTask": s.takeTask,
		"tryReward": s.tryReward,
	}
}

// programs returns the rewards and the tasks to start from, lists of script.Example, as JSON.
func (s scripts) programs([]js.Value) (any, error) {
	return asJSON(map[string][]script.Example{"rewards": script.Rewards(), "tasks": script.Tasks()})
}

// takeTask takes the text of a task and returns the link of an experiment on it, as JSON.
func (s scripts) takeTask(args []js.Value) (any, error) {
	c, err := s.catalogue.WithTask(recipe.LinkedTask, args[0].String())
	if err != nil {
		return nil, err
	}
	t := c.Tasks()[len(c.Tasks())-1]
	r, err := c.Parse(t.Name, "sft,steps=60", "grpo,steps=60")
	if err != nil {
		return nil, err
	}
	if r.Describe().Task.Program.Script == "" {
		return nil, fmt.Errorf("%s is too long for a link, in which the page keeps it: make it "+
			"shorter, or pass it to posttrain run with --task", recipe.LinkedTask)
	}
	return asJSON(r.Address())
}

// takeReward takes a link without a reward of one's own and the text of one. It returns the link of
// the recipe that learns from it, as JSON.
func (s scripts) takeReward(args []js.Value) (any, error) {
	r, err := s.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	if err := r.SetReward(recipe.LinkedReward, args[1].String()); err != nil {
		return nil, err
	}
	if r.Describe().Reward.Script == "" {
		return nil, fmt.Errorf("%s is too long for a link, in which the page keeps it: make it "+
			"shorter, or pass it to posttrain run with --reward", recipe.LinkedReward)
	}
	return asJSON(r.Address())
}

// tryReward takes a link with a reward of one's own, and how many prompts and answers to each to
// try it on. It returns answers of the base of the first lane as a list of protocol.Sample, as
// JSON.
func (s scripts) tryReward(args []js.Value) (any, error) {
	r, err := s.lane.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	lanes, err := r.Plan()
	if err != nil {
		return nil, err
	}
	samples, err := train.TryReward(lanes[0], args[1].Int(), args[2].Int(), 1)
	if err != nil {
		return nil, err
	}
	return asJSON(samples)
}
