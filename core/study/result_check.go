package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
)

// confirm compares a result with the lanes' last checkpoints. It returns an error if they differ,
// and lists in result.Unchecked the lanes whose checkpoint is missing or damaged.
func (f *Folder) confirm(ctx context.Context, r *recipe.Recipe, result *Result) error {
	missing := 0
	for i, label := range r.Labels() {
		path := f.LaneFile(i)
		l, err := checkpoint.ReadLane(ctx, path)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, fs.ErrNotExist):
			missing++
			result.Unchecked = append(result.Unchecked,
				fmt.Sprintf("%s cannot be checked for lane %s, because %s is not there",
					f.file(resultFile), label, path))
			continue
		case err != nil:
			result.Unchecked = append(result.Unchecked,
				fmt.Sprintf("%s cannot be checked for lane %s: %v", f.file(resultFile), label, err))
			continue
		}
		if err := result.Lanes[i].compare(l, filepath.Base(path)); err != nil {
			return fmt.Errorf("lane %d: %w", i+1, err)
		}
		if base := ByName(l.State.First); i == 0 && !maps.Equal(result.Base, base) {
			return fmt.Errorf("base is %v, but %s has %v", result.Base, filepath.Base(path), base)
		}
	}
	if missing == len(r.Lanes) {
		result.Unchecked = []string{fmt.Sprintf("%s cannot be checked, because there are no "+
			"checkpoints beside it", f.file(resultFile))}
	}
	return nil
}

// compare returns an error about the first difference between a lane's result and its checkpoint.
func (l LaneResult) compare(kept *checkpoint.Lane, file string) error {
	if !kept.State.Done {
		return fmt.Errorf("it has ended, but in %s it is at step %d and goes on", file,
			kept.State.Updates)
	}
	for _, field := range []struct {
		name       string
		have, want any
	}{
		{"digest", l.Digest, kept.Digest()},
		{"step", l.Step, kept.State.Updates},
		{"cost", l.Cost, kept.State.Cost},
	} {
		if field.have != field.want {
			return fmt.Errorf("%s is %s, but %s has %s", field.name, quoted(field.have), file,
				quoted(field.want))
		}
	}
	metrics := ByName(kept.State.Latest)
	for name, value := range l.Metrics {
		if want, ok := metrics[name]; !ok || value != want {
			return fmt.Errorf("%s is %v, but %s has %v", name, value, file, want)
		}
	}
	if len(l.Metrics) != len(metrics) {
		return fmt.Errorf("there are %d metrics, but %s has %d", len(l.Metrics), file, len(metrics))
	}
	return nil
}
