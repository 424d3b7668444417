package scene

import "reflect"

// Row is one line of a tip: a text, and a value behind it unless that is "".
type Row struct {
	Text, Value string
	Role        Role
	Mono        bool
}

// Tip is a note beside the pointer. It covers the part of the picture below it.
type Tip struct {
	Box  Box
	Rows []Row
}

// Hover is drawn above a picture while the pointer is over it.
type Hover struct {
	Lines []Line
	Dots  []Dot
	Tip   *Tip
}

// DrawnAs reports whether h and o are equal but for their tips.
func (h Hover) DrawnAs(o Hover) bool {
	return reflect.DeepEqual(h.Lines, o.Lines) && reflect.DeepEqual(h.Dots, o.Dots)
}

// spot is a part of a picture with a tip.
type spot struct {
	box  Box
	rows func() []Row
}

// Point returns what to draw while the pointer is at a place of the picture.
func (p *Picture) Point(at Point) Hover {
	if p.read != nil {
		if h := p.read(at); h.Tip != nil {
			return h
		}
	}
	for _, s := range p.spots {
		if s.box.Has(at) {
			return Hover{Tip: p.tip(at, s.rows())}
		}
	}
	return Hover{}
}

const (
	tipSize = 12.0
	tipRow  = 18.0
	tipPad  = 8.0
	tipWide = 380.0 // of a text in words, which continues on the next line
)

// wrapRows breaks rows of words that are wider than a tip may be.
func wrapRows(rows []Row, wide float64) (all []Row) {
	for _, r := range rows {
		if r.Value != "" || r.Mono || Width(r.Text, tipSize, true, false) <= wide {
			all = append(all, r)
			continue
		}
		for _, line := range wrapped(r.Text, wide, tipSize, true) {
			all = append(all, Row{Text: line, Role: r.Role})
		}
	}
	return all
}

// tip returns a tip with these rows beside a point, inside the picture. It returns nil without
// rows.
func (p *Picture) tip(at Point, rows []Row) *Tip {
	if len(rows) == 0 {
		return nil
	}
	w, h := p.w, p.h
	t := &Tip{Rows: wrapRows(rows, min(w-2*tipPad, tipWide))}
	for _, r := range t.Rows {
		wide := Width(r.Text, tipSize, true, r.Mono)
		if r.Value != "" {
			wide += 12 + Width(r.Value, tipSize, true, false)
		}
		t.Box.W = max(t.Box.W, wide)
	}
	t.Box.W = min(t.Box.W+2*tipPad, w)
	t.Box.H = min(float64(len(t.Rows))*tipRow+2*tipPad, h)
	t.Box.X = at.X + 14
	if t.Box.X+t.Box.W > w {
		t.Box.X = at.X - 14 - t.Box.W
	}
	t.Box.X = min(max(t.Box.X, 0), w-t.Box.W)
	t.Box.Y = min(max(at.Y-t.Box.H-10, 0), h-t.Box.H)
	return t
}
