package site

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// built is a small site.
func built(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"index.html": "<!doctype html>lab", "js/lab.js": strings.Repeat("export {};\n", 99), "a.wasm": "\x00asm", "bases/b.msgp": "weights", "notes.txt": "no"} {
		if err := write(dir, name, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".secret.json"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func get(t *testing.T, h http.Handler, method, url string, head ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost/", nil)
	r.URL.Path = url
	for i := 0; i < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	h := Handler(built(t))
	for _, url := range []string{"/", "/js/lab.js", "/nothing", "/a.wasm"} {
		head := get(t, h, "GET", url).Header
		for name, want := range map[string]string{
			"Content-Security-Policy": "'wasm-unsafe-eval'", "Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin",
		} {
			if !strings.Contains(head.Get(name), want) {
				t.Errorf("%s: %s is %q, want %q in it", url, name, head.Get(name), want)
			}
		}
		for _, not := range []string{"unsafe-inline", "'unsafe-eval'", "http:", "https:"} {
			if strings.Contains(head.Get("Content-Security-Policy"), not) {
				t.Errorf("%s: the policy allows %s", url, not)
			}
		}
	}
}

// A link whose # was escaped on its way leads to where it should have led, and never to another host.
func TestAnEscapedHashIsRedirected(t *testing.T) {
	h := Handler(built(t))
	for address, want := range map[string]string{
		"/%23cards?seed=7&lane=sft":           "/#cards?seed=7&lane=sft",
		"/%23cards%3Fseed%3D7%26lane%3Dsft":   "/#cards%3Fseed%3D7%26lane%3Dsft",
		"/embed.html%23cards?lane=sft":        "/embed.html#cards?lane=sft",
		"/sub/%23memorise":                    "/sub/#memorise",
		"//example.org/%23memorise":           "/example.org/#memorise",
		"/../%23memorise":                     "/#memorise",
		"/%23cards?x=%0d%0aSet-Cookie:%20a=b": "/#cards?x=%0d%0aSet-Cookie:%20a=b",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", address, nil))
		if got := w.Result().Header.Get("Location"); w.Code != http.StatusFound || got != want {
			t.Errorf("%s leads to %q with %d, want %q", address, got, w.Code, want)
		}
	}
	if r := get(t, h, "GET", "/"); r.StatusCode != http.StatusOK {
		t.Errorf("without one, / answers %d", r.StatusCode)
	}
}

func TestFilesComeInTheSmallestFormThatIsTaken(t *testing.T) {
	h := Handler(built(t))
	want := body(t, get(t, h, "GET", "/js/lab.js"))
	for accept, encoding := range map[string]string{
		"gzip, deflate, br": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip", "br;q=0.0,gzip;q=0": "", "BR": "br", "deflate": "",
	} {
		r := get(t, h, "GET", "/js/lab.js", "Accept-Encoding", accept)
		if got := r.Header.Get("Content-Encoding"); got != encoding {
			t.Errorf("for %q it comes as %q, want %q", accept, got, encoding)
		}
		var plain io.Reader = r.Body
		switch encoding {
		case "br":
			plain = brotli.NewReader(r.Body)
		case "gzip":
			var err error
			if plain, err = gzip.NewReader(r.Body); err != nil {
				t.Fatal(err)
			}
		}
		var text bytes.Buffer
		if _, err := text.ReadFrom(plain); err != nil || text.String() != want {
			t.Errorf("for %q it is another text (%v)", accept, err)
		}
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("for %q a cache is not told that it varies", accept)
		}
	}
}

func TestTypesAndRefusals(t *testing.T) {
	h := Handler(built(t))
	for url, want := range map[string]string{"/": "text/html", "/index.html": "text/html", "/js/lab.js": "text/javascript", "/a.wasm": "application/wasm", "/bases/b.msgp": "application/octet-stream"} {
		if r := get(t, h, "GET", url); r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), want) {
			t.Errorf("%s: %d, %s, want %s", url, r.StatusCode, r.Header.Get("Content-Type"), want)
		}
	}
	for _, url := range []string{"/js/", "/js", "/nothing.html", "/notes.txt", "/.secret.json", "/../site.go", "/js/../../handler.go", "/js/lab.js.br", "/.manifest.json", "//etc/passwd"} {
		if r := get(t, h, "GET", url); r.StatusCode != 404 || !strings.Contains(body(t, r), "there is no page") {
			t.Errorf("%s: %d, want 404 and a sentence", url, r.StatusCode)
		}
	}
	if r := get(t, h, "POST", "/"); r.StatusCode != 405 {
		t.Errorf("POST: %d, want 405", r.StatusCode)
	}
	if r := get(t, h, "HEAD", "/"); r.StatusCode != 200 || body(t, r) != "" || r.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d, length %s", r.StatusCode, r.Header.Get("Content-Length"))
	}
}

func TestNothingIsSentTwice(t *testing.T) {
	h := Handler(built(t))
	tag := get(t, h, "GET", "/js/lab.js").Header.Get("ETag")
	if r := get(t, h, "GET", "/js/lab.js", "If-None-Match", tag); r.StatusCode != http.StatusNotModified || body(t, r) != "" {
		t.Errorf("with its tag: %d", r.StatusCode)
	}
	if r := get(t, h, "GET", "/js/lab.js", "If-None-Match", tag, "Accept-Encoding", "br"); r.StatusCode != 200 {
		t.Errorf("in another encoding, with that tag: %d", r.StatusCode)
	}
}
