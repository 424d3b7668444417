package archtest

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// drift runs the go:generate directives of a tree in a copy of it and finds the files that change.
// Directives that run a test with -update are left out, since that test finds the change itself.
func drift(t *testing.T, from string) (complaints []string) {
	t.Helper()
	dir := t.TempDir()
	copyTree(t, from, dir)
	cmd := exec.Command("go", "generate", "-skip", " -update$", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go generate: %v\n%s", err, out)
	}
	walkTree(t, dir, func(name string) {
		made, kept := read(t, filepath.Join(dir, name)), read(t, filepath.Join(from, name))
		if !bytes.Equal(made, kept) {
			complaints = append(complaints,
				filepath.ToSlash(name)+": is not what its generator writes: run make gen and "+
					"commit the result")
		}
	})
	return complaints
}

// read returns the contents of a file, and nothing if it does not exist.
func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return b
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	walkTree(t, from, func(name string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), read(t, filepath.Join(from, name)),
			0o644); err != nil {
			t.Fatal(err)
		}
	})
}

// walkTree calls a function for each file of the tree, test data included.
func walkTree(t *testing.T, top string, visit func(name string)) {
	t.Helper()
	err := filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != top && skipped(d.Name()) && d.Name() != "testdata":
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(top, file)
		if err == nil {
			visit(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestGeneratedFilesAreCurrent(t *testing.T) {
	t.Parallel()
	report(t, drift(t, root))
}

func TestDriftBites(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26.0\n",
		"m.go":   "package m\n\n//go:generate go run ./gen same.txt stale.txt new.txt\n",
		"gen/main.go": "package main\n\nimport \"os\"\n\nfunc main() {\n\tfor _, f := range " +
			"os.Args[1:] {\n\t\tos.WriteFile(f, []byte(\"made\"), 0o644)\n\t}\n}\n",
		"same.txt":     "made",
		"stale.txt":    "kept",
		"unrelated.md": "kept",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := strings.Join(drift(t, dir), "\n")
	if strings.Count(got, "\n") != 1 || !strings.Contains(got, "stale.txt: is not") ||
		!strings.Contains(got, "new.txt: is not") {
		t.Errorf("got %q, want complaints about stale.txt and new.txt", got)
	}
}
