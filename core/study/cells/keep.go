package cells

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// curveFile is in the folder of a cell in work, beside the files of its run. It has the
// measurements so far, which the checkpoint of a lane does not have.
const curveFile = "curve.json"

// kept is a folder in which a cell in work is kept, so that it can go on after an interruption.
type kept struct{ path string }

// begin returns the measurements before the interruption, and none if the cell has to begin anew:
// there is nothing, or nothing that can be used, which is removed.
func (k kept) begin(ctx context.Context, r *recipe.Recipe) (curve, error) {
	if err := os.MkdirAll(k.path, 0o755); err != nil {
		return nil, err
	}
	const most = 256 << 20
	text, err := checkpoint.ReadFile(ctx, k.file(), most)
	var points curve
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, fs.ErrNotExist):
		return nil, k.clear()
	case err == nil:
		err = strictly(text, &points)
	}
	for _, p := range points {
		if err == nil {
			err = checkPoint(p.Metrics, p.Cost)
		}
	}
	if err != nil {
		return nil, k.clear()
	}
	return points, nil
}

func (k kept) file() string { return filepath.Join(k.path, curveFile) }

// clear makes the folder empty.
func (k kept) clear() error {
	return errors.Join(os.RemoveAll(k.path), os.MkdirAll(k.path, 0o755))
}

// write keeps the measurements. They are written before the checkpoint that comes after them.
func (k kept) write(points curve) error {
	text, err := json.Marshal(points)
	if err != nil {
		return err
	}
	return checkpoint.WriteFile(k.file(), text)
}

// run runs a recipe in the folder. What cannot be used of an earlier run is removed, and the run
// begins anew. If another process computes the same cell there, nothing is kept.
func (k kept) run(
	ctx context.Context, r *recipe.Recipe, o study.Options, points *curve,
) (result *study.Result, err error) {
	if _, claimed := study.Claimed(k.path); claimed {
		return study.Run(ctx, r, o)
	}
	if *points, err = k.begin(ctx, r); err != nil {
		return nil, err
	}
	before, began := o.Observe, false
	o.Observe = func(e protocol.Event) {
		began = true
		before(e)
		if e.Kind == protocol.Measured && k.write(*points) != nil {
			_ = os.RemoveAll(k.path) // a checkpoint without its measurements would be of no use
		}
	}
	withFolder := o
	withFolder.Folder = study.NewFolder(k.path, true)
	result, err = study.Run(ctx, r, withFolder)
	if err == nil || result != nil || began || ctx.Err() != nil {
		return result, err
	}
	if err := k.clear(); err != nil {
		return nil, err
	}
	*points = nil
	return study.Run(ctx, r, withFolder)
}
