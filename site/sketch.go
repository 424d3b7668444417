package site

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/verdict"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// The size of a sketch in pixels, and its empty border.
const (
	sketchWidth  = 320.0
	sketchHeight = 104.0
	sketchBorder = 7.0
)

// sketch is a small picture of what the lanes of an exhibit have measured.
type sketch struct {
	Width   float64       `json:"width"`
	Height  float64       `json:"height"`
	Picture scene.Picture `json:"picture"`
	Measure string        `json:"measure"` // what is drawn
	Level   string        `json:"-"`       // what the level of that is, where there is room for it
	Top     string        `json:"top"`     // the value at the upper line; that at the lower is 0
	End     string        `json:"end"`     // what is at the right end of the axis
	Lanes   []sketched    `json:"lanes"`
}

// sketched is a lane with the last of its values.
type sketched struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// sketchOf draws an exhibit's curves.
func sketchOf(r *recipe.Recipe, e recipe.Exhibit) (sketch, error) {
	c, err := e.Curves()
	if err != nil {
		return sketch{}, err
	}
	d, _ := eval.Define(c.Metric) // the catalogue has checked the name
	s := sketch{Width: sketchWidth, Height: sketchHeight, Measure: measured(d, c, r),
		Lanes: []sketched{}}
	at := verdict.LevelOf(c.Metric, r.Task.Levels)
	for _, l := range r.Task.Levels {
		if l.Title == at {
			s.Level = l.Doc
		}
	}
	plot := scene.Box{W: sketchWidth, H: sketchHeight}.
		Inset(sketchBorder, sketchBorder, sketchBorder, sketchBorder)
	x, most := axis(c)
	top := 1.0
	if d.Unit != eval.Share {
		top = highest(c)
	}
	s.Top, s.End = number(top, d.Unit), axisEnd(c.Axis, most)
	for _, y := range []float64{plot.Y, plot.Y + plot.H} {
		s.Picture.Lines = append(s.Picture.Lines, scene.Line{Width: 1, Role: scene.Rule, Alpha: 1,
			Points: []scene.Point{{X: plot.X, Y: y}, {X: plot.X + plot.W, Y: y}}})
	}
	names, lane := r.LaneNames(), 0
	for _, curve := range c.Lanes {
		line := scene.Line{Width: 2, Role: scene.Soft, Alpha: 1, Dash: 4}
		if curve.Label != recipe.OfBase {
			line.Role, line.Dash = scene.LaneRole(lane), 0
		}
		for i, at := range curve.At {
			line.Points = append(line.Points, scene.Point{X: plot.X + plot.W*x(at),
				Y: plot.Y + plot.H*(1-curve.Values[i]/top)})
		}
		s.Picture.Lines = append(s.Picture.Lines, line)
		if curve.Label == recipe.OfBase {
			continue
		}
		last := len(curve.Values) - 1
		s.Picture.Dots = append(s.Picture.Dots, scene.Dot{At: line.Points[last], Size: 10,
			Shape: scene.LaneShape(lane), Role: line.Role, Rim: 1.5})
		s.Lanes = append(s.Lanes, sketched{names[lane], number(curve.Values[last], d.Unit)})
		lane++
	}
	return s, nil
}

// measured says what curves show.
func measured(d eval.Definition, c recipe.Curves, r *recipe.Recipe) string {
	said := prose.Capital(d.Title)
	if c.Axis == recipe.AxisTries {
		said = "Prompts solved by at least one of k answers"
	}
	if at := verdict.LevelOf(c.Metric, r.Task.Levels); at != "" {
		said += " at " + at
	}
	if d.Unit != eval.Share && !strings.Contains(d.Title, d.Unit) {
		said += ", " + d.Unit
	}
	return said
}

// axis returns a function from values of the axis to shares of its length, and the last value.
func axis(c recipe.Curves) (share func(float64) float64, most float64) {
	for _, curve := range c.Lanes {
		most = max(most, curve.At[len(curve.At)-1])
	}
	if c.Axis == recipe.AxisTries {
		return func(at float64) float64 { return math.Log2(at) / math.Log2(most) }, most
	}
	return func(at float64) float64 { return at / most }, most
}

// axisEnd says what is at the right end of an axis.
func axisEnd(axis string, most float64) string {
	switch axis {
	case recipe.AxisUpdates:
		return strconv.Itoa(int(most)) + " updates"
	case recipe.AxisTries:
		return "k = " + strconv.Itoa(int(most))
	}
	unit := axis
	for _, entry := range protocol.Ledger() {
		if "cost/"+entry.Name == axis {
			unit = entry.Unit
		}
	}
	if most >= 1e9 && unit == "FLOPs" {
		return strconv.FormatFloat(most/1e9, 'f', 0, 64) + " GFLOP"
	}
	return fmt.Sprintf("%.3g %s", most, unit)
}

func highest(c recipe.Curves) (top float64) {
	for _, curve := range c.Lanes {
		for _, v := range curve.Values {
			top = max(top, v)
		}
	}
	return top
}

// number writes a value in a unit.
func number(v float64, unit string) string {
	if unit == eval.Share {
		return prose.Percent(v)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
