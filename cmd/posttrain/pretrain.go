package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

type pretrainCommand struct {
	Base   string   `arg:"" help:"Name of a base, see list bases."`
	Set    []string `sep:"none" placeholder:"KNOB=VALUE" help:"Make it otherwise: a knob of the base, see explain base/NAME; repeat for more."`
	Verify bool     `help:"Compare with the base as it is shipped or computed, bit for bit."`
	Out    string   `type:"path" placeholder:"FILE" help:"Write the base here, in a new file or in the place of another base."`
	profiling
	threading
}

func (c *pretrainCommand) Run(env *environment) error {
	return c.profiled(func() error { return c.pretrain(env) })
}

func (c *pretrainCommand) pretrain(env *environment) error {
	b, err := env.catalogue.Base(c.Base)
	if err != nil {
		return usage(err)
	}
	if err := writable(c.Out); err != nil {
		return usage(err)
	}
	p, err := c.pretraining(b)
	if err != nil {
		return usage(err)
	}
	shipped := ""
	if c.Verify { // before the work, in case that there is no base to compare with
		params, err := env.catalogue.LoadBase(b.Name)
		if err != nil {
			return err
		}
		shipped = params.Digest()
	}
	env.logStart("pretrain "+b.Name, int(c.Threads))
	steps := p.Values.Int("steps")
	fmt.Fprintf(env.err, "Pretraining %s: %d steps of %d examples.\n", b.Name, steps,
		p.Values.Int("batch"))
	progress := newProgress(env, []progressLane{{b.Name, steps}})
	start := env.clock()
	params, err := p.Run(int(c.Threads), func(step int, loss float64) error {
		const often = 250
		progress.at(b.Name, step+1)
		env.log.Debug("step", "step", step+1, "loss", loss, "seconds", env.clock()-start)
		if (step+1)%often == 0 || step+1 == steps {
			progress.say(b.Name, step+1,
				fmt.Sprintf("loss %.3f nats  %.1f s", loss, env.clock()-start))
		}
		return env.interrupted("nothing was kept")
	})
	progress.close()
	if err != nil {
		return err
	}
	digest := params.Digest()
	fmt.Fprintln(env.out, digest) // even if the base cannot be written
	err = c.write(p.Task.Name, params)
	switch {
	case !c.Verify:
	case shipped != digest:
		return errors.Join(err,
			fmt.Errorf("base %s: the shipped digest is %s, this run's is %s", b.Name, shipped,
				digest))
	default:
		fmt.Fprintln(env.err, "The shipped base has the same bits.")
	}
	return err
}

// write writes the base to --out, if there is one.
func (c *pretrainCommand) write(task string, params *model.Params) error {
	if c.Out == "" {
		return nil
	}
	file, err := checkpoint.EncodeBase(task, params)
	if err != nil {
		return err
	}
	// again, because it may have been written in the meantime
	if err := checkpoint.CheckReplaceable(c.Out); err != nil {
		return err
	}
	return checkpoint.WriteFile(c.Out, file)
}

// pretraining returns the pretraining of the base, with the settings of the flags.
func (c *pretrainCommand) pretraining(b recipe.Base) (train.Pretraining, error) {
	p := b.Pretraining()
	p.Values = p.Values.Clone()
	for _, setting := range c.Set {
		name, text, ok := strings.Cut(setting, "=")
		if !ok {
			return p, fmt.Errorf("--set %s: want KNOB=VALUE", setting)
		}
		if err := p.Values.Set(name, text); err != nil {
			return p, fmt.Errorf("--set: %w", err)
		}
	}
	if c.Verify && len(p.Values.Changed()) > 0 {
		return p, errors.New("--verify is for a base as it is shipped: leave out --set")
	}
	return p, nil
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
