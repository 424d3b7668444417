package site

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// built returns a small site.
func built(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"index.html": "<!doctype html>lab",
		"js/lab.js": strings.Repeat("export {};\n",
			99), "a.wasm": "\x00asm", "bases/b.msgp": "weights", "notes.txt": "no"} {
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
			"Content-Security-Policy": "'wasm-unsafe-eval'", "Access-Control-Allow-Origin": "*",
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "cross-origin",
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

// A link whose # was escaped on its way leads to where it should have led, and never to another
// host.
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
		"gzip, deflate, br": "br", "gzip": "gzip", "": "", "br;q=0, gzip;q=0.5": "gzip",
		"br;q=0.0,gzip;q=0": "", "BR": "br", "deflate": "",
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
	for url, want := range map[string]string{"/": "text/html", "/index.html": "text/html",
		"/js/lab.js": "text/javascript", "/a.wasm": "application/wasm",
		"/bases/b.msgp": "application/octet-stream"} {
		if r := get(t, h, "GET", url); r.StatusCode != 200 ||
			!strings.HasPrefix(r.Header.Get("Content-Type"), want) {
			t.Errorf("%s: %d, %s, want %s", url, r.StatusCode, r.Header.Get("Content-Type"), want)
		}
	}
	for _, url := range []string{"/js/", "/js", "/nothing.html", "/notes.txt", "/.secret.json",
		"/../site.go", "/js/../../handler.go", "/js/lab.js.br", "/.manifest.json", "//etc/passwd"} {
		if r := get(t, h, "GET", url); r.StatusCode != 404 ||
			!strings.Contains(body(t, r), "there is no page") {
			t.Errorf("%s: %d, want 404 and a sentence", url, r.StatusCode)
		}
	}
	if r := get(t, h, "POST", "/"); r.StatusCode != 405 {
		t.Errorf("POST: %d, want 405", r.StatusCode)
	}
	if r := get(t, h, "HEAD", "/"); r.StatusCode != 200 || body(t, r) != "" ||
		r.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD: %d, length %s", r.StatusCode, r.Header.Get("Content-Length"))
	}
}

func TestNothingIsSentTwice(t *testing.T) {
	h := Handler(built(t))
	tag := get(t, h, "GET", "/js/lab.js").Header.Get("ETag")
	if r := get(t, h, "GET", "/js/lab.js", "If-None-Match",
		tag); r.StatusCode != http.StatusNotModified || body(t, r) != "" {
		t.Errorf("with its tag: %d", r.StatusCode)
	}
	if r := get(t, h, "GET", "/js/lab.js", "If-None-Match", tag, "Accept-Encoding",
		"br"); r.StatusCode != 200 {
		t.Errorf("in another encoding, with that tag: %d", r.StatusCode)
	}
}

// Whoever has a form of a file in any of its tags is sent nothing, and whoever has a part of it
// gets the rest of that form.
func TestPartsAndTags(t *testing.T) {
	dir := built(t)
	h := Handler(dir)
	plain := body(t, get(t, h, "GET", "/js/lab.js"))
	packed, err := os.ReadFile(filepath.Join(dir, "js", "lab.js.gz"))
	if err != nil {
		t.Fatal(err)
	}
	tag := get(t, h, "GET", "/js/lab.js").Header.Get("ETag")
	packedTag := get(t, h, "GET", "/js/lab.js", "Accept-Encoding", "gzip").Header.Get("ETag")
	if tag == packedTag || tag == "" {
		t.Errorf("the file has the tag %s, and %s when it is compressed", tag, packedTag)
	}
	gzipped := []string{"Accept-Encoding", "gzip"}
	for _, c := range []struct {
		head  []string
		code  int
		part  string // Content-Range
		bytes string
	}{
		{[]string{"Range", "bytes=2-5"}, 206, fmt.Sprintf("bytes 2-5/%d", len(plain)), plain[2:6]},
		{[]string{"Range", "bytes=-3"}, 206,
			fmt.Sprintf("bytes %d-%d/%d", len(plain)-3, len(plain)-1, len(plain)),
			plain[len(plain)-3:]},
		{append(gzipped, "Range", "bytes=10-"), 206,
			fmt.Sprintf("bytes 10-%d/%d", len(packed)-1, len(packed)), string(packed[10:])},
		{[]string{"Range", "bytes=99999-"}, 416, fmt.Sprintf("bytes */%d", len(plain)), ""},
		{[]string{"Range", "bytes=2-5", "If-Range", tag}, 206,
			fmt.Sprintf("bytes 2-5/%d", len(plain)), plain[2:6]},
		{[]string{"Range", "bytes=2-5", "If-Range", packedTag}, 200, "", plain},
		{append(gzipped, "Range", "bytes=2-5", "If-Range", tag), 200, "", string(packed)},
		{[]string{"If-None-Match", `"other", ` + tag}, 304, "", ""},
		{[]string{"If-None-Match", `W/"other",W/` + tag}, 304, "", ""},
		{[]string{"If-None-Match", "*"}, 304, "", ""},
		{[]string{"If-None-Match", `"other"`}, 200, "", plain},
		{append(gzipped, "If-None-Match", tag), 200, "", string(packed)},
		{append(gzipped, "If-None-Match", packedTag+", "+tag), 304, "", ""},
		{[]string{"If-Match", `"other"`}, 412, "", ""},
	} {
		r := get(t, h, "GET", "/js/lab.js", c.head...)
		got := body(t, r)
		if r.StatusCode != c.code || r.Header.Get("Content-Range") != c.part ||
			c.code != 416 && got != c.bytes {
			t.Errorf("%q: %d, part %q, %d bytes, want %d, %q, %d bytes", c.head, r.StatusCode,
				r.Header.Get("Content-Range"), len(got), c.code, c.part, len(c.bytes))
		}
		if length := r.Header.Get("Content-Length"); c.code < 300 &&
			length != fmt.Sprint(len(got)) {
			t.Errorf("%q: the length is told as %q, it is %d", c.head, length, len(got))
		}
	}
}

// What is built anew while it is served is served anew.
func TestAChangedFileIsNoticed(t *testing.T) {
	dir := built(t)
	h := Handler(dir)
	before := get(t, h, "GET", "/index.html")
	// as long as before
	if err := write(dir, "index.html", []byte("<!doctype html>LAB")); err != nil {
		t.Fatal(err)
	}
	after := get(t, h, "GET", "/index.html", "If-None-Match", before.Header.Get("ETag"))
	if text := body(t, after); after.StatusCode != 200 || text != "<!doctype html>LAB" {
		t.Errorf("after it was built anew: %d, %q", after.StatusCode, text)
	}
}

// A site without compressed files is served as it is, and nothing outside of it is.
func TestOnlyFilesOfTheFolder(t *testing.T) {
	dir := built(t)
	if err := os.Remove(filepath.Join(dir, "index.html.br")); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "index.html.gz")); err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "outside.html")
	if err := os.WriteFile(outside, []byte("secret"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"there.html": outside,
		"up.html": "../" + filepath.Base(filepath.Dir(outside)) +
			"/outside.html", "loop.html": "loop.html", "within.html": "index.html"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Dir(outside), filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder.html"), 0o755); err != nil {
		t.Fatal(err)
	}
	h := Handler(dir)
	for url, code := range map[string]int{
		"/index.html": 200, "/within.html": 200,
		"/there.html": 404, "/up.html": 404, "/loop.html": 404, "/out/outside.html": 404,
		"/folder.html": 404, "/js/lab.js/more.js": 404,
		"/" + strings.Repeat("a", 5000) + ".html": 404,
	} {
		r := get(t, h, "GET", url, "Accept-Encoding", "br, gzip")
		if text := body(t, r); r.StatusCode != code || strings.Contains(text, "secret") ||
			code == 200 && text != "<!doctype html>lab" {
			t.Errorf("%.40s: %d, %.80q, want %d", url, r.StatusCode, text, code)
		}
	}
}
