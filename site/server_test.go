package site

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A wire is a network whose connections have no buffers, so that a server waits for its readers,
// and on which time can be made up.
type wire struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case c := <-w.dialled:
		return c, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	close(w.closed)
	return nil
}

func (w *wire) Addr() net.Addr { return &net.UnixAddr{} }

// ask sends a request and returns the connection.
func (w *wire) ask(t *testing.T, request string) net.Conn {
	t.Helper()
	client, server := net.Pipe()
	w.dialled <- server
	if _, err := io.WriteString(client, request); err != nil {
		t.Fatal(err)
	}
	return client
}

// onWire serves a folder with one big file for as long as the test runs, in made-up time.
func onWire(t *testing.T, test func(t *testing.T, w *wire)) {
	dir := t.TempDir()
	if err := write(dir, "big.msgp", make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := &wire{make(chan net.Conn), make(chan struct{})}
		server := Server(dir)
		go func() { _ = server.Serve(w) }()
		test(t, w)
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

const askBig = "GET /big.msgp HTTP/1.1\r\nHost: lab\r\n\r\n"

// A reader from whom nothing is heard is left alone after a while.
func TestAReaderThatStallsIsEnded(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		start := time.Now()
		c := w.ask(t, askBig)
		if _, err := io.ReadFull(c, make([]byte, 100_000)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Hour)
		rest, err := io.Copy(io.Discard, c)
		if err != nil || rest > 64<<10 {
			t.Errorf("after ten hours %d bytes more come (%v), want the end", rest, err)
		}
		if waited := time.Since(start); waited != 10*time.Hour {
			t.Errorf("it took %v", waited)
		}
	})
}

// A reader that takes a little now and then gets everything, however long it takes.
func TestASlowReaderGetsEverything(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		start := time.Now()
		r := &slowly{w.ask(t, askBig)}
		answer, err := http.ReadResponse(bufio.NewReaderSize(r, 4096), nil)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, answer.Body)
		if took := time.Since(start); n != 1<<20 || err != nil || took < 30*time.Minute {
			t.Errorf("in %v a slow reader gets %d bytes (%v), want all", took, n, err)
		}
	})
}

// slowly reads at most four kilobytes in ten seconds.
type slowly struct{ net.Conn }

func (s *slowly) Read(p []byte) (int, error) {
	time.Sleep(10 * time.Second)
	return s.Conn.Read(p[:min(len(p), 4096)])
}

// Nobody holds a connection by saying nothing: not before a request, not in the middle of one, not
// by a body that does not come.
func TestSilentConnectionsAreEnded(t *testing.T) {
	for name, said := range map[string]string{
		"nothing": "", "half a request": "GET / HT",
		"half a head": "GET / HTTP/1.1\r\nHost: lab\r\n",
		"a body that does not come": "GET /nothing HTTP/1.1\r\nHost: lab\r\nContent-Length: " +
			"100\r\n\r\n", "a long body": "POST / HTTP/1.1\r\nHost: lab\r\nContent-Length: " +
			"100000000\r\n\r\n.",
		"one request and no other": "GET /nothing HTTP/1.1\r\nHost: lab\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			onWire(t, func(t *testing.T, w *wire) {
				start := time.Now()
				if _, err := io.Copy(io.Discard, w.ask(t, said)); err != nil {
					t.Error(err)
				}
				if took := time.Since(start); took > 5*time.Minute {
					t.Errorf("the connection is ended after %v", took)
				}
			})
		})
	}
}

// The head of a request has a limit.
func TestALongHeadIsRefused(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		client, server := net.Pipe()
		w.dialled <- server
		go fmt.Fprintf(client, "GET / HTTP/1.1\r\nHost: lab\r\nCookie: %s\r\n\r\n",
			strings.Repeat("a", 1<<20))
		answer, err := http.ReadResponse(bufio.NewReader(client), nil)
		if err != nil || answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
			t.Errorf("a head of a megabyte is answered with %v, %v", answer, err)
		}
		_, _ = io.Copy(io.Discard, client) // until the server has closed it
	})
}
