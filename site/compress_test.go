package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two processes may build into one folder at once: each succeeds, and every file is whole
// afterwards.
func TestTwoBuildsIntoOneFolder(t *testing.T) {
	tree, dir := small(t), t.TempDir()
	errs := make(chan error)
	for range 2 {
		go func() { errs <- Build(context.Background(), tree, dir, func(string) {}) }()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	files := readManifest(dir)
	if len(files) < 10 {
		t.Fatalf("the list of files has %d", len(files))
	}
	for name, sum := range files {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(content)) != sum {
			t.Errorf("%s is not what was written (%v)", name, err)
		}
	}
	for name := range stamps(t, dir) {
		if strings.HasSuffix(name, ".new") {
			t.Errorf("%s was left behind", name)
		}
	}
}

// Writers of one file do not get in each other's way.
func TestReplaceAtOnce(t *testing.T) {
	target := filepath.Join(t.TempDir(), "page.html")
	errs := make(chan error)
	const writers = 8
	for i := range writers {
		go func() {
			var err error
			for range 50 {
				err = errors.Join(err, replace(target, bytes.Repeat([]byte{'a' + byte(i)}, 5000)))
			}
			errs <- err
		}()
	}
	for range writers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	content, err := os.ReadFile(target)
	if err != nil || len(content) != 5000 || len(bytes.Trim(content, string(content[:1]))) > 0 {
		t.Errorf("the file has %d bytes of more than one writer (%v)", len(content), err)
	}
	if others, err := os.ReadDir(filepath.Dir(target)); err != nil || len(others) != 1 {
		t.Errorf("beside the file there are %v (%v)", others, err)
	}
}
