//go:build js && wasm && page

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall/js"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/wasm/events"
	"github.com/posttrain/posttrain/wasm/exports"
)

// lane is the lane that a worker trains. recipe and session are nil before open.
type lane struct {
	catalogue *recipe.Catalogue
	bases     map[string][]byte // the checkpoints of bases from the page, by name
	recipe    *recipe.Recipe
	number    int // which of the recipe's lanes, from 0
	session   recipe.Session
	resumer   recipe.Resumable // the same session; nil if its state cannot be saved
}

// newLane returns a lane for recipes of a catalogue. The page supplies the bases' checkpoints.
func newLane(c *recipe.Catalogue) *lane {
	l := &lane{bases: map[string][]byte{}}
	l.catalogue = c.WithBaseFiles(func(name string) ([]byte, error) {
		if file, ok := l.bases[name]; ok {
			return file, nil
		}
		return nil, fs.ErrNotExist
	})
	return l
}

var errClosed = errors.New("no lane is open in this worker")

// functions returns the functions that JavaScript can call, by name. Their comments say what the
// arguments are and what the result is.
func (l *lane) functions() map[string]function {
	return map[string]function{
		"supply": l.supply, "open": l.open, "do": l.do, "advance": l.advance, "idle": l.idle,
		"resumable": l.resumable, "save": l.save, "pretrain": l.pretrain,
	}
}

// supply takes the name of a base and its checkpoint.
func (l *lane) supply(args []js.Value) (any, error) {
	l.bases[args[0].String()] = exports.Bytes(args[1])
	return nil, nil
}

// pretrain takes a link, the key of a base that it needs and that is not a file of the site, and a
// function that is called with the number of finished steps. It returns the base's checkpoint.
func (l *lane) pretrain(args []js.Value) (any, error) {
	r, err := l.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	for _, b := range r.Unshipped() {
		if b.Key() != args[1].String() {
			continue
		}
		params, err := b.Pretraining().Run(1, func(step int, _ float64) error {
			args[2].Invoke(step + 1)
			return nil
		})
		if err != nil {
			return nil, err
		}
		file, err := b.Encode(params)
		return exports.Array(file), err
	}
	return nil, fmt.Errorf("the recipe has no base %s", args[1].String())
}

// open takes a link and the number of one of its lanes. Optional arguments are a checkpoint to
// continue from and the text of the data set that the link names. It begins the lane, paused.
func (l *lane) open(args []js.Value) (any, error) {
	r, err := l.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	if text := args[3]; text.Truthy() {
		d, err := r.Task.ReadData("the data set", text.String())
		if err != nil {
			return nil, err
		}
		if err := r.SetUserData(d); err != nil {
			return nil, err
		}
	}
	lanes, err := r.Open()
	if err != nil {
		return nil, err
	}
	number := args[1].Int()
	if number < 0 || number >= len(lanes) {
		return nil, fmt.Errorf("lane is %d, want 0 to %d", number, len(lanes)-1)
	}
	performance := js.Global().Get("performance")
	s, err := lanes[number](train.Options{Threads: 1,
		Clock: func() float64 { return performance.Call("now").Float() / 1000 }})
	if err != nil {
		return nil, err
	}
	resumer, _ := s.(recipe.Resumable)
	if file := args[2]; file.Truthy() && resumer != nil {
		saved, err := checkpoint.DecodeLane(exports.Bytes(file))
		if err != nil {
			return nil, err
		}
		if saved.Link != r.Link() || saved.Lane != number {
			return nil, fmt.Errorf("the checkpoint is of lane %d of %s, not of lane %d of %s",
				saved.Lane, saved.Link, number, r.Link())
		}
		if err := resumer.Restore(saved.State); err != nil {
			return nil, err
		}
	}
	l.recipe, l.number, l.session, l.resumer = r, number, s, resumer
	return nil, s.Do(protocol.Command{Kind: protocol.Pause})
}

// do takes a protocol.Command in msgp and carries it out.
func (l *lane) do(args []js.Value) (any, error) {
	if l.session == nil {
		return nil, errClosed
	}
	var c protocol.Command
	if _, err := c.UnmarshalMsg(exports.Bytes(args[0])); err != nil {
		return nil, fmt.Errorf("this is not a command: %w", err)
	}
	return nil, l.session.Do(c)
}

// advance does one unit of work and returns its events, each in msgp.
func (l *lane) advance([]js.Value) (any, error) {
	if l.session == nil {
		return nil, errClosed
	}
	all, err := l.session.Advance()
	if err != nil {
		return nil, err
	}
	return events.Array(all)
}

// idle returns null while there is work to do. Otherwise it returns an object that says whether the
// lane is done, at which update it is, and the digest of its weights.
func (l *lane) idle([]js.Value) (any, error) {
	if l.session == nil {
		return nil, errClosed
	}
	if !l.session.Idle() {
		return nil, nil
	}
	return map[string]any{"done": l.session.Done(), "step": l.session.Updates(),
		"digest": l.session.Digest()}, nil
}

// resumable returns whether the lane can be saved now.
func (l *lane) resumable([]js.Value) (any, error) {
	return l.resumer != nil && l.resumer.Resumable(), nil
}

// save returns a checkpoint of the lane, a file that the command line reads too.
func (l *lane) save([]js.Value) (any, error) {
	if l.session == nil {
		return nil, errClosed
	}
	if l.resumer == nil {
		return nil, errors.New("this lane has no checkpoints, because training it again takes " +
			"no time")
	}
	if !l.resumer.Resumable() {
		return nil, errors.New("the lane is in the middle of a batch")
	}
	file, err := checkpoint.EncodeLane(checkpoint.Lane{Link: l.recipe.Link(),
		Task: l.recipe.Task.Name, Lane: l.number, State: l.resumer.State()})
	if err != nil {
		return nil, err
	}
	return exports.Array(file), nil
}
