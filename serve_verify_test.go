//go:build verify

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	visitors     = 500
	slowReaders  = 800
	mostMemory   = 200e6 // bytes of the server, at its peak
	perVisitor   = 6     // connections, as many as a browser opens
	slowFor      = 20 * time.Second
	bytesASecond = 4096
)

// Five hundred people open the page at once, and eight hundred more read slowly, and the server
// stays small. It measures how long that takes and demands nothing of it, since client and server
// share the machine.
func TestVerifyManyReadAtOnce(t *testing.T) {
	cmd := command(".", "--addr", "localhost:0")
	cmd.Env = append(cmd.Environ(), "GOGC=100") // as usual, whatever the tests' compilers are given
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
		t.Fatalf("it does not say where the playground is:\n%s", said)
	}
	files := firstVisit(t)
	t.Logf("building the site took at most %s of memory", peak(t, cmd.Process.Pid))
	forgetPeak(t, cmd.Process.Pid)

	start := time.Now()
	var visits sync.WaitGroup
	var took [visitors]time.Duration
	for i := range visitors {
		visits.Go(func() {
			if err := visit(t.Context(), url, files); err != nil {
				t.Error(err)
			}
			took[i] = time.Since(start)
		})
	}
	visits.Wait()
	slices.Sort(took[:])
	t.Logf("%d first visits of %d files at once: half are over after %.1f s, all after %.1f s; "+
		"at most %s of memory",
		visitors, len(files), took[visitors/2].Seconds(), took[visitors-1].Seconds(), peak(t,
			cmd.Process.Pid))

	var slow sync.WaitGroup
	ctx, stop := context.WithTimeout(t.Context(), slowFor)
	defer stop()
	for range slowReaders {
		slow.Go(func() {
			if err := readSlowly(ctx,
				strings.TrimSuffix(strings.TrimPrefix(url, "http://"), "/")); err != nil {
				t.Error(err)
			}
		})
	}
	if err := visit(t.Context(), url, files); err != nil {
		t.Error(err)
	}
	t.Logf("beside %d slow readers a visit takes %.1f s", slowReaders,
		(time.Since(start) - took[visitors-1]).Seconds())
	slow.Wait()
	most := peak(t, cmd.Process.Pid)
	t.Logf("with %d slow readers: at most %s of memory", slowReaders, most)
	if most > mostMemory {
		t.Errorf("the server took %s of memory, want %s at most", most, megabytes(mostMemory))
	}
}

// firstVisit lists the files that the page loads before somebody presses Run.
func firstVisit(t *testing.T) (files []string) {
	t.Helper()
	for _, pattern := range []string{"index.html", "stage.html", "welcome.json", "js/*.js", "*.js",
		"css/lab.css", "*.wasm", "bases/cards.msgp"} {
		found, err := filepath.Glob(filepath.Join("dist", pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: nothing in the site (%v)", pattern, err)
		}
		for _, file := range found {
			files = append(files, strings.TrimPrefix(filepath.ToSlash(file), "dist/"))
		}
	}
	return files
}

// visit fetches files as a browser does that has none of them.
func visit(ctx context.Context, url string, files []string) error {
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: perVisitor,
		MaxIdleConnsPerHost: perVisitor}}
	defer client.CloseIdleConnections()
	var all sync.WaitGroup
	failed := make(chan error, len(files))
	for _, name := range files {
		all.Go(func() {
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+name, nil)
			if err != nil {
				failed <- err
				return
			}
			request.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			answer, err := client.Do(request)
			if err != nil {
				failed <- err
				return
			}
			defer answer.Body.Close()
			if n, err := io.Copy(io.Discard, answer.Body); err != nil ||
				answer.StatusCode != http.StatusOK || n != answer.ContentLength {
				failed <- fmt.Errorf("%s: %s, %d of %d bytes, %w", name, answer.Status, n,
					answer.ContentLength, err)
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}

// readSlowly asks for the largest file and reads a little of it every second until the context
// ends.
func readSlowly(ctx context.Context, host string) error {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", host)
	if err != nil {
		return err
	}
	defer c.Close()
	if _, err := fmt.Fprintf(c, "GET /stage.wasm HTTP/1.1\r\nHost: %s\r\n\r\n", host); err != nil {
		return err
	}
	for second := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-second.C:
			if _, err := io.ReadFull(c, make([]byte, bytesASecond)); err != nil {
				return err
			}
		}
	}
}

type megabytes float64

func (m megabytes) String() string { return fmt.Sprintf("%.0f MB", float64(m)/1e6) }

// peak returns the most memory that a process has had, as Linux counts it.
func peak(t *testing.T, pid int) megabytes {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	kB, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return megabytes(kB * 1024)
}

// forgetPeak makes peak count from now on.
func forgetPeak(t *testing.T, pid int) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"),
		0o200); err != nil {
		t.Fatal(err)
	}
}
