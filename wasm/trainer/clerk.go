//go:build js && wasm && page

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"syscall/js"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// clerk keeps the record of all lanes of a recipe and answers questions about recipes and record.
type clerk struct {
	catalogue *recipe.Catalogue
	recipe    *recipe.Recipe // of the record; nil before begin
	record    *scene.Record
	lanes     []verdict.Lane
	data      map[string]*task.Data // by digest, from files and links
}

func newClerk(c *recipe.Catalogue) *clerk {
	return &clerk{catalogue: c, data: map[string]*task.Data{}}
}

var errNoRecord = errors.New("no recipe is on record")

func (c *clerk) functions() map[string]function {
	return map[string]function{
		"describe": c.describe, "bring": c.bring, "begin": c.begin, "add": c.add, "table": c.table,
		"picture": c.picture, "verdict": c.verdict, "read": c.read,
	}
}

// parse reads a link and sets the recipe's data set if the clerk has it.
func (c *clerk) parse(link js.Value) (*recipe.Recipe, error) {
	r, err := c.catalogue.Parse(link.String())
	if err != nil {
		return nil, err
	}
	if d := r.UserData(); d != nil {
		c.keep(d)
	} else if d := c.data[r.Data]; d != nil {
		err = r.SetUserData(d)
	}
	return r, err
}

// keep keeps a data set for later links that name it.
func (c *clerk) keep(d *task.Data) { c.data[d.Digest] = d }

// describe takes a link and returns staging.Description as JSON.
func (c *clerk) describe(args []js.Value) (any, error) {
	r, err := c.parse(args[0])
	if err != nil {
		return nil, err
	}
	return asJSON(staging.Describe(r))
}

// bring takes a link and the name and text of a file of rows for its task, and returns the digest
// of the data set as JSON.
func (c *clerk) bring(args []js.Value) (any, error) {
	r, err := c.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	d, err := r.Task.ReadData(args[1].String(), args[2].String())
	if err != nil {
		return nil, err
	}
	c.keep(d)
	return asJSON(d.Digest)
}

// begin takes a link and starts an empty record of its lanes.
func (c *clerk) begin(args []js.Value) (any, error) {
	r, err := c.parse(args[0])
	if err != nil {
		return nil, err
	}
	c.recipe, c.lanes = r, r.Verdicts()
	record := staging.Of(r)
	c.record = scene.NewRecord(record)
	return asJSON(record)
}

// add takes the number of a lane and a protocol.Event in msgp.
func (c *clerk) add(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	number := args[0].Int()
	if number < 0 || number >= len(c.lanes) {
		return nil, fmt.Errorf("lane is %d, want 0 to %d", number, len(c.lanes)-1)
	}
	var e protocol.Event
	if _, err := e.UnmarshalMsg(bytesOf(args[1])); err != nil {
		return nil, fmt.Errorf("this is not an event: %w", err)
	}
	c.record.Add(number, e)
	c.lanes[number].Add(e)
	return nil, nil
}

// table takes a scene.View as an object and returns a scene.Table as JSON.
func (c *clerk) table(args []js.Value) (any, error) {
	v, s, err := c.look(args[0])
	if err != nil {
		return nil, err
	}
	return asJSON(s.Table(c.record, v))
}

// picture takes a scene.View as an object and a width and a height in pixels. It returns as JSON
// the scene.Picture and what else the picture could be made of.
func (c *clerk) picture(args []js.Value) (any, error) {
	v, s, err := c.look(args[0])
	if err != nil {
		return nil, err
	}
	p := s.Picture(c.record, v, args[1].Float(), args[2].Float())
	series, measures := c.record.Offered()
	return asJSON(map[string]any{"picture": p, "series": series, "measures": measures})
}

// look decodes a view of the record and finds its scene.
func (c *clerk) look(view js.Value) (v scene.View, s scene.Scene, err error) {
	if c.record == nil {
		return v, s, errNoRecord
	}
	for _, field := range []struct {
		name string
		to   *string
	}{{"scene", &v.Scene}, {"axis", &v.Axis}, {"series", &v.Series}, {"x", &v.X}, {"y", &v.Y}} {
		if text := view.Get(field.name); text.Type() == js.TypeString {
			*field.to = text.String()
		}
	}
	s, err = scene.Lookup(v.Scene)
	return v, s, err
}

// verdict takes an array with the numbers of the lanes that have not been started. It returns a
// verdict.Verdict as JSON.
func (c *clerk) verdict(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	for i := range c.lanes {
		c.lanes[i].Waiting = args[0].Call("includes", i).Bool()
	}
	return asJSON(verdict.Of(c.recipe.Question(), c.lanes))
}

// read takes a prompt that a visitor wrote. It returns why answers to it cannot be judged, and ""
// if they can. A prompt that cannot be put to the lanes at all is an error.
func (c *clerk) read(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	prompt := args[0].String()
	if _, err := c.recipe.Task.EncodePrompt(prompt, c.recipe.Context()); err != nil {
		return nil, err
	}
	if _, err := c.recipe.Task.Problem(prompt); err != nil {
		return asJSON(err.Error())
	}
	return asJSON("")
}

func asJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
