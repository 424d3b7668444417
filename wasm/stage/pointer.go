//go:build js && wasm

package main

import (
	"syscall/js"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// follow handles the pointer (mouse, pen or finger) and changes of the theme.
func (s *stage) follow(document js.Value) {
	at := func(_ js.Value, args []js.Value) any {
		s.pointer = &scene.Point{X: args[0].Get("clientX").Float(),
			Y: args[0].Get("clientY").Float()}
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
	// stage.js has changed the theme
	js.Global().Call("addEventListener", "dressed", js.FuncOf(func(js.Value, []js.Value) any {
		s.dress()
		s.change(false)
		return nil
	}))
}

// point shows the tip at the pointer and what is drawn with it. A tip alone needs no frame.
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
