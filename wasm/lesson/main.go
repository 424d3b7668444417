//go:build js && wasm && page

// Command lesson reads the texts of lessons in a Web Worker. It offers site/js/lesson-worker.js an
// object named lesson, whose functions return their results or {error: a sentence}.
package main

import (
	"encoding/json"
	"syscall/js"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/exports"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

func main() {
	exports.Offer("lesson", functions())
	select {}
}

// functions returns the functions that JavaScript can call, by name. Their comments say what the
// arguments are and what the result is.
func functions() map[string]exports.Function {
	return map[string]exports.Function{"read": read}
}

// read takes the text of a lesson. It returns a lesson.Lesson as JSON.
func read(args []js.Value) (any, error) {
	l, err := lesson.Parse([]byte(args[0].String()), vocabulary.Of(recipe.Standard()))
	if err != nil {
		return nil, err
	}
	written, err := json.Marshal(l)
	return string(written), err
}
