//go:build js && wasm && page

// Command trainer is the core in a Web Worker: a lane in training, or the clerk who keeps the
// record of all lanes (see docs/decisions/0009-the-page.md). It offers site/js/worker.js an object
// named trainer, whose functions return their results or {error: a sentence}. The build tag page
// leaves the bases out of the program: the page supplies them.
package main

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/exports"
)

func main() {
	catalogue := recipe.Standard()
	exports.Offer("trainer", newLane(catalogue).functions(), newClerk(catalogue).functions(),
		new(bench).functions())
	select {}
}

type function = exports.Function
