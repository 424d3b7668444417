package scene

// Role is what a colour stands for. Which colour that is depends on the theme and is decided by stage.css.
type Role string

// The roles. Lanes beyond the last begin again.
const (
	Ink   Role = "ink"   // text to read
	Soft  Role = "soft"  // text beside it
	Rule  Role = "line"  // what separates and measures
	Paper Role = "paper" // the background
	Good  Role = "good"
	Bad   Role = "bad"
)

// Roles are all of them.
var Roles = []Role{Ink, Soft, Rule, Paper, Good, Bad, "lane0", "lane1", "lane2", "lane3"}

// LaneRole is the colour of a lane.
func LaneRole(lane int) Role {
	return Roles[len(Roles)-4+lane%4]
}

// Point is a place in CSS pixels from the upper left corner.
type Point struct{ X, Y float64 }

// Box is an upright rectangle.
type Box struct{ X, Y, W, H float64 }

// Has says whether a point lies in the box.
func (b Box) Has(p Point) bool {
	return p.X >= b.X && p.X <= b.X+b.W && p.Y >= b.Y && p.Y <= b.Y+b.H
}

// Meets says whether two boxes have more than an edge in common.
func (b Box) Meets(o Box) bool {
	const edge = 1e-6
	return b.X+b.W > o.X+edge && o.X+o.W > b.X+edge && b.Y+b.H > o.Y+edge && o.Y+o.H > b.Y+edge
}

// Inset is the box less its margins.
func (b Box) Inset(left, top, right, bottom float64) Box {
	return Box{b.X + left, b.Y + top, max(b.W-left-right, 0), max(b.H-top-bottom, 0)}
}

// Line is a polyline.
type Line struct {
	Key    string // the same in the next picture for the same thing; empty when it does not move
	Points []Point
	Width  float64
	Role   Role
	Alpha  float64
	Dash   float64 // length of the dashes and of the gaps between them; 0 for none
}

// Area is what lies between two polylines of the same number of points.
type Area struct {
	Key          string
	Upper, Lower []Point
	Role         Role
	Alpha        float64
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

// LaneShape is the shape of a lane's dots.
func LaneShape(lane int) Shape { return Shape(lane % 4) }

// Dot is a small mark.
type Dot struct {
	Key   string
	At    Point
	Size  float64 // its diameter
	Shape Shape
	Role  Role
	Rim   float64 // width of a rim in the colour of the paper that sets it off
}

// Anchor is the end of a word that its place fixes.
type Anchor string

// The anchors.
const (
	Start  Anchor = "start"
	Middle Anchor = "middle"
	End    Anchor = "end"
)

// margin is what a picture leaves free all around.
const margin = 4.0

// Word is a short text on one line. At is the middle of the line's height at its anchor.
type Word struct {
	Key    string
	Text   string
	At     Point
	Anchor Anchor
	Size   float64 // of the font, in CSS pixels
	Bold   bool
	Mono   bool // in the font of prompts and responses
	Role   Role
	Clear  bool // on a background of its own, to be read above a line
}

// Picture is what there is to draw, in this order, and what it has to say to whoever points at it.
type Picture struct {
	Areas []Area
	Lines []Line
	Dots  []Dot
	Words []Word

	spots []spot
	read  func(at Point) Hover // asked before the spots; nil to have none
	w, h  float64
	atlas *Atlas // of a world that has one
}

// word adds a word, unless there was room for nothing of it.
func (p *Picture) word(w Word) {
	if w.Text != "" {
		p.Words = append(p.Words, w)
	}
}
