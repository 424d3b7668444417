// Command posttrain (go run .) builds what has changed of the playground and serves it, by default
// only to this machine.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/site"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

type options struct {
	Addr string `default:"localhost:8080" help:"Where to serve it, as HOST:PORT."`
	Dist string `placeholder:"DIR" help:"Only write the site, as plain files for any static host, into this folder."`

	Onefile string `placeholder:"LINK" help:"Only write a page that works without a server: the experiment of a link, the lesson lesson/NAME, or a lesson in a file whose name ends in .md."`
	Out     string `placeholder:"FILE" help:"The file of that page, .html, or .zip with the page as index.html in it."`

	Watch bool `help:"Build again when a file of site, wasm or core changes, and reload the page."`
}

// Validate returns an error if the options cannot be used. The parser calls it.
func (o *options) Validate() error {
	if _, _, err := net.SplitHostPort(o.Addr); err != nil {
		return fmt.Errorf("--addr is %q, want HOST:PORT such as localhost:8080", o.Addr)
	}
	if o.Watch && o.Dist != "" {
		return errors.New("--watch and --dist exclude each other: want one of them")
	}
	return o.validateOnefile()
}

func (o *options) validateOnefile() error {
	ext := filepath.Ext(o.Out)
	switch {
	case o.Onefile == "" && o.Out != "":
		return errors.New("--out is the file of --onefile: want --onefile LINK with it")
	case o.Onefile == "":
		return nil
	case o.Dist != "" || o.Watch:
		return errors.New("--onefile writes one page and serves nothing: want it without --dist " +
			"and --watch")
	case o.Out == "":
		return errors.New("--onefile wants a file to write: add --out FILE.html or --out FILE.zip")
	case ext != ".html" && ext != ".zip":
		return fmt.Errorf("--out is %q: want a name that ends with .html or .zip", o.Out)
	}
	return nil
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("go run ."), kong.Description("Builds the playground and serves it."),
		kong.UsageOnError(), kong.Exit(func(code int) {
			if code != 0 {
				code = 2
			}
			os.Exit(code)
		}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, o); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, o options) error {
	tree, err := module()
	if err != nil {
		return err
	}
	start := time.Now()
	progress := func(what string) { fmt.Printf("%5.1f s  %s\n", time.Since(start).Seconds(), what) }
	if o.Onefile != "" {
		return writeOnefile(ctx, tree, o, progress)
	}
	if o.Dist != "" {
		if err := site.Build(ctx, tree, o.Dist, progress); err != nil {
			return err
		}
		progress("the site is in " + o.Dist)
		return nil
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("cannot serve at %s: %w\nis another program there? try go run . --addr "+
			"localhost:8081", o.Addr, err)
	}
	dir := filepath.Join(tree, "dist")
	watcher := newWatcher(tree, dir, progress)
	first := watcher.look() // before building, so that changes during it are built again
	if err := site.Build(ctx, tree, dir, progress); err != nil {
		return err
	}
	debug.FreeOSMemory()                    // serving takes a tenth of the memory of building
	debug.SetGCPercent(50)                  // many visitors at once leave much garbage
	host, _, _ := net.SplitHostPort(o.Addr) // Validate has checked it
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	progress("the playground is at http://" + net.JoinHostPort(cmp.Or(host, "localhost"),
		port) + "/ (Ctrl-C ends it)")
	server := site.Server(dir)
	if o.Watch {
		server.Handler = watcher.handler(server.Handler)
		go watcher.watch(ctx, first)
	}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// writeOnefile writes an experiment as one file. The site that it is made from is the one that is
// otherwise served.
func writeOnefile(ctx context.Context, tree string, o options, progress func(string)) error {
	subject, err := subjectOf(o.Onefile)
	if err != nil {
		return err
	}
	dir := filepath.Join(tree, "dist")
	if err := site.Build(ctx, tree, dir, progress); err != nil {
		return err
	}
	page, err := site.OneFile(ctx, tree, dir, subject)
	if err == nil && filepath.Ext(o.Out) == ".zip" {
		page, err = site.Zip(page, subject.Title)
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.Out), 0o755); err != nil {
		return fmt.Errorf("cannot make the folder of %s: %w", o.Out, err)
	}
	if err := os.WriteFile(o.Out, page, 0o644); err != nil {
		return err
	}
	progress(fmt.Sprintf("%s is in %s (%.1f MB)", subject.Title, o.Out, float64(len(page))/1e6))
	return nil
}

// ofLessons is what --onefile has in front of the name of a lesson.
const ofLessons = "lesson/"

// subjectOf returns what a page in one file is to be about: the lesson lesson/NAME or in a file
// whose name ends in .md, or the experiment of a link.
func subjectOf(what string) (site.Subject, error) {
	name, isLesson := strings.CutPrefix(what, ofLessons)
	switch {
	case strings.HasSuffix(what, ".md"):
		text, err := os.ReadFile(what)
		if err != nil {
			return site.Subject{}, err
		}
		l, err := lesson.Parse(text, vocabulary.Of(recipe.Standard()))
		if err != nil {
			return site.Subject{}, fmt.Errorf("%s: %w", what, err)
		}
		return site.Taught(l)
	case isLesson:
		l, err := lesson.Lookup(name, vocabulary.Of(recipe.Standard()))
		if err != nil {
			return site.Subject{}, err
		}
		return site.Taught(l)
	}
	return site.Experiment(what)
}

// module returns the folder of this module: the working directory or one above it.
func module() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "serve.go")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is not in the posttrain tree, which has the sources of "+
				"what is served", dir)
		}
	}
}
