package main

import (
	"fmt"
	"path/filepath"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
)

// readData reads the recipe's data set from the file of --data, if there is one.
func (c *runCommand) readData(env *environment, r *recipe.Recipe) error {
	if c.Data == "" {
		return nil
	}
	text, err := readText(env, c.Data)
	if err != nil {
		return err
	}
	d, err := r.Task.ReadData(c.Data, text)
	if err != nil {
		return err
	}
	env.log.Debug("read", "file", c.Data, "rows", d.Len(), "left_out", d.Dropped)
	if d.Dropped > 0 {
		are := "are left out: they are"
		if d.Dropped == 1 {
			are = "is left out: it is"
		}
		fmt.Fprintf(env.err, "Of %s in %s, %d %s among the problems that are held out for "+
			"measuring.\n", prose.Count(d.Len()+d.Dropped, "row"), c.Data, d.Dropped, are)
	}
	return r.SetUserData(d)
}

// maxText is the largest size of a file in bytes. It is far above that of any
// data set that is accepted, even with two bytes per symbol.
const maxText = 1 << 23

// readText reads a file as UTF-16 if it starts with that byte order mark, as
// Excel writes "Unicode text", and as UTF-8 otherwise. In the page the browser
// does this, so that the trainer is smaller.
func readText(env *environment, path string) (string, error) {
	data, err := checkpoint.ReadFile(env, path, maxText)
	if interrupted := env.interrupted(path + " was not read to its end"); interrupted != nil {
		return "", interrupted
	}
	if err != nil {
		return "", err
	}
	text, _, err := transform.Bytes(unicode.BOMOverride(transform.Nop), data)
	return string(text), err
}

// withTask returns the catalogue with the task in the file of --task, if there is one.
func (c *runCommand) withTask(env *environment) (*recipe.Catalogue, error) {
	if c.Task == "" {
		return env.catalogue, nil
	}
	text, err := readText(env, c.Task)
	if err != nil {
		return nil, err
	}
	env.log.Debug("read", "file", c.Task)
	return env.catalogue.WithTask(filepath.Base(c.Task), text)
}

// readReward reads the recipe's own reward from the file of --reward, if there is one.
func (c *runCommand) readReward(env *environment, r *recipe.Recipe) error {
	if c.Reward == "" {
		return nil
	}
	text, err := readText(env, c.Reward)
	if err != nil {
		return err
	}
	env.log.Debug("read", "file", c.Reward)
	return r.SetReward(filepath.Base(c.Reward), text)
}
