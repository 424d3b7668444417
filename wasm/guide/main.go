//go:build js && wasm && page

// Command guide answers in a Web Worker which method suits a situation. It offers
// site/js/guide-worker.js an object named guide, whose functions return their results or {error: a
// sentence}. It carries no studies: the page supplies them.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/wasm/exports"
)

func main() {
	exports.Offer("guide", new(desk).functions())
	select {}
}

type function = exports.Function

// desk is where questions are asked.
type desk struct{ data guide.Data }

// functions returns the functions that JavaScript can call, by name. Their comments say what the
// arguments are and what the result is.
func (d *desk) functions() map[string]function {
	return map[string]function{"supply": d.supply, "ask": d.ask}
}

// supply takes a guide.Data as JSON, from which questions are answered.
func (d *desk) supply(args []js.Value) (any, error) {
	return nil, json.Unmarshal([]byte(args[0].String()), &d.data)
}

// ask takes a question as an object with the texts have, need, budget and application, and the
// number target. It returns a guide.Text as JSON.
func (d *desk) ask(args []js.Value) (any, error) {
	text := func(name string) string { return args[0].Get(name).String() }
	answer, err := d.data.Tell(guide.Asked{Have: text("have"), Need: text("need"),
		Budget: text("budget"), Application: text("application"),
		Target: args[0].Get("target").Float()})
	if err != nil {
		return nil, err
	}
	written, err := json.Marshal(answer)
	return string(written), err
}
