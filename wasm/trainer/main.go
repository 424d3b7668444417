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

// function answers a call from JavaScript with what js.ValueOf takes.
type function func(args []js.Value) (any, error)

func (f function) call(_ js.Value, args []js.Value) (answer any) {
	defer func() {
		if r := recover(); r != nil {
			answer = refusal(fmt.Errorf("the trainer made a mistake of its own: %v", r))
		}
	}()
	answer, err := f(args)
	if err != nil {
		return refusal(err)
	}
	return answer
}

func refusal(err error) any { return map[string]any{"error": err.Error()} }

// bytesOf copies a Uint8Array.
func bytesOf(v js.Value) []byte {
	b := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(b, v)
	return b
}

// arrayOf copies bytes into a Uint8Array.
func arrayOf(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}
