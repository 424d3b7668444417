//go:build js && wasm

// Command stage draws the events of lanes in the iframe stage.html. Messages tell it what to draw
// (see decision 0009). Package scene makes the picture, and Ebitengine draws it; words become
// elements above the canvas.
//
// The page's JavaScript prepares the object globalThis.stage: port, for the messages, and wake,
// which requests a frame. No frame is drawn without a call of wake, so a picture that does not
// change costs nothing.
//
// In a browser Go has one thread and switches goroutines only where one of them waits, so nothing
// here needs a lock.
package main

import (
	"runtime/debug"
	"syscall/js"

	"github.com/hajimehoshi/ebiten/v2"
)

func main() {
	document := js.Global().Get("document")
	canvas := document.Call("querySelector", "canvas")
	canvas.Call("removeAttribute", "tabindex") // nothing here is for the keyboard
	canvas.Call("setAttribute", "aria-hidden", "true")

	host := js.Global().Get("stage")
	debug.SetGCPercent(400) // collections delay frames, and the heap is only a few megabytes
	s := newStage(host, document)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	err := ebiten.RunGameWithOptions(s,
		&ebiten.RunGameOptions{InitUnfocused: true, ScreenTransparent: true, SkipTaskbar: true})
	s.post("failed", err.Error())
}
