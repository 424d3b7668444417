package main

import (
	"fmt"
	"os"

	"posttrain/core/recipe"
)

// bring reads the data set that the recipe is to be trained on, if any.
func (c *runCommand) bring(env *environment, r *recipe.Recipe) error {
	if c.Data == "" {
		return nil
	}
	text, err := os.ReadFile(c.Data)
	if err != nil {
		return err
	}
	d, err := r.Task.ReadData(c.Data, string(text))
	if err != nil {
		return err
	}
	if d.Dropped > 0 {
		fmt.Fprintf(env.err, "Of %d rows in %s, %d are left out: they are among the problems that are held out for measuring.\n", d.Len()+d.Dropped, c.Data, d.Dropped)
	}
	return r.Bring(d)
}
