package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// caching is the --cache flag of the commands that may need bases that are not part of the program.
type caching struct {
	Cache string `type:"path" placeholder:"DIR" help:"Keep bases that have to be computed here, and what an interruption leaves of them, instead of in the user's folder for caches."`
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
		p, err := computing(env, b, threads, cache.Get)
		if err != nil {
			return err
		}
		env.log.Debug("base", "base", b.Name, "file", cache.File(b))
		r.Supply(b, p)
	}
	return nil
}

// computer computes a base.
type computer func(context.Context, recipe.Base, study.PretrainOptions) (*model.Params, error)

// computing calls compute and shows its progress. After an interruption its error says what is
// kept.
func computing(env *environment, b recipe.Base, threads int, compute computer) (
	*model.Params, error) {
	var shown *progress // nil until something is computed
	steps, start := b.Pretraining().Values.Int("steps"), env.clock()
	p, err := compute(env, b, study.PretrainOptions{
		Threads: threads, Clock: env.clock,
		Begin: func(b recipe.Base, made int) error {
			p := b.Pretraining()
			if err := enoughMemory("the pretraining", p.Bytes(threads)); err != nil {
				return err
			}
			from := ""
			if made > 0 {
				from = fmt.Sprintf(", going on after step %d", made)
			}
			fmt.Fprintf(env.err, "Pretraining %s: %d steps of %d examples, %s weights%s.\n", b.Name,
				steps, p.Values.Int("batch"), inMillions(p.Config.Weights()), from)
			shown = newProgress(env, []progressLane{{b.Name, steps}})
			shown.at(b.Name, made)
			start = env.clock()
			return nil
		},
		Progress: func(made int, loss float64) {
			const often = 250
			shown.at(b.Name, made)
			env.log.Debug("step", "step", made, "loss", loss, "seconds", env.clock()-start)
			if made%often == 0 || made == steps {
				shown.say(b.Name, made,
					fmt.Sprintf("loss %.3f nats  %.1f s", loss, env.clock()-start))
			}
		},
	})
	if shown != nil {
		shown.close()
	}
	if err != nil && env.Err() != nil {
		err = env.interrupted(leftBy(err))
	}
	return p, err
}

// leftBy says what an interruption leaves of a base that was to be computed. err is the error of
// its computation.
func leftBy(err error) string {
	u, began := errors.AsType[*study.Unfinished](err)
	switch {
	case !began || u.Made == 0:
		return "nothing was computed yet"
	case u.Kept == 0:
		return fmt.Sprintf("the %d of %d steps of base %s could not be kept: %v", u.Made, u.Steps,
			u.Base, u.Err)
	case u.Err != nil:
		return fmt.Sprintf("the same command goes on with base %s after step %d of %d, because "+
			"what came later could not be kept: %v", u.Base, u.Kept, u.Steps, u.Err)
	}
	return fmt.Sprintf("nothing is lost, and the same command goes on with base %s after step %d "+
		"of %d", u.Base, u.Kept, u.Steps)
}

// inMillions writes a number of weights, such as 0.1M.
func inMillions(weights int) string { return fmt.Sprintf("%.1fM", float64(weights)/1e6) }
