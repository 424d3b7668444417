package site

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
)

// policy is what the pages promise to live with: nothing from elsewhere, nothing inline. Anybody may frame them.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
	"worker-src 'self' blob:; img-src 'self' data:; frame-src 'self'; base-uri 'none'; form-action 'none'"

// types are the kinds of file that are served, and nothing else is.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".wasm": "application/wasm", ".msgp": "application/octet-stream",
}

// Handler serves a built site with the headers that it is made for.
func Handler(dir string) http.Handler {
	files := os.DirFS(dir)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		head.Set("Access-Control-Allow-Origin", "*") // a frame with an origin of its own may load modules
		head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			head.Set("Allow", "GET, HEAD")
			http.Error(w, "this site is only for reading: use GET", http.StatusMethodNotAllowed)
			return
		}
		if place := astray(r.URL); place != "" {
			http.Redirect(w, r, place, http.StatusFound)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if name == "" || strings.HasSuffix(r.URL.Path, "/") {
			name = path.Join(name, "index.html")
		}
		kind, known := types[path.Ext(name)]
		if !known || hidden(name) || !send(w, r, files, name, kind) {
			http.Error(w, fmt.Sprintf("there is no page %q here: the lab is at /", "/"+name), http.StatusNotFound)
		}
	})
}

// astray returns where a URL should lead whose # some mailer has escaped, so that the recipe behind it has become a part of its path:
// /%23memorise?seed=7 should be /#memorise?seed=7. It returns "" for any other.
func astray(u *url.URL) string {
	before, after, found := strings.Cut(u.EscapedPath(), "%23")
	if !found {
		return ""
	}
	if u.RawQuery != "" {
		after += "?" + u.RawQuery
	}
	place := path.Clean("/" + before)
	if place != "/" && strings.HasSuffix(before, "/") {
		place += "/"
	}
	return place + "#" + after
}

// hidden says whether a part of the name starts with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// send answers with a file, in the smallest form that the reader takes; false when there is none.
func send(w http.ResponseWriter, r *http.Request, files fs.FS, name, kind string) bool {
	suffix, encoded := "", ""
	for _, e := range encodings {
		if compressible[path.Ext(name)] && accepts(r.Header.Get("Accept-Encoding"), e.name) {
			suffix, encoded = e.suffix, e.name
			break
		}
	}
	content, err := fs.ReadFile(files, name+suffix)
	if err != nil {
		return false
	}
	head := w.Header()
	head.Set("Content-Type", kind)
	head.Set("Vary", "Accept-Encoding")
	head.Set("Cache-Control", "no-cache") // ask again, and be told that nothing has changed
	if encoded != "" {
		head.Set("Content-Encoding", encoded)
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(content))
	head.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	head.Set("Content-Length", fmt.Sprint(len(content)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(content) // the reader may have gone
	}
	return true
}

// accepts says whether a list of encodings has one that is not refused.
func accepts(list, name string) bool {
	for item := range strings.SplitSeq(list, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(coding), name) {
			q := strings.TrimPrefix(strings.ReplaceAll(quality, " ", ""), "q=")
			return strings.Trim(q, "0.") != "" || q == ""
		}
	}
	return false
}
