package study

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/recipe"
)

// ErrCache is wrapped by errors about a folder for computed bases that cannot be used. Nothing has
// been computed then.
var ErrCache = errors.New("the folder for computed bases")

// Cache is a folder with the weights of bases that were computed, each in a file whose name has the
// digest of all that the weights follow from. Beside them are the states of pretrainings that were
// interrupted. Several processes can use it at once.
type Cache struct {
	path string
	// Note is called with a sentence about what is not as it should be and was put right; nil means
	// that nobody is interested.
	Note func(sentence string)
}

// NewCache returns the cache in a folder, which is made when something is written to it.
func NewCache(path string) *Cache { return &Cache{path: path} }

// Path returns the path of the folder.
func (c *Cache) Path() string { return c.path }

// File returns the path of a base's file.
func (c *Cache) File(b recipe.Base) string { return filepath.Join(c.path, b.Key()+".msgp") }

// StateFile returns the path of the state of a base whose pretraining was interrupted.
func (c *Cache) StateFile(b recipe.Base) string {
	return filepath.Join(c.path, b.Key()+".unfinished")
}

// Get returns a base's weights from the cache, or computes and keeps them. If another process is
// computing them, Get waits for it. If ctx ends while it computes, it returns an [Unfinished], and
// the next call goes on from there. What a file holds that is damaged, or that another engine or
// another program wrote, is not used: the base is computed again and the file replaced.
func (c *Cache) Get(ctx context.Context, b recipe.Base, o PretrainOptions) (*model.Params, error) {
	if p, err := c.read(ctx, b); p != nil || err != nil {
		return p, err
	}
	lock, err := c.lock(ctx, b)
	if err != nil {
		return nil, err
	}
	defer unlock(lock)
	if p, err := c.read(ctx, b); p != nil || err != nil { // another process has computed it
		return p, err
	}
	if err := checkpoint.CheckWritable(c.File(b)); err != nil { // before the work
		return nil, fmt.Errorf("%w: %w", ErrCache, err)
	}
	p, err := c.pretrain(ctx, b, o)
	if err != nil {
		return nil, err
	}
	if err := c.put(b, p); err != nil { // the weights are still good for this run
		c.note(fmt.Sprintf("Base %s was computed, but it could not be kept: %v", b.Name, err))
	}
	return p, nil
}

// Pretrain computes a base even if the cache has it, and does not keep it there. If ctx ends first,
// it returns an [Unfinished], and the next call of Pretrain or Get goes on from there. If another
// process is computing the same base, Pretrain does so too and keeps nothing on the way.
func (c *Cache) Pretrain(ctx context.Context, b recipe.Base, o PretrainOptions) (
	*model.Params, error) {
	lock, err := c.tryLock(b)
	if err != nil {
		return nil, err
	}
	if lock == nil {
		return Pretrain(ctx, b, o)
	}
	defer unlock(lock)
	p, err := c.pretrain(ctx, b, o)
	if err == nil {
		_ = os.Remove(c.StateFile(b)) // one that stays is used again, and changes nothing
	}
	return p, err
}

// newLock returns the lock of a base, which is not locked yet. It makes the folder. The lock is a
// file that is removed before it is unlocked, so a process that opened it before may lock a file
// that is no longer there: a lock counts only if [inPlace] reports true.
func (c *Cache) newLock(b recipe.Base) (*flock.Flock, error) {
	if err := os.MkdirAll(c.path, 0o755); err != nil {
		return nil, fmt.Errorf("%w cannot be made: %w", ErrCache, err)
	}
	return flock.New(c.File(b)+".lock", flock.SetPermissions(0o644)), nil
}

// tryLock locks a base. It returns nil if another process has locked it.
func (c *Cache) tryLock(b recipe.Base) (*flock.Flock, error) {
	for {
		lock, err := c.newLock(b)
		if err != nil {
			return nil, err
		}
		locked, err := lock.TryLock()
		if locked && inPlace(lock) {
			return lock, nil
		}
		_ = lock.Close() // nothing was written to it
		switch {
		case err != nil:
			return nil, fmt.Errorf("%w: %w", ErrCache, err)
		case !locked:
			return nil, nil
		}
	}
}

// lock locks a base. If another process has locked it, lock waits.
func (c *Cache) lock(ctx context.Context, b recipe.Base) (*flock.Flock, error) {
	const pause = 100 * time.Millisecond
	for said := false; ; {
		lock, err := c.tryLock(b)
		if lock != nil || err != nil {
			return lock, err
		}
		if !said {
			c.note(fmt.Sprintf("Another process is computing base %s, and this one waits for it",
				b.Name))
			said = true
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// pretrain computes a base, which must be locked, from the state that was kept of it.
func (c *Cache) pretrain(ctx context.Context, b recipe.Base, o PretrainOptions) (
	*model.Params, error) {
	c.sweep(b)
	return pretrain(ctx, b, o, stateFile{c, b})
}

// sweep removes temporary files that a process has left that was killed while it wrote a base or
// its state. The base is locked, so no other process is writing them. One that cannot be removed
// does no harm.
func (c *Cache) sweep(b recipe.Base) {
	entries, _ := os.ReadDir(c.path) // without entries there is nothing to remove
	for _, e := range entries {
		of, temporary := checkpoint.Temporary(e.Name())
		if path := filepath.Join(c.path, of); temporary &&
			(path == c.File(b) || path == c.StateFile(b)) {
			_ = os.Remove(filepath.Join(c.path, e.Name()))
		}
	}
}

// Find returns a base's weights if the cache has them, and nil otherwise.
func (c *Cache) Find(ctx context.Context, b recipe.Base) (*model.Params, error) {
	return c.read(ctx, b)
}

// read returns a base's weights, or nil if there are none that can be used.
func (c *Cache) read(ctx context.Context, b recipe.Base) (*model.Params, error) {
	m, err := checkpoint.ReadModel(ctx, c.File(b))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && !errors.Is(err, checkpoint.ErrFormat):
		return nil, fmt.Errorf("%w: %w", ErrCache, err)
	case err == nil:
		err = b.CheckModel(m)
	}
	if err != nil {
		c.note(fmt.Sprintf("%s cannot be used, so the base is computed again: %v", c.File(b), err))
		return nil, nil
	}
	_ = os.Remove(c.StateFile(b)) // there is one if a process was killed when it had the base
	return m.Params, nil
}

// put keeps the weights of a base, which must be locked, and removes the state of its pretraining.
func (c *Cache) put(b recipe.Base, p *model.Params) error {
	file, err := b.Encode(p)
	if err != nil {
		return err
	}
	if err := checkpoint.WriteFile(c.File(b), file); err != nil {
		return err
	}
	_ = os.Remove(c.StateFile(b)) // read removes it otherwise
	return nil
}

func (c *Cache) note(sentence string) {
	if c.Note != nil {
		c.Note(sentence)
	}
}
