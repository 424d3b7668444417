// Command wasmexec runs a Go program compiled for js/wasm in a headless Chromium, with the vector
// kernels and the loader of the page:
//
//	GOOS=js GOARCH=wasm go test -exec bin/wasmexec ./core/num
//
// It passes on the arguments, standard output, standard error and the exit code. The program has no
// files. With -find it only prints where the browser is.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/posttrain/posttrain/e2e/browser"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: wasmexec PROGRAM.wasm [ARGUMENT]...")
		os.Exit(2)
	}
	if os.Args[1] == "-find" {
		path, err := browser.Find()
		if err != nil {
			fmt.Fprintln(os.Stderr, "wasmexec:", err)
			os.Exit(1)
		}
		fmt.Println(path)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM,
		syscall.SIGQUIT)
	code, err := run(ctx, os.Args[1], os.Args[2:])
	if ctx.Err() != nil {
		err = errors.New("stopped by a signal: is the test's time over?")
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmexec:", err)
		code = 1
	}
	os.Exit(code)
}

func run(ctx context.Context, program string, args []string) (code int, err error) {
	f, err := findFiles(program)
	if err != nil {
		return 0, err
	}
	addr, err := serve(ctx, f, args)
	if err != nil {
		return 0, err
	}
	if code, err = browse(ctx, addr); err != nil {
		return 0, err
	}
	return code, f.writeTestLog()
}

// files has the page's files that are not embedded here.
type files struct {
	program, wasmExec, loader, compile, kernels string
}

// findFiles finds the files in Go's tree and in the module of the package under test.
func findFiles(program string) (files, error) {
	out, err := exec.Command("go", "env", "GOROOT", "GOMOD").Output()
	if err != nil {
		return files{}, fmt.Errorf("go env: %w", err)
	}
	lines := strings.Split(string(out), "\n")
	goroot, tree := lines[0], filepath.Dir(lines[1])
	return files{
		program:  program,
		wasmExec: filepath.Join(goroot, "lib", "wasm", "wasm_exec.js"),
		loader:   filepath.Join(tree, "site", "js", "loader.js"),
		compile:  filepath.Join(tree, "site", "js", "compile.js"),
		kernels:  filepath.Join(tree, "core", "num", "kernels.wasm"),
	}, nil
}

// writeTestLog writes a log of the files that the result depends on, to where the go command reads
// it after a test. With it the go command caches the result until one of the files changes. Tests
// that the go command runs itself write such a log on demand.
func (f files) writeTestLog() error {
	dir := filepath.Dir(f.program)
	if !strings.HasPrefix(filepath.Base(filepath.Dir(dir)), "go-build") {
		return nil // not run by go test
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	text := "# test log\n"
	for _, read := range []string{f.wasmExec, f.loader, f.compile, f.kernels, self} {
		text += "open " + read + "\n"
	}
	return os.WriteFile(filepath.Join(dir, "testlog.txt"), []byte(text), 0o644)
}
