package cells

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/design"
)

// Options are the options of a cell. None of them changes its outcome.
type Options struct {
	Threads int
	Observe func(protocol.Event) // called for one event at a time; may be nil

	// Folder is where the cell is kept while it is in work, so that it goes on there after an
	// interruption. It is removed at the end. "" means that the cell has to begin anew.
	Folder string
	Clock  func() float64 // seconds, by which the cell is kept now and then; needed with Folder
}

// keepEvery is how many seconds may pass until a cell in work is kept again.
const keepEvery = 30

// ErrRecipe is wrapped by errors about a recipe that cannot be a cell.
var ErrRecipe = errors.New("not a cell")

// Run computes a recipe with one lane, whose bases must be at hand; see [recipe.Recipe.Supply]. If
// ctx ends first, it returns the context's error.
func Run(ctx context.Context, r *recipe.Recipe, o Options) (Outcome, error) {
	if len(r.Lanes) != 1 {
		return Outcome{}, fmt.Errorf("%w: %s has %d lanes, want 1", ErrRecipe, r.Link(),
			len(r.Lanes))
	}
	base := ""
	if r.Values.Has("base") { // the policy is a network
		p, err := r.Start(0)
		if err != nil {
			return Outcome{}, err
		}
		base = p.Digest()
	}
	var points curve
	options := study.Options{Threads: o.Threads, Clock: o.Clock, SaveEvery: keepEvery,
		Observe: func(e protocol.Event) {
			points.add(e)
			if o.Observe != nil {
				o.Observe(e)
			}
		}}
	var result *study.Result
	var err error
	if o.Folder == "" {
		result, err = study.Run(ctx, r, options)
	} else {
		result, err = kept{o.Folder}.run(ctx, r, options, &points)
	}
	if result == nil { // with a result, an error is about the folder, which is not needed any more
		return Outcome{}, err
	}
	if o.Folder != "" {
		_ = os.RemoveAll(o.Folder) // what stays is found to be done if the cell is computed again
	}
	lane := result.Lanes[0]
	return Outcome{ID: design.Cell{Link: r.Link()}.ID(), Link: r.Link(), Engine: result.Engine,
		BaseDigest: base, Digest: lane.Digest, Steps: lane.Step, Before: result.Base,
		After: lane.Metrics, Cost: newCost(lane.Cost), Curve: points}, nil
}

// curve has the measurements of a lane. Each level is measured by an event of its own.
type curve []Point

// add adds the metrics of a measurement. After an interruption some measurements come again, with
// the same metrics.
func (c *curve) add(e protocol.Event) {
	if e.Kind != protocol.Measured {
		return
	}
	at := slices.IndexFunc(*c,
		func(p Point) bool { return p.Step == e.Step && p.Stage == e.Stage })
	if at < 0 {
		at = len(*c)
		*c = append(*c, Point{Stage: e.Stage, Step: e.Step, Metrics: map[string]float64{},
			Cost: newCost(e.Cost)})
	}
	maps.Copy((*c)[at].Metrics, study.ByName(e.Metrics))
}
