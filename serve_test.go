package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestMain lets the test program be the command, for tests that need it as a process.
func TestMain(m *testing.M) {
	if os.Getenv("POSTTRAIN_SERVE") != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// command returns the command to be run in a folder.
func command(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "POSTTRAIN_SERVE=1")
	return cmd
}

// small returns a tree with programs that compile in no time. The pages are those of the command.
func small(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module posttrain\n\ngo 1.26.0\n", "serve.go": "package main\n\nfunc main() {}\n",
		"wasm/trainer/main.go":  "package main\n\nfunc main() {}\n",
		"wasm/stage/main.go":    "package main\n\nfunc main() {}\n",
		"wasm/guide/main.go":    "package main\n\nfunc main() {}\n",
		"wasm/replay/main.go":   "package main\n\nfunc main() {}\n",
		"wasm/lesson/main.go":   "package main\n\nfunc main() {}\n",
		"core/num/kernels.wasm": "\x00asm",
	} {
		put(t, filepath.Join(dir, name), text)
	}
	// what the page has of the tree: the source of methods, bases, and what studies found
	for _, name := range []string{"core/method", "core/objective", "core/recipe/bases",
		"studies/exhibits"} {
		if err := os.CopyFS(filepath.Join(dir, filepath.FromSlash(name)),
			os.DirFS(filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func put(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// finish returns the exit code of a process that was waited for.
func finish(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit == nil {
		return 0
	}
	return exit.ExitCode()
}

// whereItIs reads what the command prints until it says where the playground is.
func whereItIs(out io.Reader) (url, said string) {
	for lines := bufio.NewScanner(out); url == "" && lines.Scan(); {
		said += lines.Text() + "\n"
		if _, after, ok := strings.Cut(lines.Text(), "http://"); ok {
			url = "http://" + strings.Fields(after)[0]
		}
	}
	return url, said
}

// It builds the site from anywhere in the tree, serves it, says where, and ends with an interrupt.
func TestServes(t *testing.T) {
	tree := small(t)
	cmd := command(filepath.Join(tree, "wasm", "stage"), "--addr", "localhost:0")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	url, said := whereItIs(out)
	if url == "" {
		t.Fatalf("it does not say where the playground is:\n%s\n%s", said, complaints.String())
	}
	if !strings.Contains(said, "building trainer.wasm") {
		t.Errorf("it does not say what takes long: %q", said)
	}
	for _, name := range []string{"", "trainer.wasm"} {
		r, err := http.Get(url + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r.Body); err != nil || r.StatusCode != 200 {
			t.Errorf("%s%s: %s, %v", url, name, r.Status, err)
		}
		r.Body.Close()
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := finish(t, cmd.Wait()); code != 0 || complaints.Len() > 0 {
		t.Errorf("an interrupt ends it with code %d and %q", code, complaints.String())
	}
}

func TestDist(t *testing.T) {
	tree := small(t)
	out, err := command(tree, "--dist", "there").CombinedOutput()
	if code := finish(t, err); code != 0 || !strings.Contains(string(out), "the site is in there") {
		t.Errorf("code %d and %q", code, out)
	}
	for _, name := range []string{"index.html", "trainer.wasm.br", "stage.wasm.gz"} {
		if _, err := os.Stat(filepath.Join(tree, "there", name)); err != nil {
			t.Error(err)
		}
	}
}

func TestOnefile(t *testing.T) {
	tree := small(t)
	for _, name := range []string{"unit/page.html", "unit.zip"} {
		out, err := command(tree, "--onefile", "memorise?seed=7", "--out", name).CombinedOutput()
		says := "SFT memorises, RL generalises is in " + name
		if code := finish(t, err); code != 0 || !strings.Contains(string(out), says) {
			t.Fatalf("code %d and %q", code, out)
		}
	}
	page, err := os.ReadFile(filepath.Join(tree, "unit", "page.html"))
	if err != nil || !bytes.Contains(page, []byte(`content="memorise?seed=7"`)) {
		t.Errorf("a page of %d bytes, %v", len(page), err)
	}
	archive, err := zip.OpenReader(filepath.Join(tree, "unit.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if f := archive.File; len(f) != 2 || f[1].Name != "index.html" ||
		f[1].UncompressedSize64 != uint64(len(page)) {
		t.Errorf("the archive has %v", f)
	}
}

// What cannot be done is said in a sentence, and the code says whose fault it is.
func TestRefusals(t *testing.T) {
	taken, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	broken := small(t)
	put(t, filepath.Join(broken, "wasm", "stage", "main.go"),
		"package main\n\nfunc main() { nonsense() }\n")
	for _, c := range []struct {
		dir  string
		args []string
		code int
		says string
	}{
		{".", []string{"--nonsense"}, 2, "unknown flag --nonsense"},
		{".", []string{"here"}, 2, "unexpected argument here"},
		{".", []string{"--addr", "8080"}, 2, "HOST:PORT"},
		{".", []string{"--watch", "--dist", "there"}, 2, "--watch and --dist exclude each other"},
		{".", []string{"--addr", taken.Addr().String()}, 1, "try go run . --addr localhost:"},
		{".", []string{"--out", "page.html"}, 2, "want --onefile LINK with it"},
		{".", []string{"--onefile", "memorise"}, 2, "add --out FILE.html or --out FILE.zip"},
		{".", []string{"--onefile", "memorise", "--out", "page.pdf"}, 2, "ends with .html or .zip"},
		{".", []string{"--onefile", "memorise", "--out", "page.html", "--dist", "there"}, 2,
			"want it without --dist and --watch"},
		{".", []string{"--onefile", "memorize", "--out", "page.html"}, 1, "memorise"},
		{t.TempDir(), nil, 1, "is not in the posttrain tree"},
		{broken, []string{"--dist", "there"}, 1, "undefined: nonsense"},
	} {
		out, err := command(c.dir, c.args...).CombinedOutput()
		if code := finish(t, err); code != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%v: code %d and\n%s\nwant code %d and %q", c.args, code, out, c.code, c.says)
		}
	}
}
