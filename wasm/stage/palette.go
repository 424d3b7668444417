//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"github.com/posttrain/posttrain/wasm/stage/mesh"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// readPalette reads the colours of the roles from the page's style, each a light and a dark one:
// --ink: light-dark(#1b1c1e, #ecebe6).
func readPalette(root js.Value) mesh.Palette {
	style := js.Global().Call("getComputedStyle", root)
	dark := js.Global().Get("stage").Call("isDark").Bool()
	p := mesh.Palette{}
	for _, role := range scene.Roles() {
		text := strings.TrimSpace(style.Call("getPropertyValue", "--"+string(role)).String())
		colour, night, _ := strings.Cut(strings.TrimPrefix(text, "light-dark("), ",")
		if dark {
			colour = strings.TrimSuffix(night, ")")
		}
		rgb, err := strconv.ParseUint(strings.TrimPrefix(strings.TrimSpace(colour), "#"), 16, 24)
		if err != nil {
			rgb = 0x808080 // visible in both themes
		}
		p[role] = mesh.Colour{float32(rgb>>16) / 255, float32(rgb>>8&255) / 255,
			float32(rgb&255) / 255}
	}
	return p
}
