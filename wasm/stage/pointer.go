//go:build js && wasm

package main

import (
	"syscall/js"

	"posttrain/wasm/stage/scene"
)

// point follows the pointer, be it a mouse, a pen or a finger.
func (s *stage) point(document js.Value) {
	at := func(_ js.Value, args []js.Value) any {
		s.pointer = &scene.Point{X: args[0].Get("clientX").Float(), Y: args[0].Get("clientY").Float()}
		s.change(false)
		return nil
	}
	gone := func(js.Value, []js.Value) any {
		if s.pointer != nil {
			s.pointer = nil
			s.change(false)
		}
		return nil
	}
	root := document.Get("documentElement")
	for kind, f := range map[string]func(js.Value, []js.Value) any{
		"pointermove": at, "pointerdown": at, "pointerleave": gone, "pointercancel": gone,
	} {
		root.Call("addEventListener", kind, js.FuncOf(f))
	}
	js.Global().Call("matchMedia", "(prefers-color-scheme: dark)").Call("addEventListener", "change", js.FuncOf(func(js.Value, []js.Value) any {
		s.dress()
		s.change(false)
		return nil
	}))
}
