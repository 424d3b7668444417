//go:build js && wasm

package main

import (
	"encoding/json"
	"fmt"
	"syscall/js"
	"time"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// inbox receives the messages of the page and of the lanes.
type inbox struct {
	stage   *stage
	lanes   []js.Value // the ports of the lanes
	pending []letter
	reading bool
}

// letter is an event that has not been read yet.
type letter struct {
	lane  int
	bytes []byte
}

// slice is for how long events are read before other work of the browser gets its turn.
const slice = 4 * time.Millisecond

// open handles the messages of the page.
func (b *inbox) open(port js.Value) {
	b.listen(port, func(data js.Value) {
		var err error
		switch kind := data.Get("type"); kind.String() {
		case "record":
			var r scene.Recipe
			if err = json.Unmarshal([]byte(data.Get("recipe").String()), &r); err == nil {
				b.forget()
				b.stage.record = scene.NewRecord(r)
				b.stage.change(false)
			}
		case "view":
			var v scene.View
			if err = json.Unmarshal([]byte(data.Get("view").String()), &v); err == nil {
				b.stage.show(v)
			}
		case "lane":
			b.follow(data.Get("lane").Int(), data.Get("port"))
		default:
			err = fmt.Errorf("a message of type %q; there are record, view and lane", kind.String())
		}
		if err != nil {
			b.complain(err)
		}
	})
}

// follow queues the events that come from a lane's port.
func (b *inbox) follow(lane int, port js.Value) {
	b.lanes = append(b.lanes, port)
	b.listen(port, func(data js.Value) {
		events := data.Get("events")
		for i := range events.Length() {
			bytes := make([]byte, events.Index(i).Length())
			js.CopyBytesToGo(bytes, events.Index(i))
			b.pending = append(b.pending, letter{lane, bytes})
		}
		if !b.reading {
			b.reading = true
			go b.read()
		}
	})
}

// forget closes the ports of all lanes and drops their pending events.
func (b *inbox) forget() {
	for _, port := range b.lanes {
		port.Set("onmessage", js.Null())
		port.Call("close")
	}
	b.lanes, b.pending = nil, nil
}

// read adds what is pending to the record, a slice of time at a time.
func (b *inbox) read() {
	for begun := time.Now(); len(b.pending) > 0; {
		next := b.pending[0]
		b.pending = b.pending[1:]
		var e protocol.Event
		if _, err := e.UnmarshalMsg(next.bytes); err != nil {
			b.complain(fmt.Errorf("this is not an event: %w", err))
			continue
		}
		if err := b.stage.record.Add(next.lane, e); err != nil {
			b.complain(err)
			continue
		}
		if e.Kind == protocol.Measured || e.Kind == protocol.Looked ||
			e.Kind == protocol.Explained || e.Kind == protocol.Compared {
			b.stage.change(true)
		}
		if time.Since(begun) > slice {
			time.Sleep(time.Millisecond)
			begun = time.Now()
		}
	}
	b.reading = false
}

// complain writes what was wrong with a message to the browser's console.
func (b *inbox) complain(err error) {
	js.Global().Get("console").Call("warn", "posttrain stage: "+err.Error())
}

// listen calls f with the data of each message. It recovers from the panics with which syscall/js
// meets data of another shape than f expects.
func (b *inbox) listen(port js.Value, f func(data js.Value)) {
	port.Set("onmessage", js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer func() {
			if r := recover(); r != nil {
				b.complain(fmt.Errorf("a message that cannot be read: %v", r))
			}
		}()
		f(args[0].Get("data"))
		return nil
	}))
}
