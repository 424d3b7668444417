//go:build verify

package contributing

import (
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// stripped leaves out what only debuggers read, which takes long to link.
const stripped = "-ldflags=-s -w"

// The examples of CONTRIBUTING.md pass every test of their packages, and the command line has an
// article on each.
func TestVerifyContributingExampleWorks(t *testing.T) {
	all, flag := laidOver(t)
	// Tests that take the methods or tasks one by one take those of the examples alone.
	these := "/^(" + strings.Join(names(all), "|") + ")"
	command(t, root, "go", "test", "-vet=off", stripped, flag, "-run", these,
		"./core/method", "./core/task", "./core/train")
	command(t, root, "go", "test", "-vet=off", stripped, flag,
		"-run", "^TestContributing", "./core/recipe", "./core/eval")
	binary := filepath.Join(t.TempDir(), "posttrain.exe")
	command(t, root, "go", "build", stripped, flag, "-o", binary, "./cmd/posttrain")
	for _, e := range all {
		name := e.article()
		if name == "" {
			continue
		}
		out := command(t, root, binary, "explain", name)
		if !strings.HasPrefix(out, path.Base(name)+": ") {
			t.Errorf("explain %s prints %q", name, out)
		}
	}
	const metric = "eval/LEVEL/greedy_tokens"
	if out := command(t, root, binary, "explain", "metric/"+metric); !strings.HasPrefix(out,
		metric) {
		t.Errorf("explain metric/%s prints %q", metric, out)
	}
}

// names returns the names of the methods and tasks among the examples.
func names(all []example) (found []string) {
	for _, e := range all {
		if kind, name, _ := strings.Cut(e.article(), "/"); kind == "method" || kind == "task" {
			found = append(found, name)
		}
	}
	return found
}

// article returns what explain calls the thing that an example declares, such as task/mirror, and
// "" if it declares none.
func (e example) article() string {
	name := strings.TrimSuffix(path.Base(e.file), ".go")
	if e.change || strings.HasSuffix(name, "_test") {
		return ""
	}
	switch path.Dir(e.file) {
	case "core/method":
		return "method/" + name
	case "core/task":
		return "task/" + name
	case "core/recipe":
		if base, ok := strings.CutPrefix(name, "base_"); ok {
			return "base/" + base
		}
		return "exhibit/" + name
	}
	return ""
}
