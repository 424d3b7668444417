//go:build verify

package site

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// Anybody who builds the site gets the same bytes: in another folder, with nothing compiled before.
func TestVerifyTheSiteIsReproducible(t *testing.T) {
	build := func(tree string) (dir string) {
		t.Helper()
		dir = t.TempDir()
		if err := Build(context.Background(), tree, dir,
			func(what string) { t.Log(what) }); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	here := build("..")

	elsewhere := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join("..", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(elsewhere, name), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"core", "wasm", "studies"} {
		if err := os.CopyFS(filepath.Join(elsewhere, name),
			os.DirFS(filepath.Join("..", name))); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("GOCACHE", t.TempDir())
	there := build(elsewhere)

	files := stamps(t, here)
	if others := stamps(t, there); len(others) != len(files) || len(files) < 10 {
		t.Errorf("%d files here and %d elsewhere", len(files), len(others))
	}
	for name := range files {
		a, err := os.ReadFile(filepath.Join(here, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(there, name)); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s has other bytes (%v)", name, err)
		}
	}
}
