package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/posttrain/posttrain/core/study/queue"
)

type studyWatchCommand struct {
	Dir  string `arg:"" optional:"" type:"path" help:"The folder of a study."`
	Addr string `default:"localhost:8090" placeholder:"HOST:PORT" help:"Where the page is served."`
	remote
}

// watchPage is the page that shows a study. It requests nothing but /state.
//
//go:embed study_watch.html
var watchPage []byte

func (c *studyWatchCommand) Run(env *environment) error {
	if (c.Dir == "") == (c.NATS == "") {
		return usage(errors.New("want either the folder of the study or --nats URL"))
	}
	w := &studyWatch{env: env}
	if c.Dir != "" {
		source, err := studyIn(env, c.Dir)
		if err != nil {
			return err
		}
		w.dir, w.hash = c.Dir, source.plan().Hash()
		w.state.Study, w.state.Cells = source.Name, len(source.Cells())
	} else {
		nc, err := c.dial()
		if err != nil {
			return err
		}
		defer nc.Close()
		w.server, w.hash = nc, "*"
		if _, err := queue.Listen(nc, w.hash, w.observe); err != nil {
			return err
		}
	}
	return w.serve(c.Addr)
}

// serve serves the page until the user interrupts the program.
func (w *studyWatch) serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return usage(fmt.Errorf("--addr: %w", err))
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(to http.ResponseWriter, _ *http.Request) {
		to.Header().Set("Content-Type", "text/html; charset=utf-8")
		to.Header().Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; "+
			"style-src 'unsafe-inline'; script-src 'unsafe-inline'")
		_, _ = to.Write(watchPage) // the browser may be gone
	})
	mux.HandleFunc("GET /state", func(to http.ResponseWriter, _ *http.Request) {
		to.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(to).Encode(w.now())
	})
	const slow = 10 * time.Second
	server := &http.Server{Handler: mux, ReadHeaderTimeout: slow}
	fmt.Fprintf(w.env.out, "The study is shown at http://%s until you press Ctrl-C.\n",
		listener.Addr())
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-w.env.Done():
		return server.Close()
	}
}
