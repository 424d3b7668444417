//go:build js && wasm && page

// Command trainer is the core in a Web Worker: a lane in training, or the clerk who keeps the
// record of all lanes (see docs/decisions/0009-the-page.md). It offers site/js/worker.js an object
// named trainer, whose functions return their results or {error: a sentence}. The build tag page
// leaves the bases out of the program: the page supplies them.
package main

import (
	"fmt"
	"syscall/js"

	"github.com/posttrain/posttrain/core/recipe"
)

func main() {
	catalogue := recipe.Standard()
	trainer := js.Global().Get("Object").New()
	for _, functions := range []map[string]function{
		newLane(catalogue).functions(), newClerk(catalogue).functions(),
		new(bench).functions(),
	} {
		for name, f := range functions {
			trainer.Set(name, js.FuncOf(f.call))
		}
	}
	js.Global().Set("trainer", trainer)
	select {}
}

// function is a function that JavaScript can call. Its result is one that js.ValueOf accepts.
type function func(args []js.Value) (any, error)

// call calls f. It returns an error or a panic of f as {error: a sentence}.
func (f function) call(_ js.Value, args []js.Value) (answer any) {
	defer func() {
		if r := recover(); r != nil {
			answer = refusal(fmt.Errorf("the trainer has a fault: %v", r))
		}
	}()
	answer, err := f(args)
	if err != nil {
		return refusal(err)
	}
	return answer
}

func refusal(err error) any { return map[string]any{"error": err.Error()} }

// bytesOf returns a copy of a Uint8Array.
func bytesOf(v js.Value) []byte {
	b := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(b, v)
	return b
}

// arrayOf returns a Uint8Array with a copy of bytes.
func arrayOf(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}
