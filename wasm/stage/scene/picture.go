package scene

import (
	"encoding/json"
	"math"
)

// Role is what a colour stands for. Its colour depends on the theme and is set in stage.css.
type Role string

// The roles that are no lane's.
const (
	Ink   Role = "ink"   // text to read
	Soft  Role = "soft"  // less important text
	Rule  Role = "line"  // grids, axes and separators
	Paper Role = "paper" // the background
	Good  Role = "good"
	Bad   Role = "bad"
)

// laneRoles are the colours of the first lanes.
var laneRoles = [...]Role{"lane0", "lane1", "lane2", "lane3"}

// Roles returns all roles.
func Roles() []Role {
	return append([]Role{Ink, Soft, Rule, Paper, Good, Bad}, laneRoles[:]...)
}

// LaneRole returns the role of a lane. After the last the roles are used again.
func LaneRole(lane int) Role {
	return laneRoles[lane%len(laneRoles)]
}

// Point is a place in CSS pixels from the upper left corner.
type Point struct{ X, Y float64 }

// MarshalJSON writes a point as [x,y], to a hundredth of a pixel.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]float64{math.Round(100*p.X) / 100, math.Round(100*p.Y) / 100})
}

// Box is an upright rectangle.
type Box struct{ X, Y, W, H float64 }

// Has reports whether a point lies in the box.
func (b Box) Has(p Point) bool {
	return p.X >= b.X && p.X <= b.X+b.W && p.Y >= b.Y && p.Y <= b.Y+b.H
}

// Meets reports whether two boxes have more than an edge in common.
func (b Box) Meets(o Box) bool {
	const edge = 1e-6
	return b.X+b.W > o.X+edge && o.X+o.W > b.X+edge && b.Y+b.H > o.Y+edge && o.Y+o.H > b.Y+edge
}

// Contains reports whether another box lies within this one.
func (b Box) Contains(o Box) bool {
	return o.X >= b.X && o.X+o.W <= b.X+b.W && o.Y >= b.Y && o.Y+o.H <= b.Y+b.H
}

// Inset returns the box without these margins.
func (b Box) Inset(left, top, right, bottom float64) Box {
	return Box{b.X + left, b.Y + top, max(b.W-left-right, 0), max(b.H-top-bottom, 0)}
}

// Line is a polyline.
type Line struct {
	Key    string  `json:"-"` // a line with the same key in the next picture moves there
	Points []Point `json:"points"`
	Width  float64 `json:"width"`
	Role   Role    `json:"role"`
	Alpha  float64 `json:"alpha"`
	// length of the dashes and of the gaps between them; 0 for none
	Dash float64 `json:"dash,omitempty"`
}

// Area is the area between two polylines with equally many points.
type Area struct {
	Key   string  `json:"-"`
	Upper []Point `json:"upper"`
	Lower []Point `json:"lower"`
	Role  Role    `json:"role"`
	Alpha float64 `json:"alpha"`
}

// Shape is the shape of a dot.
type Shape int

// The shapes: one for each lane, and two for right and wrong.
const (
	Disc Shape = iota
	Square
	Diamond
	Triangle
	Tick
	Cross
)

// LaneShape returns the shape of a lane's dots.
func LaneShape(lane int) Shape { return Shape(lane % 4) }

// Dot is a small mark.
type Dot struct {
	Key   string  `json:"-"`
	At    Point   `json:"at"`
	Size  float64 `json:"size"` // diameter
	Shape Shape   `json:"shape"`
	Role  Role    `json:"role"`
	Rim   float64 `json:"rim,omitempty"` // width of a rim in the colour of the background
}

// line adds a line, unless it has no points yet.
func (p *Picture) line(l Line) {
	if len(l.Points) > 0 {
		p.Lines = append(p.Lines, l)
	}
}

// Anchor is the part of a word that is at its place.
type Anchor string

// The anchors.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// margin is the empty border of a picture.
const margin = 4.0

// Word is a short text on one line. At is at its anchor, and at half of the line's height.
type Word struct {
	Key    string  `json:"-"`
	Text   string  `json:"text"`
	At     Point   `json:"at"`
	Anchor Anchor  `json:"anchor"`
	Size   float64 `json:"size"` // of the font, in CSS pixels
	Bold   bool    `json:"bold,omitempty"`
	Mono   bool    `json:"mono,omitempty"` // in the font of prompts and responses
	Role   Role    `json:"role"`
	Clear  bool    `json:"clear,omitempty"` // on a background of its own, to be legible above lines
}

// Picture has the shapes to draw, in this order, and the tips for the pointer.
type Picture struct {
	Areas []Area `json:"areas"`
	Lines []Line `json:"lines"`
	Dots  []Dot  `json:"dots"`
	Words []Word `json:"words"`

	spots []spot
	read  func(at Point) Hover // called before spots are looked up; may be nil
	w, h  float64
	atlas *Atlas // the map of the task's world; nil if it has none
}

// word adds a word, unless its text is empty, as it is without room.
func (p *Picture) word(w Word) {
	if w.Text != "" {
		p.Words = append(p.Words, w)
	}
}
