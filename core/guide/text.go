package guide

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// Text is an answer as people read it: sentences and tables, in the order of reading.
type Text struct {
	Situation string    `json:"situation"`
	Field     string    `json:"field"`    // "" means that the question is asked for no field
	Exhibits  Paragraph `json:"exhibits"` // names of the exhibits on the field's tasks
	Tables    []Table   `json:"tables"`
	Missing   []string  `json:"missing"` // what is not measured, and what would measure it
	Reading   string    `json:"reading"` // how tables are to be read; "" means that there are none
}

// Paragraph is some sentences under a title.
type Paragraph struct {
	Title string   `json:"title"`
	Texts []string `json:"texts"`
}

// Table is what a setting says.
type Table struct {
	Heading string      `json:"heading"`
	Head    []string    `json:"head"` // of all columns, the one with the methods first
	Rows    []Line      `json:"rows"` // the first one has the base before training
	Ranking []string    `json:"ranking"`
	Parts   []Paragraph `json:"parts"` // what stands beside the ranking; none is empty
	Runs    string      `json:"runs"`  // the title of a list of links; "" means that no line has one
}

// Line is a line of a table.
type Line struct {
	Title  string `json:"title"`
	First  bool   `json:"first"` // whether its method is behind no other
	Cells  []Cell `json:"cells"` // for all columns but the first
	Config string `json:"config"`
	Link   string `json:"link"` // of a run; "" for the base
}

// Cell is a number in words. Span has the same as shares from 0 to 1; nil means that it is none, or
// that it has no interval.
type Cell struct {
	Text string `json:"text"`
	Span *Span  `json:"span"`
}

// Span is a mean within its interval.
type Span struct {
	Low  float64 `json:"low"`
	Mean float64 `json:"mean"`
	High float64 `json:"high"`
}

// Text returns the answer in words. exhibits has the names of exhibits by task.
func (a Answer) Text(exhibits map[string][]string) Text {
	t := Text{Situation: a.Situation.Sentence(), Tables: []Table{},
		Exhibits: Paragraph{"Exhibits on them", []string{}},
		Missing:  some(append(a.GapSentences(), a.UnusedSentences()...))}
	if app, ok := a.Situation.Field(); ok {
		t.Field = fmt.Sprintf("For %s. %s Tasks that stand for it: %s.", app.Title, app.Doc,
			prose.List(app.Tasks))
		for _, task := range app.Tasks {
			t.Exhibits.Texts = append(t.Exhibits.Texts, exhibits[task]...)
		}
	}
	for _, f := range a.Found {
		t.Tables = append(t.Tables, f.table(a.Situation))
		t.Reading = Reading
	}
	return t
}

// table returns what a setting says in words.
func (f Found) table(s Situation) Table {
	t := Table{Heading: f.Heading(), Ranking: f.Ranking(), Head: []string{"method"},
		Rows: []Line{{Title: "(the base)", Cells: f.cells(f.Base, "0", "0")}}, Parts: []Paragraph{}}
	for _, c := range f.Columns {
		t.Head = append(t.Head, c.Head())
	}
	t.Head = append(t.Head, "updates", "GFLOP")
	for _, r := range f.Rows {
		t.Runs = "One run of each, on the first base with the first seed"
		t.Rows = append(t.Rows, Line{Title: r.Title, First: r.First, Config: r.config(),
			Link: r.Link, Cells: f.cells(r.Values, fmt.Sprintf("%.0f", r.Steps),
				fmt.Sprintf("%.1f", r.FLOPs/1e9))})
	}
	for _, p := range []Paragraph{
		{"Beside the base", f.AgainstBase()},
		{"What varies", f.FromBaseToBase()},
		{"What would change it", f.WhatWouldChange()},
		{"Left out", f.leftOut()},
		{"What limits this", f.Caveats(s)},
	} {
		if len(p.Texts) > 0 {
			t.Parts = append(t.Parts, p)
		}
	}
	return t
}

// cells returns the values of a line, and what follows them.
func (f Found) cells(values []Value, end ...string) (cells []Cell) {
	for k, v := range values {
		cells = append(cells, Cell{v.Text(f.Columns[k]), v.span(f.Columns[k])})
	}
	for _, text := range end {
		cells = append(cells, Cell{Text: text})
	}
	return cells
}

func (v Value) span(c Column) *Span {
	if !v.Known || !c.Share || v.Interval == nil {
		return nil
	}
	return &Span{v.Interval.Low, v.Mean, v.Interval.High}
}

// config says which config of the row's arm counts.
func (r Row) config() string {
	if r.Configs > 1 {
		return fmt.Sprintf("%s, the best of %d on the tuning part", r.Lane, r.Configs)
	}
	return r.Lane
}

// leftOut says why arms are left out.
func (f Found) leftOut() (texts []string) {
	for _, e := range f.Excluded {
		texts = append(texts, e.Sentence())
	}
	return texts
}
