package scene

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/posttrain/posttrain/core/protocol"
)

// places are all points of a picture with how far around them something is drawn.
func places(p *Picture, visit func(what string, at Point, around float64)) {
	for _, a := range p.Areas {
		for _, at := range append(slices.Clone(a.Upper), a.Lower...) {
			visit("area "+a.Key, at, 0)
		}
	}
	for _, l := range p.Lines {
		for _, at := range l.Points {
			visit("line "+l.Key, at, 0)
		}
	}
	for _, d := range p.Dots {
		visit("dot "+d.Key, d.At, d.Size/2)
	}
	for _, w := range p.Words {
		b := w.Box()
		visit("word "+w.Text, Point{b.X, b.Y}, 0)
		visit("word "+w.Text, Point{b.X + b.W, b.Y + b.H}, 0)
	}
}

func checkFinite(t *testing.T, p *Picture) {
	t.Helper()
	places(p, func(what string, at Point, _ float64) {
		if !finite(at.X) || !finite(at.Y) {
			t.Errorf("%s is at %v", what, at)
		}
	})
	for _, l := range p.Lines { // JSON has null for none, which the page cannot draw
		if len(l.Points) == 0 {
			t.Errorf("the line %q has no points", l.Key)
		}
	}
	for _, a := range p.Areas {
		if len(a.Upper) == 0 || len(a.Lower) == 0 {
			t.Errorf("the area %q has no points", a.Key)
		}
	}
	for _, w := range p.Words {
		if strings.Contains(w.Text, "NaN") || strings.Contains(w.Text, "Inf") {
			t.Errorf("the word %q", w.Text)
		}
	}
}

// randomView returns a random view of a record.
func randomView(r *rand.Rand, record *Record) View {
	series, measures := record.Offered()
	v := View{Axis: Axes()[r.IntN(len(Axes()))].Name, Series: series[r.IntN(len(series))].Name}
	if len(measures) > 0 && r.IntN(3) > 0 {
		v.X, v.Y = measures[r.IntN(len(measures))].Name, measures[r.IntN(len(measures))].Name
	}
	return v
}

// Everything lies inside the frame, no word upon another, and the same picture comes out twice.
func TestPictures(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		w, h := 320+r.Float64()*900, 260+r.Float64()*500
		for _, s := range All() {
			v := randomView(r, record)
			p := s.Picture(record, v, w, h)
			checkFinite(t, &p)
			places(&p, func(what string, at Point, around float64) {
				const edge = 0.01
				if at.X < around-edge || at.Y < around-edge || at.X > w-around+edge ||
					at.Y > h-around+edge {
					t.Errorf("%s %s: %v with %.1f around it is not inside %.0f x %.0f", s.Name,
						what, at, around, w, h)
				}
			})
			for i, a := range p.Words {
				if a.Text == "" {
					t.Errorf("%s: an empty word at %v", s.Name, a.At)
				}
				for _, b := range p.Words[:i] {
					if a.Box().Meets(b.Box()) {
						t.Errorf("%s %.0f x %.0f: %q and %q lie upon each other at %v and %v",
							s.Name, w, h, a.Text, b.Text, a.Box(), b.Box())
					}
				}
			}
			again := s.Picture(record, v, w, h)
			if !reflect.DeepEqual(p.Areas, again.Areas) ||
				!reflect.DeepEqual(p.Lines, again.Lines) ||
				!reflect.DeepEqual(p.Dots, again.Dots) || !reflect.DeepEqual(p.Words, again.Words) {
				t.Errorf("%s: the same record made two pictures", s.Name)
			}
		}
	})
}

// Shapes of one kind have different keys.
func TestKeysAreUnique(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		for _, s := range All() {
			p := s.Picture(record, randomView(r, record), 800, 500)
			seen := map[string]bool{}
			count := func(kind, key string) {
				if key != "" && seen[kind+key] {
					t.Errorf("%s: two %s have the key %q", s.Name, kind, key)
				}
				seen[kind+key] = true
			}
			for _, a := range p.Areas {
				count("areas", a.Key)
			}
			for _, l := range p.Lines {
				count("lines", l.Key)
			}
			for _, d := range p.Dots {
				count("dots", d.Key)
			}
			for _, w := range p.Words {
				count("words", w.Key)
			}
		}
	})
}

// Whatever is little or odd makes a picture all the same, in any frame.
func TestPicturesOfLittle(t *testing.T) {
	one := NewRecord(Recipe{Lanes: []Lane{{"SFT", 0}},
		Levels: []Level{{Name: "id", Title: "rule A", Metric: "eval/id/accuracy"}}})
	one.Add(0, protocol.Event{Kind: protocol.Measured,
		Metrics: []protocol.Metric{{Name: "eval/id/accuracy", Value: 0.5}}})
	one.Add(0, protocol.Event{Kind: protocol.Looked,
		Samples: []protocol.Sample{{Prompt: "", Response: "", Finished: true, Logp: []float64{0}}}})
	for _, record := range []*Record{NewRecord(Recipe{}),
		NewRecord(Recipe{Lanes: make([]Lane, 4), Levels: make([]Level, 6)}), one} {
		for _, s := range All() {
			for _, v := range []View{{}, {Axis: "seconds"}, {Axis: "nonsense"}} {
				for _, size := range []float64{0, 1, 7, 50, 200, 4000} {
					p := s.Picture(record, v, size, 200)
					checkFinite(t, &p)
					p = s.Picture(record, v, 200, size)
					checkFinite(t, &p)
					p.Point(Point{10, 10})
				}
				if table := s.Table(record, v); len(table.Head) == 0 || table.Caption == "" {
					t.Errorf("%s: a table without a head or a caption", s.Name)
				}
			}
		}
	}
}

// Every number that a picture shows of its lanes is in the table, too.
func TestTablesHaveTheNumbers(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		for _, s := range All() {
			table := s.Table(record, View{})
			cells := map[string]bool{}
			for _, row := range table.Rows {
				if len(row) != len(table.Head) {
					t.Errorf("%s: a row of %d cells under a head of %d", s.Name, len(row),
						len(table.Head))
				}
				for _, cell := range row {
					cells[cell] = true
				}
			}
			p := s.Picture(record, View{}, 900, 600)
			for _, w := range p.Words {
				number := w.Text[strings.LastIndex(w.Text, " ")+1:]
				if w.Mono || strings.HasPrefix(w.Key, "panel") && !strings.HasSuffix(w.Key,
					"base") || strings.IndexFunc(number, unicode.IsDigit) < 0 {
					continue // symbols, the scale, and what is no number
				}
				if !cells[number] {
					t.Errorf("%s: %q is not in the table", s.Name, number)
				}
			}
		}
	})
}

// A change begins where the picture was and ends where it is to be.
func TestBetween(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		for _, s := range All() {
			from, to := s.Picture(record, View{}, 800, 500), s.Picture(record,
				randomView(r, record), 640, 420)
			if end := Between(&from, &to, 1); !reflect.DeepEqual(end.Lines, to.Lines) ||
				!reflect.DeepEqual(end.Areas, to.Areas) {
				t.Errorf("%s: the end is not the second picture", s.Name)
			}
			begin := Between(&from, &to, 0)
			old := keyed(from.Dots, func(d Dot) string { return d.Key })
			for _, d := range begin.Dots {
				if before, ok := old[d.Key]; ok && d.At != before.At {
					t.Errorf("%s: %s begins at %v, was at %v", s.Name, d.Key, d.At, before.At)
				}
			}
			half := Between(&from, &to, 0.5)
			checkFinite(t, &half)
			if len(half.Lines) != len(to.Lines) || len(half.Areas) != len(to.Areas) ||
				len(half.Dots) != len(to.Dots) {
				t.Errorf("%s: shapes got lost on the way", s.Name)
			}
		}
	})
}

// A tip lies in the frame, wherever it is asked for.
func TestTips(t *testing.T) {
	forMany(t, func(t *testing.T, r *rand.Rand, record *Record) {
		w, h := 320+r.Float64()*900, 260+r.Float64()*500
		for _, s := range All() {
			p := s.Picture(record, randomView(r, record), w, h)
			for range 200 {
				tip := p.Point(Point{r.Float64() * w, r.Float64() * h}).Tip
				if tip == nil {
					continue
				}
				if b := tip.Box; b.X < 0 || b.Y < 0 || b.X+b.W > w+1e-9 || b.Y+b.H > h+1e-9 ||
					len(tip.Rows) == 0 || math.IsNaN(b.X) {
					t.Errorf("%s: a tip at %v in %.0f x %.0f", s.Name, b, w, h)
				}
			}
		}
	})
}

func TestLookup(t *testing.T) {
	for _, s := range All() {
		if got, err := Lookup(s.Name); err != nil || got.Title != s.Title || s.Doc == "" ||
			s.Title == "" {
			t.Errorf("%s: %q, %v", s.Name, got.Title, err)
		}
	}
	if s, err := Lookup(""); err != nil || s.Name != All()[0].Name {
		t.Errorf("without a name: %s, %v", s.Name, err)
	}
	if _, err := Lookup("planes"); err == nil || !strings.Contains(err.Error(), "race, tree") {
		t.Errorf("an unknown scene: %v", err)
	}
}
