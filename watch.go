package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// pollEvery is the time between two looks at the sources. A look takes some milliseconds.
	pollEvery   = 300 * time.Millisecond
	changesPath = "/-/changes"   // server-sent events: the number of builds
	reloadPath  = "/-/reload.js" // the script of a page that reads them
)

// sources are the folders whose files the site is made from.
var sources = []string{"core", "site", "wasm"}

// A watcher builds the site anew when its sources change, and tells the browsers that show it.
type watcher struct {
	tree, dir string
	progress  func(string)

	mu     sync.Mutex
	builds int           // how many there were
	built  chan struct{} // closed by the next one
}

func newWatcher(tree, dir string, progress func(string)) *watcher {
	return &watcher{tree: tree, dir: dir, progress: progress, built: make(chan struct{})}
}

// A version tells whether a file has changed.
type version struct {
	modified time.Time
	size     int64
}

// look returns the version of every source. Hidden files and the copies of editors are left out.
func (w *watcher) look() map[string]version {
	found := map[string]version{}
	visit := func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() { // an error means that it has just been removed
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), "~") {
			return nil
		}
		if info, err := d.Info(); err == nil {
			found[file] = version{info.ModTime(), info.Size()}
		}
		return nil
	}
	for _, top := range sources {
		_ = filepath.WalkDir(filepath.Join(w.tree, top), visit) // visit returns no error
	}
	return found
}

// watch builds the site whenever the sources are no longer what they were, until ctx ends. It waits
// until nothing changes any more, since editors and git write many files one after the other.
func (w *watcher) watch(ctx context.Context, was map[string]version) {
	for tick := time.NewTicker(pollEvery); ; {
		last := w.look()
		if maps.Equal(last, was) {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			continue
		}
		for settled := false; !settled; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now := w.look()
			settled, last = maps.Equal(now, last), now
		}
		was = last
		w.rebuild(ctx)
	}
}

// rebuild builds the site in a new process, since this one has the old pages and the old core in
// it. If that fails it prints why, and the last good site stays.
func (w *watcher) rebuild(ctx context.Context) {
	w.progress("something has changed: building")
	build := exec.CommandContext(ctx, "go", "run", ".", "--dist", w.dir)
	build.Dir, build.Stderr = w.tree, os.Stderr
	if err := build.Run(); err != nil {
		if ctx.Err() == nil {
			w.progress(fmt.Sprintf("the site stays as it was: %v", err))
		}
		return
	}
	w.progress("the site is new")
	w.mu.Lock()
	defer w.mu.Unlock()
	w.builds++
	close(w.built)
	w.built = make(chan struct{})
}

// now returns how many builds there were, and what is closed by the next one.
func (w *watcher) now() (builds int, next <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.builds, w.built
}

// handler serves a site whose pages load themselves again after every build. What that takes is
// in no file of the site.
func (w *watcher) handler(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", reloading(site))
	mux.HandleFunc(changesPath, w.serveChanges)
	mux.HandleFunc(reloadPath, w.serveScript)
	return mux
}

// serveChanges sends the number of builds, now and after each build, as server-sent events.
func (w *watcher) serveChanges(out http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(out)
	_ = control.SetWriteDeadline(time.Time{}) // it may be long until something changes
	out.Header().Set("Content-Type", "text/event-stream")
	out.Header().Set("Cache-Control", "no-store")
	for {
		builds, next := w.now()
		fmt.Fprintf(out, "data: %d\n\n", builds)
		if control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-next:
		}
	}
}

// serveScript sends the script that reloads the page when the number of builds has changed. Frames
// are left alone, because the page around them is loaded again with them in it.
func (w *watcher) serveScript(out http.ResponseWriter, _ *http.Request) {
	builds, _ := w.now()
	out.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	out.Header().Set("Cache-Control", "no-store")
	fmt.Fprintf(out, `if (self === top) new EventSource(%q).onmessage = ({ data }) => {
  if (data !== "%d") location.reload();
};
`, changesPath, builds)
}

// reloading adds the script to the pages of a site.
func reloading(site http.Handler) http.Handler {
	const script = `<script src="` + reloadPath + `"></script>` + "\n"
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/") && !strings.HasSuffix(r.URL.Path, ".html") {
			site.ServeHTTP(out, r)
			return
		}
		whole := r.Clone(r.Context())
		whole.Header = http.Header{} // the whole page as it is, in any case
		page := &kept{ResponseWriter: out, code: http.StatusOK}
		site.ServeHTTP(page, whole)
		if page.code == http.StatusOK && r.Method == http.MethodGet {
			page.body.WriteString(script)
		}
		out.Header().Del("ETag")
		out.Header().Set("Content-Length", strconv.Itoa(page.body.Len()))
		out.WriteHeader(page.code)
		_, _ = out.Write(page.body.Bytes()) // the browser may have gone
	})
}

// kept keeps an answer instead of sending it.
type kept struct {
	http.ResponseWriter
	code int
	body bytes.Buffer
}

func (k *kept) WriteHeader(code int)           { k.code = code }
func (k *kept) Write(part []byte) (int, error) { return k.body.Write(part) }
