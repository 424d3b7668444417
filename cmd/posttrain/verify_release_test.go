//go:build verify

package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Whoever builds a release gets the same bytes: in another folder, with nothing built before.
func TestVerifyReleasesAreReproducible(t *testing.T) {
	platform := runtime.GOOS + "/" + runtime.GOARCH
	var sums []string
	for range 2 {
		dir := checkout(t)
		sh(t, dir, "make", "release", "PLATFORMS="+platform, "RELEASE=out")
		text, err := os.ReadFile(filepath.Join(dir, "out", "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		sums = append(sums, string(text))
		name := filepath.Join(dir, "out", strings.Fields(string(text))[1])
		said, revision := sh(t, dir, name, "--version"), sh(t, dir, "git", "rev-parse", "HEAD")
		if !strings.HasSuffix(said, "revision "+revision[:12]+"\n") {
			t.Errorf("--version prints %q, want revision %s at its end", said, revision)
		}
	}
	if sums[0] != sums[1] || strings.Count(sums[0], "\n") != 1 {
		t.Errorf("two releases are not the same:\n%s%s", sums[0], sums[1])
	}
}

// checkout returns a folder with the tree as it is now, in a repository of its own. Its only commit
// is always the same one.
func checkout(t *testing.T) string {
	t.Helper()
	dir, top := t.TempDir(), filepath.Join("..", "..")
	err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, file)
		switch {
		case err != nil:
			return err
		case name == ".git" && d.IsDir(), name == "bin", name == "dist", name == "out":
			return filepath.SkipDir
		case name == ".git" || !d.Type().IsRegular():
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	sh(t, dir, "git", "init", "--quiet")
	sh(t, dir, "git", "add", "--all")
	sh(t, dir, "git", "-c", "user.name=A", "-c", "user.email=a@example.org",
		"commit", "--quiet", "--message=All")
	return dir
}

// sh runs a program in a folder, with a build cache and a time of its own, and returns what it
// printed.
func sh(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	const then = "2026-01-01T00:00:00Z"
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "bin", "cache"),
		"CGO_ENABLED=0", "MAKEFLAGS=", "GIT_AUTHOR_DATE="+then, "GIT_COMMITTER_DATE="+then)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
