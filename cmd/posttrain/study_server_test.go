package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/queue"
)

// Only who can read server.json is let in, and only its owner can.
func TestWhoIsLetIn(t *testing.T) {
	dir := t.TempDir()
	env := &environment{Context: t.Context()}
	if _, err := dialFolder(env, dir); !errors.Is(err, errNoServer) {
		t.Errorf("without a server: %v", err)
	}
	_, stop, err := startServer(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nc, err := dialFolder(env, dir)
	if err != nil {
		t.Fatal(err)
	}
	nc.Close()
	path := filepath.Join(dir, serverFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" &&
		info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	var a, other serverAddress
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatal(err)
	}
	if len(a.URLs) != 1 || !strings.HasPrefix(a.URLs[0], "tls://127.0.0.1:") {
		t.Errorf("its URLs are %v", a.URLs)
	}
	if nc, err := nats.Connect(a.URLs[0], nats.Token(a.Token)); err == nil {
		nc.Close()
		t.Error("a client that does not know the certificate is let in")
	}
	if other, _, err = newAddress(); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []serverAddress{
		{a.URLs, other.Token, a.Certificate}, {a.URLs, "", a.Certificate},
		{a.URLs, a.Token, other.Certificate},
	} {
		if err := writeAddress(path, wrong); err != nil {
			t.Fatal(err)
		}
		if nc, err := dialFolder(env, dir); err == nil {
			nc.Close()
			t.Error("a client with a wrong token or certificate is let in")
		}
	}
	stop()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("after its end server.json is still there: %v", err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := dialFolder(env, dir); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}

// Cells with a large model have several threads.
func TestThreadsOfACell(t *testing.T) {
	m := &cellMachine{env: &environment{Context: t.Context(), catalogue: recipe.Standard()}}
	for link, want := range map[string]int{
		"cards?lane=sft": 1,
		"cards?base=cards,dim=256,layers=6&lane=sft": 4,
		"densities?lane=sft":                         1,
		"nonsense":                                   1,
	} {
		if have := m.needs(link); have != want {
			t.Errorf("%s has %d threads, want %d", link, have, want)
		}
	}
}

// Work waits for memory that other work has, and is refused if there would be too little anyway.
func TestMemoryIsShared(t *testing.T) {
	if _, known := availableMemory(); !known {
		return // as on systems that do not say
	}
	var m memory
	const tooMuch = 1e18
	_, err := m.take(t.Context(), "a cell", tooMuch)
	if !errors.Is(err, queue.ErrMachine) || !strings.Contains(err.Error(), "a cell takes about") {
		t.Error(err)
	}
	free, err := m.take(t.Context(), "a cell", 1)
	if err != nil {
		t.Fatal(err)
	}
	refused := make(chan error)
	go func() {
		_, err := m.take(t.Context(), "a large cell", tooMuch)
		refused <- err
	}()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := m.take(ctx, "a cell", tooMuch); !errors.Is(err, context.Canceled) {
		t.Errorf("it does not wait: %v", err)
	}
	free()
	if err := <-refused; !errors.Is(err, queue.ErrMachine) {
		t.Errorf("alone: %v", err)
	}
}

func TestPace(t *testing.T) {
	for _, c := range []struct {
		done, left int
		seconds    float64
		want       string
	}{{0, 5, 1, ""}, {6, 0, 60, "6 a minute"}, {6, 6, 60, "6 a minute, 60 s left"},
		{1, 100, 100, "0.6 a minute, 2.8 h left"}} {
		if have := pace(c.done, c.left, c.seconds); have != c.want {
			t.Errorf("%v: %q, want %q", c, have, c.want)
		}
	}
}

// What a file has is read once, and again when it is replaced.
func TestTail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var file tail
	var lines bytes.Buffer
	read := func() string {
		file.read(path, func(line []byte) { lines.Write(line) },
			func() { lines.WriteString("again ") })
		defer lines.Reset()
		return lines.String()
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have := read(); have != "" {
		t.Errorf("no file: %q", have)
	}
	for _, c := range []struct{ text, want string }{
		{"a\nb", "a\n"}, {"a\nbc\n", "bc\n"}, {"a\nbc\n", ""}, {"x\n", "again x\n"},
	} {
		write(c.text)
		if have := read(); have != c.want {
			t.Errorf("%q: %q, want %q", c.text, have, c.want)
		}
	}
}
