package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"golang.org/x/term"

	"github.com/posttrain/posttrain/core/recipe"
)

// environment has everything outside a command that it uses: streams, the clock
// and the catalogue. Its context ends when the user interrupts the program, or
// when out cannot be written.
type environment struct {
	context.Context
	in        *input
	out       *output           // for results
	err       io.Writer         // for progress and errors
	clock     func() float64    // the time in seconds
	wall      func() float64    // seconds since 1970
	log       *slog.Logger      // set by run
	logs      bool              // whether log writes to err; otherwise it writes nothing
	recorded  []recordFormat    // what a run's metrics are written as; set by run
	catalogue *recipe.Catalogue // what links can name
}

// input is a reader whose Read returns an error when the context ends.
type input struct {
	from io.Reader
	ctx  context.Context
}

func (in *input) Read(p []byte) (int, error) {
	type result struct {
		data []byte
		err  error
	}
	read := make(chan result, 1)
	go func() {
		data := make([]byte, len(p)) // not p, which the caller may use again after an interrupt
		n, err := in.from.Read(data)
		read <- result{data[:n], err}
	}()
	select {
	case r := <-read:
		return copy(p, r.data), r.err
	case <-in.ctx.Done():
		return 0, errors.New("interrupted before its end")
	}
}

// atMost returns the input with a limit on its bytes.
func (in *input) atMost(bytes int) io.Reader { return &bounded{in, bytes, bytes} }

// bounded is a reader that returns an error after a number of bytes.
type bounded struct {
	from       io.Reader
	left, most int
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, fmt.Errorf("it has more than %d bytes, which is all that is read", b.most)
	}
	return n, err
}

// output is a writer that keeps the first error and writes nothing after it, so
// that callers need not check each line.
type output struct {
	to     io.Writer
	err    error
	failed func() // called after the first error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	if err != nil {
		o.err = fmt.Errorf("cannot write: %w", err) // err names standard output
		o.failed()
	}
	return n, o.err
}

// json writes v as JSON on one line. The & of links is not escaped.
func (o *output) json(v any) error {
	encoder := json.NewEncoder(o)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// interrupted returns nil unless the context has ended. The error has the reason
// and the outcome of the work.
func (env *environment) interrupted(outcome string) error {
	switch {
	case env.Err() == nil:
		return nil
	case env.out.err != nil:
		return fmt.Errorf("%w; %s", env.out.err, outcome)
	}
	return errors.New("interrupted: " + outcome)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// announceInput asks for input if standard input is a terminal, where the user
// may not expect that the program waits for it.
func (env *environment) announceInput(example string) {
	if isTerminal(env.in.from) {
		fmt.Fprintf(env.err, "Type JSON such as %s, then Ctrl-D.\n", example)
	}
}
