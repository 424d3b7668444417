//go:build js && wasm && page

// Package exports offers functions of a program to JavaScript.
package exports

import (
	"fmt"
	"syscall/js"
)

// Function is a function that JavaScript can call. Its result is one that js.ValueOf accepts.
type Function func(args []js.Value) (any, error)

// Offer sets a global object, such as trainer, that has functions by their names. They return their
// results or {error: a sentence}. A panic is such an error too.
func Offer(object string, functions ...map[string]Function) {
	offered := js.Global().Get("Object").New()
	for _, part := range functions {
		for name, f := range part {
			offered.Set(name, js.FuncOf(f.in(object)))
		}
	}
	js.Global().Set(object, offered)
}

// in returns f for an object, as JavaScript calls it.
func (f Function) in(object string) func(js.Value, []js.Value) any {
	return func(_ js.Value, args []js.Value) (answer any) {
		defer func() {
			if r := recover(); r != nil {
				answer = refusal(fmt.Errorf("the %s has a fault: %v", object, r))
			}
		}()
		answer, err := f(args)
		if err != nil {
			return refusal(err)
		}
		return answer
	}
}

func refusal(err error) any { return map[string]any{"error": err.Error()} }

// Bytes returns a copy of a Uint8Array.
func Bytes(v js.Value) []byte {
	b := make([]byte, v.Get("length").Int())
	js.CopyBytesToGo(b, v)
	return b
}

// Array returns a Uint8Array with a copy of bytes.
func Array(b []byte) js.Value {
	array := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(array, b)
	return array
}
