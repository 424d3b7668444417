//go:build js && wasm && page

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"syscall/js"

	"github.com/posttrain/posttrain/core/annotation"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/qrcode"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/verdict"
	"github.com/posttrain/posttrain/wasm/exports"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// clerk reads links, and keeps a record of the events of all lanes of one recipe. The page asks it
// for tables, pictures and verdicts made from the record.
type clerk struct {
	catalogue *recipe.Catalogue
	data      map[string]*task.Data // the data sets that links may name, by digest

	// The recipe of the record, the record, and the lanes for the verdict and for signals; nil
	// before begin.
	recipe  *recipe.Recipe
	record  *scene.Record
	lanes   []verdict.Lane
	watched []signal.Lane
	steps   []int    // of each lane
	again   []repeat // the runs again that the record has
}

// repeat is a run of the recipe of the record with another seed or base.
type repeat struct {
	first int // the number of its first lane in the record
	lanes []verdict.Lane
}

func newClerk(c *recipe.Catalogue) *clerk {
	return &clerk{catalogue: c, data: map[string]*task.Data{}}
}

var errNoRecord = errors.New("no recipe is on record")

// functions returns the functions that JavaScript can call, by name. Their comments say what the
// arguments are and what the result is.
func (c *clerk) functions() map[string]function {
	return map[string]function{
		"describe": c.describe, "addData": c.addData, "begin": c.begin, "add": c.add,
		"table": c.table, "picture": c.picture, "verdict": c.verdict, "read": c.read,
		"dials": c.dials, "learned": c.learned,
		"code": c.code,
	}
}

// parse returns the recipe of a link. If the link names a data set that the clerk has, the recipe
// has it too; if the link contains one, the clerk stores it.
func (c *clerk) parse(link js.Value) (*recipe.Recipe, error) {
	r, err := c.catalogue.Parse(link.String())
	if err != nil {
		return nil, err
	}
	if d := r.UserData(); d != nil {
		c.store(d)
	} else if d := c.data[r.Data]; d != nil {
		err = r.SetUserData(d)
	}
	return r, err
}

// store adds a data set to those that links may name.
func (c *clerk) store(d *task.Data) { c.data[d.Digest] = d }

// describe takes a link and returns a staging.Description as JSON.
func (c *clerk) describe(args []js.Value) (any, error) {
	r, err := c.parse(args[0])
	if err != nil {
		return nil, err
	}
	return asJSON(staging.Describe(r))
}

// dials takes a link, and the numbers of a lane and of a stage of it. It returns a recipe.Board as
// JSON.
func (c *clerk) dials(args []js.Value) (any, error) {
	r, err := c.parse(args[0])
	if err != nil {
		return nil, err
	}
	board, err := r.Board(args[1].Int(), args[2].Int())
	if err != nil {
		return nil, err
	}
	return asJSON(board)
}

// addData takes a link, and the name and the text of a file of rows for the link's task. It stores
// the data set and returns its digest as JSON.
func (c *clerk) addData(args []js.Value) (any, error) {
	r, err := c.catalogue.Parse(args[0].String())
	if err != nil {
		return nil, err
	}
	d, err := r.Task.ReadData(args[1].String(), args[2].String())
	if err != nil {
		return nil, err
	}
	c.store(d)
	return asJSON(d.Digest)
}

// begin takes a link, and an array of scene.Beside as JSON. It starts an empty record of the link's
// lanes and those of the runs beside them, and returns the scene.Recipe as JSON.
func (c *clerk) begin(args []js.Value) (any, error) {
	r, err := c.parse(args[0])
	if err != nil {
		return nil, err
	}
	c.recipe, c.lanes, c.watched = r, r.Verdicts(), r.Signals()
	record := staging.Of(r)
	if err := json.Unmarshal([]byte(args[1].String()), &record.Beside); err != nil {
		return nil, err
	}
	c.record = scene.NewRecord(record)
	c.steps, c.again = nil, nil
	for _, l := range record.Lanes {
		c.steps = append(c.steps, l.Steps)
	}
	next := len(c.lanes)
	for _, run := range record.Beside {
		if run.Again {
			c.again = append(c.again, repeat{next, r.Verdicts()})
		}
		next += len(run.Lanes)
	}
	return asJSON(record)
}

// add takes the number of a lane and a protocol.Event in msgp. It adds the event to the record and
// returns nothing.
func (c *clerk) add(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	var e protocol.Event
	if _, err := e.UnmarshalMsg(exports.Bytes(args[1])); err != nil {
		return nil, fmt.Errorf("this is not an event: %w", err)
	}
	number := args[0].Int()
	if err := c.record.Add(number, e); err != nil {
		return nil, err
	}
	if number < len(c.lanes) { // the verdict is on the recipe's own lanes
		c.lanes[number].Add(e)
		c.watched[number].Add(e)
	}
	for _, run := range c.again {
		if at := number - run.first; at >= 0 && at < len(run.lanes) {
			run.lanes[at].Add(e)
		}
	}
	return nil, nil
}

// table takes a scene.View as an object and returns a scene.Table as JSON.
func (c *clerk) table(args []js.Value) (any, error) {
	v, s, err := c.decodeView(args[0])
	if err != nil {
		return nil, err
	}
	return asJSON(s.Table(c.record, v))
}

// picture takes a scene.View as an object, and a width and a height in pixels. It returns as JSON
// the scene.Picture, and the series and measures that a view can choose.
func (c *clerk) picture(args []js.Value) (any, error) {
	v, s, err := c.decodeView(args[0])
	if err != nil {
		return nil, err
	}
	p := s.Picture(c.record, v, args[1].Float(), args[2].Float())
	series, measures := c.record.Offered()
	return asJSON(map[string]any{"picture": p, "series": series, "measures": measures})
}

// decodeView returns a view and its scene. It returns an error if there is no record to look at.
func (c *clerk) decodeView(view js.Value) (v scene.View, s scene.Scene, err error) {
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

// verdict takes an array with the numbers of the lanes that nobody has started. It returns a
// staging.Verdict as JSON.
func (c *clerk) verdict(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	for i := range c.lanes {
		c.lanes[i].Waiting = args[0].Call("includes", i).Bool()
	}
	v := verdict.Of(c.recipe.Question(), c.lanes)
	v.Runs = c.overRuns()
	return asJSON(staging.Verdict{Verdict: v, Notices: c.recipe.Notices(c.watched)})
}

// overRuns returns what the runs that have ended say together.
func (c *clerk) overRuns() string {
	q := c.recipe.Question()
	var ended [][]verdict.Lane
	for _, run := range append([]repeat{{0, c.lanes}}, c.again...) {
		if verdict.Finished(q.Levels, run.lanes, c.steps) {
			ended = append(ended, run.lanes)
		}
	}
	return verdict.Runs(q, ended)
}

// read takes a prompt that a visitor wrote. It returns the prompt as the task writes it, and why
// answers to it cannot be judged, "" if they can. A prompt that cannot be put to the lanes at all
// is an error.
func (c *clerk) read(args []js.Value) (any, error) {
	if c.record == nil {
		return nil, errNoRecord
	}
	prompt := args[0].String()
	if _, err := c.recipe.Task.EncodePrompt(prompt, c.recipe.Context()); err != nil {
		return nil, err
	}
	read := map[string]string{"prompt": c.recipe.Task.Canonical(prompt), "why": ""}
	if _, err := c.recipe.Task.Problem(prompt); err != nil {
		read["why"] = err.Error()
	}
	return asJSON(read)
}

// learned takes an array of annotation.Lane as JSON and returns the annotation.Report on them as
// JSON.
func (c *clerk) learned(args []js.Value) (any, error) {
	var lanes []annotation.Lane
	if err := json.Unmarshal([]byte(args[0].String()), &lanes); err != nil {
		return nil, err
	}
	return asJSON(annotation.Of(lanes))
}

// code takes a text. It returns as JSON the side of its QR code with the margin, in modules, and
// the dark modules as the path of an SVG image of that size.
func (c *clerk) code(args []js.Value) (any, error) {
	code, err := qrcode.Encode(args[0].String())
	if err != nil {
		return nil, err
	}
	return asJSON(map[string]any{"size": code.Size + 2*qrcode.Margin, "path": code.Path()})
}

func asJSON(v any) (any, error) {
	text, err := json.Marshal(v)
	return string(text), err
}
