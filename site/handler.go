package site

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"syscall"
	"time"
)

// policy is the Content-Security-Policy of the pages: nothing from other hosts and nothing inline.
// Any page may frame them.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
	"connect-src 'self'; " +
	"worker-src 'self' blob:; img-src 'self' data:; frame-src 'self'; base-uri 'none'; " +
	"form-action 'none'"

// types has the media types by suffix. Files with other suffixes are not served.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json",
	".wasm": "application/wasm", ".msgp": "application/octet-stream",
}

// Handler returns a handler that serves a built site with the headers that it needs.
func Handler(dir string) http.Handler {
	files := &folder{dir: dir}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Security-Policy", policy)
		// a frame with an origin of its own may load modules
		head.Set("Access-Control-Allow-Origin", "*")
		head.Set("Cross-Origin-Resource-Policy", "cross-origin")
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "no-referrer")
		refuseBody(w, r)
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			head.Set("Allow", "GET, HEAD")
			http.Error(w, "this site can only be read: use GET or HEAD",
				http.StatusMethodNotAllowed)
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
		f, err := files.open(name, r.Header.Get("Accept-Encoding"))
		switch {
		case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
			http.Error(w, "the server has too many files open: try again in a minute",
				http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, fmt.Sprintf("there is no page %q here; the lab is at /", "/"+name),
				http.StatusNotFound)
		default:
			defer f.Close()
			send(w, r, f)
		}
	})
}

// astray returns the right address for a URL whose # was escaped, as some mail programs do, so that
// the recipe became a part of its path: /#memorise?seed=7 for /%23memorise?seed=7. It returns ""
// for other URLs.
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

// send answers with a file, or with the part of it that was requested.
func send(w http.ResponseWriter, r *http.Request, f *file) {
	head := w.Header()
	head.Set("Content-Type", types[path.Ext(f.name)])
	head.Set("Vary", "Accept-Encoding")
	head.Set("Cache-Control", "no-cache") // browsers revalidate by ETag
	head.Set("ETag", f.tag.text)
	if f.encoding != "" {
		head.Set("Content-Encoding", f.encoding)
	}
	http.ServeContent(&sender{w, http.NewResponseController(w), f}, r, f.name, time.Time{}, f)
}
