//go:build js && wasm

// Command stage draws what lanes tell, in the iframe stage.html. It is told by messages what to draw (decision 0009), asks
// package scene for the picture, and has Ebitengine draw it; words become elements above the canvas.
//
// The page's JavaScript prepares the object globalThis.stage: port, for the messages, and wake, which lets the next frame
// happen. Without a wake there is none, so a picture that does not change costs nothing.
//
// Go has one thread in a browser and never leaves a function that does not wait, so nothing here is locked.
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
	debug.SetGCPercent(400) // of a few megabytes: a collection holds up a frame, and fewer cost little memory
	s := newStage(host, document)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	err := ebiten.RunGameWithOptions(s, &ebiten.RunGameOptions{InitUnfocused: true, ScreenTransparent: true, SkipTaskbar: true})
	s.post("failed", err.Error())
}
