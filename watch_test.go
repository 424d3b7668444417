package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// builder is a program in the place of the one that builds the site: the page is what it has in it.
const builder = `package main

import (
	_ "embed"
	"os"
	"path/filepath"
)

//go:embed site/index.html
var page []byte

func main() {
	if err := os.WriteFile(filepath.Join(os.Args[2], "index.html"), page, 0o644); err != nil {
		panic(err)
	}
}
`

// After a change the site is built by the program as it is now, and browsers are told of it. A
// build that fails leaves the site as it was.
func TestWatch(t *testing.T) {
	tree := small(t)
	put(t, filepath.Join(tree, "serve.go"), builder)
	put(t, filepath.Join(tree, "site", "index.html"), "<!doctype html>the first\n")
	cmd := command(tree, "--watch", "--addr", "localhost:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	complaints, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	url, said := whereItIs(out)
	if url == "" {
		t.Fatalf("it does not say where the playground is:\n%s", said)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // so that it can go on to say what it does

	changes, err := http.Get(url + strings.TrimPrefix(changesPath, "/"))
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Body.Close()
	events := bufio.NewScanner(changes.Body)
	next := func() string {
		for events.Scan() {
			if data, ok := strings.CutPrefix(events.Text(), "data: "); ok {
				return data
			}
		}
		t.Fatalf("the events have ended: %v", events.Err())
		return ""
	}
	if at := next(); at != "0" {
		t.Errorf("before any change the number of builds is %s", at)
	}
	put(t, filepath.Join(tree, "site", "index.html"), "<!doctype html>the second\n")
	if at := next(); at != "1" {
		t.Errorf("after a change the number of builds is %s", at)
	}
	want := "<!doctype html>the second\n<script src=\"" + reloadPath + "\"></script>\n"
	if page := fetch(t, url); page != want {
		t.Errorf("the page is %q, want %q", page, want)
	}
	file, err := os.ReadFile(filepath.Join(tree, "dist", "index.html"))
	if err != nil || string(file) != "<!doctype html>the second\n" {
		t.Errorf("the site has %q (%v), want nothing for reloading in it", file, err)
	}
	script := fetch(t, url+strings.TrimPrefix(reloadPath, "/"))
	if !strings.Contains(script, `data !== "1"`) {
		t.Errorf("after a build the script for reloading is %q", script)
	}

	put(t, filepath.Join(tree, "core", "broken.go"), "package core\n") // a file in another folder
	if at := next(); at != "2" {
		t.Errorf("after a second change the number of builds is %s", at)
	}
	put(t, filepath.Join(tree, "serve.go"), "nonsense")
	put(t, filepath.Join(tree, "site", "index.html"), "<!doctype html>the third\n")
	wrong := bufio.NewScanner(complaints)
	for wrong.Scan() && !strings.Contains(wrong.Text(), "expected 'package'") {
	}
	if err := wrong.Err(); err != nil {
		t.Fatal(err)
	}
	if page := fetch(t, url); page != want {
		t.Errorf("after a build that failed the page is %q, want %q", page, want)
	}
}

// fetch returns what is at an address.
func fetch(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, r.Status, err)
	}
	return string(text)
}
