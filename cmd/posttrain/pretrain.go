package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

type pretrainCommand struct {
	Base   string   `arg:"" help:"Name of a base, see list bases."`
	Set    settings `sep:"none" placeholder:"KNOB=VALUE" help:"Make it otherwise: a knob of the base, see explain base/NAME, or a size of its task, such as hand=6; repeat for more, or separate by commas."`
	Size   string   `placeholder:"SIZE" help:"Size of the model and of its task's problems: page, full (about 5M weights) or large (about 25M)."`
	Verify bool     `help:"Compute it anew and compare with the base that is shipped, or with other settings with the one in the cache, bit for bit."`
	Out    string   `type:"file" placeholder:"FILE" help:"Also write the base here, in a new file or in the place of another base."`
	caching
	profiling
	threading
}

func (c *pretrainCommand) Run(env *environment) error {
	return c.profiled(func() error { return c.pretrain(env) })
}

func (c *pretrainCommand) pretrain(env *environment) error {
	b, err := c.named(env)
	if err != nil {
		return usage(err)
	}
	if err := writable(c.Out); err != nil {
		return usage(err)
	}
	if b, err = c.with(b); err != nil {
		return usage(err)
	}
	var known *knownBase
	if c.Verify { // before the work, in case that there is no base to compare with
		if known, err = c.known(env, b); err != nil {
			return err
		}
	}
	env.logStart("pretrain "+b.Name, int(c.Threads))
	params, err := c.compute(env, b, known != nil)
	if err != nil {
		return err
	}
	digest := params.Digest()
	fmt.Fprintln(env.out, digest) // even if the base cannot be written
	err = c.write(b, params)
	switch {
	case known == nil:
	case known.digest != digest:
		return errors.Join(err,
			fmt.Errorf("base %s: the digest of %s is %s, this run's is %s", b.Name, known.what,
				known.digest, digest))
	default:
		fmt.Fprintf(env.err, "%s has the same bits.\n", prose.Capital(known.what))
	}
	return err
}

// knownBase is a base that was computed before.
type knownBase struct{ what, digest string }

// known returns what --verify compares b with: the shipped base, or the one in the cache if b has
// other settings. It returns nil, and says so, if there is none.
func (c *pretrainCommand) known(env *environment, b recipe.Base) (*knownBase, error) {
	if shipped, err := env.catalogue.Base(b.Name); err != nil || shipped.Origin() == b.Origin() {
		params, err := env.catalogue.LoadBase(b.Name)
		if err != nil {
			return nil, err
		}
		return &knownBase{"the shipped base", params.Digest()}, nil
	}
	cache, err := c.open(env)
	if err != nil && c.Cache != "" {
		return nil, err
	}
	if err == nil {
		params, err := cache.Find(env, b)
		if err != nil {
			return nil, cmp.Or(env.interrupted("nothing was computed"), err)
		}
		if params != nil {
			return &knownBase{"the base in " + cache.File(b), params.Digest()}, nil
		}
	}
	fmt.Fprintln(env.err, "There is no base with these settings to compare with.")
	return nil, nil
}

// named returns the base of the argument.
func (c *pretrainCommand) named(env *environment) (recipe.Base, error) {
	b, err := env.catalogue.Base(c.Base)
	if err == nil {
		return b, nil
	}
	if name, _, more := strings.Cut(c.Base, ","); more || strings.ContainsAny(c.Base, "?=") {
		return b, fmt.Errorf("%s is more than the name of a base: its settings come behind --set, "+
			"as in pretrain %s --set dim=96,steps=500", c.Base, cmp.Or(taken(env, name), "cards"))
	}
	if e, isExhibit := env.catalogue.Exhibit(c.Base); isExhibit == nil {
		if r, err := env.catalogue.Parse(e.Name); err == nil && r.Values.Has("base") {
			return b, fmt.Errorf("%s is an exhibit, whose base is %s: want the name of a base",
				c.Base, r.Values.Choice("base"))
		}
	}
	return b, err
}

// taken returns the name if it is a base's, and "" otherwise.
func taken(env *environment, name string) string {
	if _, err := env.catalogue.Base(name); err != nil {
		return ""
	}
	return name
}

// compute returns the base's weights. One that is not part of the program is kept where run looks
// for it, and taken from there if it has been computed before, unless it is to be computed anew.
func (c *pretrainCommand) compute(env *environment, b recipe.Base, anew bool) (
	*model.Params, error) {
	cache, err := c.open(env)
	if err == nil {
		var p *model.Params
		if p, err = c.computeIn(env, cache, b, anew); !errors.Is(err, study.ErrCache) {
			return p, err
		}
	}
	if c.Cache != "" {
		return nil, err
	}
	fmt.Fprintf(env.err, "The base cannot be kept for run, and an interruption loses it: %s.\n",
		printable(err.Error()))
	return computing(env, b, int(c.Threads), study.Pretrain)
}

// computeIn is compute with a cache.
func (c *pretrainCommand) computeIn(env *environment, cache *study.Cache, b recipe.Base,
	anew bool) (*model.Params, error) {
	if anew || c.Size == "" && len(c.Set) == 0 {
		return computing(env, b, int(c.Threads), cache.Pretrain)
	}
	computed := false
	get := func(ctx context.Context, b recipe.Base, o study.PretrainOptions) (
		*model.Params, error) {
		begin := o.Begin
		o.Begin = func(b recipe.Base, made int) {
			computed = true
			begin(b, made)
		}
		return cache.Get(ctx, b, o)
	}
	p, err := computing(env, b, int(c.Threads), get)
	if err != nil {
		return nil, err
	}
	if !computed {
		fmt.Fprintf(env.err, "It was computed before, and is taken from %s.\n", cache.File(b))
	}
	fmt.Fprintf(env.err, "To start from it: posttrain run '%s?%s&lane=sft&lane=grpo'\n",
		b.Task.Name, strings.Join(b.LinkKeys(), "&"))
	return p, nil
}

// Help returns the text below the summary of --help.
func (*pretrainCommand) Help() string {
	return `Examples:

  posttrain pretrain cards --verify
  posttrain pretrain cards --set dim=96,layers=3,seed=2
  posttrain pretrain cards --size full --set hand=6 --out full.msgp

A base with other settings is kept for run, which finds it by its settings. Ctrl-C loses nothing:
the same command goes on where it was. With --verify the base is computed a
second time, without a look at the one that is kept, and the two are compared.`
}

// write writes the base to --out, if there is one.
func (c *pretrainCommand) write(b recipe.Base, params *model.Params) error {
	if c.Out == "" {
		return nil
	}
	file, err := b.Encode(params)
	if err != nil {
		return err
	}
	// again, because it may have been written in the meantime
	if err := checkpoint.CheckReplaceable(c.Out); err != nil {
		return err
	}
	return checkpoint.WriteFile(c.Out, file)
}

// with returns the base with the settings of the flags, of its own or of the sizes of its task.
func (c *pretrainCommand) with(b recipe.Base) (recipe.Base, error) {
	if c.Size == "" && len(c.Set) == 0 {
		return b, nil
	}
	sizes, others, err := c.Set.split(b.Task)
	if err != nil {
		return b, err
	}
	if c.Size != "" {
		others = append([]string{"size=" + c.Size}, others...)
	}
	size := c.Size
	for _, setting := range others {
		if text, ok := strings.CutPrefix(setting, "size="); ok {
			size = text
		}
	}
	t, err := b.Task.Resized(size, sizes)
	if err == nil {
		b, err = b.With(t, others...)
	}
	switch {
	case err != nil && c.Size != "" && !slices.Contains(recipe.Sizes(), c.Size):
		return b, fmt.Errorf("--size: %w", err)
	case err != nil:
		return b, fmt.Errorf("--set: %w", err)
	}
	return b, nil
}

// writable returns an error if the result of long work could not be written to
// path. It is called before the work.
func writable(path string) error {
	if path == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--out %s: there is no folder %s: make it, or name another", path,
			filepath.Dir(path))
	}
	err := checkpoint.CheckWritable(path)
	if err == nil {
		err = checkpoint.CheckReplaceable(path)
	}
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}
