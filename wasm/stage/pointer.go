//go:build js && wasm

package main

import (
	"syscall/js"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// follow listens to the pointer, be it a mouse, a pen or a finger, and to a change of the browser's theme.
func (s *stage) follow(document js.Value) {
	at := func(_ js.Value, args []js.Value) any {
		s.pointer = &scene.Point{X: args[0].Get("clientX").Float(), Y: args[0].Get("clientY").Float()}
		s.point()
		return nil
	}
	gone := func(js.Value, []js.Value) any {
		s.pointer = nil
		s.point()
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

// point shows what the picture says under the pointer. Only what is drawn, not a tip alone, needs a frame.
func (s *stage) point() {
	before := s.hover
	s.hover = scene.Hover{}
	if s.pointer != nil {
		s.hover = s.to.Point(*s.pointer)
	}
	s.words.showTip(s.hover.Tip)
	if !s.hover.DrawnAs(before) {
		s.wake()
	}
}
