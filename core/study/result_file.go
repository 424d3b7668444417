package study

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// finish writes the result into the folder.
func (f *Folder) finish(result *Result) error {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false) // links keep their &
	if err := encoder.Encode(result); err != nil {
		return err
	}
	return f.write(resultFile, line.Bytes())
}

// result reads the result of a finished run. It returns nil if the folder has none.
func (f *Folder) result(ctx context.Context, r *recipe.Recipe) (*Result, error) {
	data, err := f.read(ctx, resultFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	result, err := decodeResult(data, r)
	if err == nil {
		err = f.confirm(ctx, r, result)
	}
	if err != nil && ctx.Err() == err {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: not the result of this recipe: %w; remove it to run again",
			f.file(resultFile), err)
	}
	return result, nil
}

// decodeResult decodes the result of a recipe. It returns an error if no run of
// the recipe could have this result: the file may have been edited, or copied
// from elsewhere.
func decodeResult(data []byte, r *recipe.Recipe) (*Result, error) {
	var result Result
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&result); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("something follows it: want one line of JSON")
	}
	return &result, result.check(r)
}

// check returns an error if the result cannot be one of the recipe.
func (result *Result) check(r *recipe.Recipe) error {
	for _, field := range []struct {
		name       string
		have, want any
	}{
		{"event", result.Event, "done"},
		{"engine", result.Engine, train.Engine},
		{"link", result.Link, r.Link()},
		{"seed", result.Seed, r.Seed()},
		{"the number of lanes", len(result.Lanes), len(r.Lanes)},
	} {
		if field.have != field.want {
			return fmt.Errorf("%s is %s, want %s", field.name, quoted(field.have),
				quoted(field.want))
		}
	}
	if err := checkMetrics(result.Base, r.Task.Levels); err != nil {
		return fmt.Errorf("base: %w", err)
	}
	for i, label := range r.Labels() {
		if err := result.Lanes[i].check(label, r.Lanes[i], r.Task.Levels); err != nil {
			return fmt.Errorf("lane %d: %w", i+1, err)
		}
	}
	return nil
}

// quoted formats a value from a file for an error. Long texts are cut.
func quoted(v any) string {
	if text, ok := v.(string); ok {
		return fmt.Sprintf("%.300q", text)
	}
	return fmt.Sprint(v)
}

var digest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check returns an error if this cannot be the result of a lane with these stages.
func (l LaneResult) check(label string, stages recipe.Lane, levels []task.Level) error {
	if l.Label != label {
		return fmt.Errorf("label is %s, want %q", quoted(l.Label), label)
	}
	if !digest.MatchString(l.Digest) {
		return fmt.Errorf("digest is %s, want 64 hexadecimal digits", quoted(l.Digest))
	}
	if least, most := steps(stages); l.Step < least || l.Step > most {
		return fmt.Errorf("step is %d, want %d to %d", l.Step, least, most)
	}
	if err := cmp.Or(checkMetrics(l.Metrics, levels), checkMetrics(l.Base, levels)); err != nil {
		return err
	}
	for _, level := range levels {
		if _, ok := l.Metrics[level.Metric()]; !ok {
			return fmt.Errorf("metrics has no %s", level.Metric())
		}
	}
	for _, e := range protocol.Ledger() {
		if amount := e.Of(l.Cost); amount < 0 {
			return fmt.Errorf("cost has %s of %v, want at least 0", e.Name, amount)
		}
	}
	return nil
}

// steps returns the least and the largest number of updates after which the lane can end.
func steps(stages recipe.Lane) (least, most int) {
	for _, stage := range stages {
		most += stage.Values.Int("steps")
		if stage.Values.Has("until") { // the stage may end early
			least++
			continue
		}
		least += stage.Values.Int("steps")
	}
	return least, most
}

// checkMetrics returns an error if the metrics cannot be those of a task with these levels.
func checkMetrics(metrics map[string]float64, levels []task.Level) error {
	const rounding = 1e-6
	for _, name := range slices.Sorted(maps.Keys(metrics)) {
		d, ok := eval.Define(name)
		if !ok {
			return fmt.Errorf("metrics has %s, which is no metric", quoted(name))
		}
		if of, onLevel := strings.CutPrefix(name, "eval/"); onLevel {
			of, _, _ = strings.Cut(of, "/")
			if !slices.ContainsFunc(levels, func(l task.Level) bool { return l.Name == of }) {
				return fmt.Errorf("metrics has %s, but the task has no level %q", quoted(name), of)
			}
		}
		if v := metrics[name]; d.Unit == eval.Share && !(v >= -rounding && v <= 1+rounding) {
			return fmt.Errorf("%s is %v, want a share from 0 to 1", name, v)
		}
	}
	return nil
}
