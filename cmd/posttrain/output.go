package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// output remembers the first failure to write, so that nobody has to ask after
// each line whether the disk is full.
type output struct {
	to     io.Writer
	err    error
	failed func() // called at the first failure
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(p)
	if err != nil {
		o.err = err
		o.failed()
	}
	return n, err
}

// json writes v on one line, links with a plain &.
func (o *output) json(v any) error {
	encoder := json.NewEncoder(o)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// interrupted is the context's error in the words of report, with what became
// of the work.
func (env *environment) interrupted(outcome string) error {
	if env.Err() == nil {
		return nil
	}
	return errors.New("interrupted: " + outcome)
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// announceInput says that standard input is awaited, to somebody who did not
// expect it.
func (env *environment) announceInput(example string) {
	if isTerminal(env.in) {
		fmt.Fprintf(env.err, "Type JSON such as %s, then Ctrl-D.\n", example)
	}
}
