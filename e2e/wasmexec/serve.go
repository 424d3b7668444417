package main

import (
	"context"
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"os"
)

//go:embed page
var embedded embed.FS

// policy is the Content-Security-Policy of the page.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; " +
	"worker-src 'self' blob:; img-src data:"

// serve offers the page on a free port of this machine until ctx ends.
func serve(ctx context.Context, f files, args []string) (addr string, err error) {
	page, err := fs.Sub(embedded, "page")
	if err != nil {
		return "", err
	}
	mux := http.NewServeMux()
	mux.Handle("/", http.FileServerFS(page))
	for url, name := range map[string]string{
		"/program.wasm": f.program, "/wasm_exec.js": f.wasmExec, "/loader.js": f.loader,
		"/compile.js": f.compile, "/kernels.wasm": f.kernels,
	} {
		mux.HandleFunc(url, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, name)
		})
	}
	mux.HandleFunc("/program.json", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(map[string]any{"argv": append([]string{f.program}, args...),
			"env": environment()})
	})
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	})}
	go server.Serve(listener)
	context.AfterFunc(ctx, func() { server.Close() })
	return "http://" + listener.Addr().String() + "/", nil
}

// environment returns the environment of the program. It is short, since Go's js/wasm limits it.
func environment() map[string]string {
	env := make(map[string]string)
	for _, name := range []string{"GODEBUG", "GOTRACEBACK"} {
		if v, ok := os.LookupEnv(name); ok {
			env[name] = v
		}
	}
	return env
}
