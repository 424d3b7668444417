package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
)

// caching is the --cache flag of the commands that may need bases that are not part of the program.
type caching struct {
	Cache string `type:"path" placeholder:"DIR" help:"Keep bases that have to be computed here, instead of in the user's folder for caches."`
}

// open returns the cache.
func (c caching) open(env *environment) (*study.Cache, error) {
	path := c.Cache
	if path == "" {
		users, err := os.UserCacheDir()
		if err != nil {
			return nil, usage(errors.New("the base has to be computed, and the system names no " +
				"folder to keep it in: name one with --cache DIR"))
		}
		path = filepath.Join(users, "posttrain")
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		return nil, usage(fmt.Errorf("--cache %s is a file: want the name of a folder", path))
	}
	cache := study.NewCache(path)
	cache.Note = func(sentence string) { fmt.Fprintf(env.err, "%s.\n", printable(sentence)) }
	return cache, nil
}

// supply gives a recipe the bases that are not part of the program: from the cache, or computed and
// kept there.
func (c caching) supply(env *environment, r *recipe.Recipe, threads int) error {
	missing := r.Unshipped()
	if len(missing) == 0 {
		return nil
	}
	cache, err := c.open(env)
	if err != nil {
		return err
	}
	for _, b := range missing {
		p, err := cache.Get(env, b, func() (*model.Params, error) {
			return pretrain(env, b.Name, b.Pretraining(), threads, "nothing was kept")
		})
		if err != nil {
			if env.Err() != nil {
				return env.interrupted("nothing was kept")
			}
			return err
		}
		env.log.Debug("base", "base", b.Name, "file", cache.File(b))
		r.Supply(b, p)
	}
	return nil
}

// pretrain computes a base and shows its progress. outcome says what an interruption leaves.
func pretrain(env *environment, name string, p train.Pretraining, threads int,
	outcome string) (*model.Params, error) {
	if err := enoughMemory("the pretraining", p.Bytes(threads)); err != nil {
		return nil, err
	}
	steps, weights := p.Values.Int("steps"), p.Config.Weights()
	fmt.Fprintf(env.err, "Pretraining %s: %d steps of %d examples, %s weights.\n", name, steps,
		p.Values.Int("batch"), inMillions(weights))
	progress := newProgress(env, []progressLane{{name, steps}})
	defer progress.close()
	start := env.clock()
	return p.Run(threads, func(step int, loss float64) error {
		const often = 250
		progress.at(name, step+1)
		env.log.Debug("step", "step", step+1, "loss", loss, "seconds", env.clock()-start)
		if (step+1)%often == 0 || step+1 == steps {
			progress.say(name, step+1,
				fmt.Sprintf("loss %.3f nats  %.1f s", loss, env.clock()-start))
		}
		return env.interrupted(outcome)
	})
}

// inMillions writes a number of weights, such as 0.1M.
func inMillions(weights int) string { return fmt.Sprintf("%.1fM", float64(weights)/1e6) }
