//go:build js && wasm

package main

import (
	"fmt"
	"slices"
	"strconv"
	"syscall/js"

	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// words shows a picture's words and tip as elements above the canvas. A word keeps its element as
// long as it keeps its key, so the browser moves the element when the word moves.
type words struct {
	document, place, tip js.Value
	shown                map[string]element
	tipped               []scene.Row
}

// element is a word on the page.
type element struct {
	node js.Value
	word scene.Word
}

func newWords(document js.Value) *words {
	return &words{
		document: document, shown: map[string]element{},
		place: document.Call("getElementById", "words"),
		tip:   document.Call("getElementById", "tip"),
	}
}

// show replaces the words shown before by those of a picture and changes only elements that differ.
func (w *words) show(all []scene.Word) {
	next := make(map[string]element, len(all))
	for i, word := range all {
		key := word.Key
		if _, taken := next[key]; key == "" || taken {
			key += "#" + strconv.Itoa(i)
		}
		e, old := w.shown[key]
		if !old {
			e.node = w.document.Call("createElement", "span")
		}
		e.dress(word)
		if !old {
			w.place.Call("appendChild", e.node)
		}
		e.word = word
		next[key] = e
	}
	for key, e := range w.shown {
		if _, stays := next[key]; !stays {
			e.node.Call("remove")
		}
	}
	w.shown = next
}

// dress makes the element show a word.
func (e element) dress(word scene.Word) {
	if word == e.word {
		return
	}
	if word.Text != e.word.Text {
		e.node.Set("textContent", word.Text)
	}
	if word.Role != e.word.Role || word.Bold != e.word.Bold || word.Mono != e.word.Mono ||
		word.Clear != e.word.Clear {
		class := string(word.Role)
		if word.Bold {
			class += " bold"
		}
		if word.Mono {
			class += " mono"
		}
		if word.Clear {
			class += " clear"
		}
		e.node.Set("className", class)
	}
	style := e.node.Get("style")
	if word.Size != e.word.Size {
		style.Set("fontSize", fmt.Sprintf("%gpx", word.Size))
	}
	if word.At != e.word.At || word.Anchor != e.word.Anchor {
		back := map[scene.Anchor]string{scene.Start: "0", scene.Middle: "-50%",
			scene.End: "-100%"}[word.Anchor]
		style.Set("transform",
			fmt.Sprintf("translate(%.1fpx,%.1fpx) translate(%s,-50%%)", word.At.X, word.At.Y, back))
	}
}

// showTip shows the note beside the pointer, or none.
func (w *words) showTip(t *scene.Tip) {
	if t == nil {
		if w.tipped != nil {
			w.tipped = nil
			w.tip.Set("hidden", true)
		}
		return
	}
	style := w.tip.Get("style")
	style.Set("transform", fmt.Sprintf("translate(%.0fpx,%.0fpx)", t.Box.X, t.Box.Y))
	if slices.Equal(t.Rows, w.tipped) {
		return
	}
	w.tipped = t.Rows
	style.Set("width", fmt.Sprintf("%.0fpx", t.Box.W))
	w.tip.Call("replaceChildren")
	for _, r := range t.Rows {
		row := w.document.Call("createElement", "div")
		for _, text := range []string{r.Text, r.Value} {
			span := w.document.Call("createElement", "span")
			span.Set("textContent", text)
			row.Call("appendChild", span)
		}
		class := string(r.Role)
		if r.Mono {
			class += " mono"
		}
		row.Set("className", class)
		w.tip.Call("appendChild", row)
	}
	w.tip.Set("hidden", false)
}
