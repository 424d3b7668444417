//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"github.com/posttrain/posttrain/wasm/stage/mesh"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// readPalette reads the colours of the roles from the page's style: --ink: #1b1c1e.
func readPalette(root js.Value) mesh.Palette {
	style := js.Global().Call("getComputedStyle", root)
	p := mesh.Palette{}
	for _, role := range scene.Roles() {
		text := strings.TrimSpace(style.Call("getPropertyValue", "--"+string(role)).String())
		rgb, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 16, 24)
		if err != nil {
			rgb = 0x808080 // visible in both themes
		}
		p[role] = mesh.Colour{float32(rgb>>16) / 255, float32(rgb>>8&255) / 255,
			float32(rgb&255) / 255}
	}
	return p
}
