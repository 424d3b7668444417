//go:build js && wasm && page

// Command trainer is the core in a Web Worker: a lane in training, or the clerk who keeps the
// record of all lanes (see docs/decisions/0009-the-page.md). It offers site/js/worker.js an object
// named trainer, whose functions return their results or {error: a sentence}. The build tag page
// leaves the bases out of the program: the page supplies them. The build tag scripts adds the
// interpreter for programs of the user's own, which the page loads for links that have one.
package main

import "github.com/posttrain/posttrain/wasm/exports"

func main() {
	c := catalogue()
	l := newLane(c)
	exports.Offer("trainer", l.functions(), newClerk(c).functions(), new(bench).functions(),
		scripting(c, l))
	select {}
}

type function = exports.Function
