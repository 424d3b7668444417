package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// stateFile keeps the state of a base's pretraining in a cache. The base must be locked.
type stateFile struct {
	cache *Cache
	base  recipe.Base
}

// restore continues from the file. One that cannot be used is replaced by the next save.
func (f stateFile) restore(ctx context.Context, t *train.Pretrainer) error {
	path := f.cache.StateFile(f.base)
	kept, err := checkpoint.ReadPretraining(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil && kept.Engine != train.Engine:
		err = fmt.Errorf("%s: engine %d computed it, and this program is engine %d", path,
			kept.Engine, train.Engine)
	case err == nil && kept.Origin != f.base.Origin():
		err = fmt.Errorf("%s: it belongs to another base", path)
	case err == nil:
		if err = t.Restore(kept.State); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}
	if err != nil {
		f.cache.note(fmt.Sprintf("The pretraining of base %s starts from the beginning, because "+
			"what was kept of it cannot be used: %v", f.base.Name, err))
	}
	return nil
}

// save writes the file.
func (f stateFile) save(state *train.PretrainingState) error {
	file, err := checkpoint.EncodePretraining(checkpoint.Pretraining{Origin: f.base.Origin(),
		State: state})
	if err != nil {
		return err
	}
	return checkpoint.WriteFile(f.cache.StateFile(f.base), file)
}

// trouble says that an interruption now would lose work.
func (f stateFile) trouble(err error) {
	f.cache.note(fmt.Sprintf("The pretraining of base %s goes on, but cannot be kept on the "+
		"way: %v", f.base.Name, err))
}

// file returns the path.
func (f stateFile) file() string { return f.cache.StateFile(f.base) }

// discard removes the file. One that stays is used again, and leads to the same error.
func (f stateFile) discard() { _ = os.Remove(f.cache.StateFile(f.base)) }

var errNoState = errors.New("there is no folder to keep it in")

// noState keeps no state.
type noState struct{}

func (noState) restore(context.Context, *train.Pretrainer) error { return nil }

func (noState) save(*train.PretrainingState) error { return errNoState }

func (noState) trouble(error) {}

func (noState) file() string { return "" }

func (noState) discard() {}
