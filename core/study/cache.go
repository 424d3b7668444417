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

// Cache is a folder with the weights of bases that were computed, each in a file whose name has the
// digest of all that the weights follow from. Several processes can use it at once.
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

// Get returns a base's weights from the cache, or computes and keeps them. If another process is
// computing them, Get waits for it. What a file holds that is damaged, or that another engine or
// another program wrote, is not used: the base is computed again and the file replaced.
func (c *Cache) Get(
	ctx context.Context, b recipe.Base, compute func() (*model.Params, error),
) (*model.Params, error) {
	if p, err := c.read(ctx, b); p != nil || err != nil {
		return p, err
	}
	if err := os.MkdirAll(c.path, 0o755); err != nil {
		return nil, fmt.Errorf("the folder for computed bases cannot be made: %w", err)
	}
	lock := flock.New(c.File(b)+".lock", flock.SetPermissions(0o644))
	defer lock.Close()
	const pause = 100 * time.Millisecond
	if _, err := lock.TryLockContext(ctx, pause); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("the folder for computed bases: %w", err)
	}
	if p, err := c.read(ctx, b); p != nil || err != nil { // somebody has computed it meanwhile
		return p, err
	}
	if err := checkpoint.CheckWritable(c.File(b)); err != nil { // before the work
		return nil, fmt.Errorf("the folder for computed bases: %w", err)
	}
	p, err := compute()
	if err != nil {
		return nil, err
	}
	if err := c.Put(b, p); err != nil { // the weights are still good for this run
		c.note(fmt.Sprintf("Base %s was computed, but it could not be kept: %v", b.Name, err))
	}
	return p, nil
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
		return nil, fmt.Errorf("the folder for computed bases: %w", err)
	case err == nil:
		err = b.CheckModel(m)
	}
	if err != nil {
		c.note(fmt.Sprintf("%s cannot be used, so the base is computed again: %v", c.File(b), err))
		return nil, nil
	}
	return m.Params, nil
}

// Put keeps a base's weights.
func (c *Cache) Put(b recipe.Base, p *model.Params) error {
	if err := os.MkdirAll(c.path, 0o755); err != nil {
		return fmt.Errorf("the folder for computed bases cannot be made: %w", err)
	}
	file, err := checkpoint.EncodeBase(b.Task.Name, p)
	if err != nil {
		return err
	}
	return checkpoint.WriteFile(c.File(b), file)
}

func (c *Cache) note(sentence string) {
	if c.Note != nil {
		c.Note(sentence)
	}
}
