package main

import (
	"fmt"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
)

// bring reads the data set that the recipe is to be trained on, if any.
func (c *runCommand) bring(env *environment, r *recipe.Recipe) error {
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
		fmt.Fprintf(env.err, "Of %d rows in %s, %d are left out: they are among the problems that are held out for measuring.\n", d.Len()+d.Dropped, c.Data, d.Dropped)
	}
	return r.SetUserData(d)
}

// maxText is far above what a data set may have, in two bytes a symbol.
const maxText = 1 << 23

// readText reads a file in UTF-16 when its byte order mark says so, as Excel
// writes what it calls Unicode text, and in UTF-8 otherwise. In the page the
// browser does that, which costs the trainer no bytes.
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
