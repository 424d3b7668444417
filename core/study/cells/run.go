package cells

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/design"
)

// Options are the options of a cell. None of them changes its outcome.
type Options struct {
	Threads int
	Observe func(protocol.Event) // called for one event at a time; may be nil
}

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
	result, err := study.Run(ctx, r, study.Options{Threads: o.Threads,
		Observe: func(e protocol.Event) {
			points.add(e)
			if o.Observe != nil {
				o.Observe(e)
			}
		}})
	if err != nil {
		return Outcome{}, err
	}
	lane := result.Lanes[0]
	return Outcome{ID: design.Cell{Link: r.Link()}.ID(), Link: r.Link(), Engine: result.Engine,
		BaseDigest: base, Digest: lane.Digest, Steps: lane.Step, Before: result.Base,
		After: lane.Metrics, Cost: newCost(lane.Cost), Curve: points}, nil
}

// curve has the measurements of a lane. Each level is measured by an event of its own.
type curve []Point

func (c *curve) add(e protocol.Event) {
	if e.Kind != protocol.Measured {
		return
	}
	n := len(*c)
	if n == 0 || (*c)[n-1].Step != e.Step || (*c)[n-1].Stage != e.Stage {
		*c = append(*c, Point{Stage: e.Stage, Step: e.Step, Metrics: map[string]float64{},
			Cost: newCost(e.Cost)})
		n++
	}
	maps.Copy((*c)[n-1].Metrics, study.ByName(e.Metrics))
}
