package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
)

// caching is the --cache flag of the commands that may need bases that are not part of the program.
type caching struct {
	Cache string `type:"path" placeholder:"DIR" help:"Keep bases that have to be computed here, and what an interruption leaves of them, instead of in the folder posttrain of the user's folder for caches: $XDG_CACHE_HOME or ~/.cache on Linux, ~/Library/Caches on macOS, %LocalAppData% on Windows."`
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
	w := &baseProgress{env: env, name: b.Name, steps: b.Pretraining().Values.Int("steps")}
	p, err := compute(env, b, study.PretrainOptions{
		Threads: threads, Clock: env.clock,
		Allow: func(b recipe.Base) error {
			return enoughMemory("the pretraining", b.Pretraining().Bytes(threads))
		},
		Begin:    func(b recipe.Base, made int) { w.begin(b.Pretraining(), made) },
		Progress: w.at,
	})
	if w.shown != nil {
		w.shown.close()
	}
	if err != nil && env.Err() != nil {
		err = env.interrupted(leftBy(err))
	}
	return p, err
}

// baseProgress shows the progress of a pretraining.
type baseProgress struct {
	env         *environment
	name        string
	steps       int
	shown       *progress // nil until something is computed
	from        int       // updates made before
	start, said float64   // when the first update began, and when something was last said
}

// begin says what is computed and, if it goes on, from where.
func (w *baseProgress) begin(p train.Pretraining, made int) {
	from := ""
	if made > 0 {
		from = fmt.Sprintf(", going on after step %d", made)
	}
	fmt.Fprintf(w.env.err, "Pretraining %s: %s of %s, %s weights%s.\n", w.name,
		prose.Count(w.steps, "step"), prose.Count(p.Values.Int("batch"), "example"),
		inMillions(p.Config.Weights()), from)
	w.shown = newProgress(w.env, []progressLane{{w.name, w.steps}})
	w.shown.at(w.name, made)
	w.from, w.start = made, w.env.clock()
	w.said = w.start
}

// at shows that so many updates have been made. A line comes every so many updates, or seconds
// where they take long. The text beside a bar is replaced, so it can come more often.
func (w *baseProgress) at(made int, loss float64) {
	const often = 250
	seldom := 20.0
	if w.shown.bars != nil {
		seldom = 1
	}
	w.shown.at(w.name, made)
	now := w.env.clock()
	taken := now - w.start
	w.env.log.Debug("step", "step", made, "loss", loss, "seconds", taken)
	if made%often != 0 && made != w.steps && now-w.said < seldom {
		return
	}
	w.said = now
	text := fmt.Sprintf("loss %.3f nats  %.1f s", loss, taken)
	if made < w.steps {
		text += "  " + inTime(taken/float64(made-w.from)*float64(w.steps-made)) + " left"
	}
	w.shown.say(w.name, made, text)
}

// inTime writes a number of seconds in the unit that suits it.
func inTime(seconds float64) string {
	switch {
	case seconds < 100:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 100*60:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}

// leftBy says what an interruption leaves of a base that was to be computed. err is the error of
// its computation.
func leftBy(err error) string {
	u, began := errors.AsType[*study.Unfinished](err)
	switch {
	case !began || u.Made == 0:
		return "nothing was computed, and what was kept before is as it was"
	case u.Kept == 0:
		return fmt.Sprintf("the %d of %d steps of base %s could not be kept: %v", u.Made, u.Steps,
			u.Base, u.Err)
	case u.Err != nil:
		return fmt.Sprintf("the same command goes on with base %s after step %d of %d, which is "+
			"kept in %s, because what came later could not be kept: %v", u.Base, u.Kept, u.Steps,
			withSize(u.File), u.Err)
	}
	return fmt.Sprintf("base %s stopped after step %d of %d, and the same command goes on there; "+
		"what it needs for that is kept in %s", u.Base, u.Kept, u.Steps, withSize(u.File))
}

// withSize returns the path of a file, with its size if that is known.
func withSize(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return path
	}
	return path + " (" + inBytes(info.Size()) + ")"
}

// inBytes writes the size of a file, such as 1.2 MB.
func inBytes(size int64) string {
	bytes := float64(size)
	switch {
	case bytes < 1e3:
		return fmt.Sprintf("%d bytes", size)
	case bytes < 999.5e3:
		return fmt.Sprintf("%.0f kB", bytes/1e3)
	case bytes < 999.95e6:
		return fmt.Sprintf("%.1f MB", bytes/1e6)
	}
	return inGB(bytes)
}

// inMillions writes a number of weights, such as 0.1M. A number that this would write as 0.0M is
// written in full.
func inMillions(weights int) string {
	if weights < 50_000 {
		return strconv.Itoa(weights)
	}
	return fmt.Sprintf("%.1fM", float64(weights)/1e6)
}
