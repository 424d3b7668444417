package design

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

func TestCellsAreInTheOrderOfThePlan(t *testing.T) {
	cells := parse(t, sample).Cells()
	var order []string
	for _, c := range cells {
		order = append(order, fmt.Sprintf("%s %s %d %s %s %d", c.Experiment, c.Part, c.Base, c.Arm,
			c.Config, c.Seed))
	}
	const configs = 7
	if len(cells) != configs*(1*2+3*2)+2*3 {
		t.Fatalf("%d cells", len(cells))
	}
	for i, want := range map[int]string{
		0:                 "hands tune 11 sft sft,steps=100 21",
		1:                 "hands tune 11 sft sft,steps=100 22",
		2:                 "hands tune 11 sft sft,lr=0.003,steps=100 21",
		2*configs - 1:     "hands tune 11 other dft,steps=5 22",
		2 * configs:       "hands judge 101 sft sft,steps=100 201",
		2*configs + 1:     "hands judge 101 sft sft,steps=100 203",
		4 * configs:       "hands judge 102 sft sft,steps=100 201",
		6 * configs:       "hands judge 103 sft sft,steps=100 201",
		8 * configs:       "lines judge 0 seeking reinforce 1",
		len(cells) - 1:    "lines judge 0 covering sft 3",
		len(cells) - 2:    "lines judge 0 covering sft 2",
		8*configs - 1:     "hands judge 103 other dft,steps=5 203",
		6*configs + 2:     "hands judge 103 sft sft,lr=0.003,steps=100 201",
		8*configs + 3:     "lines judge 0 covering sft 1",
		4*configs + 4:     "hands judge 102 grpo grpo,lr=0.0002,beta=0,steps=50 201",
		4*configs + 4 + 3: "hands judge 102 grpo sft,steps=10~grpo,lr=0.0002,beta=0,steps=50 203",
	} {
		if order[i] != want {
			t.Errorf("cell %d is %s, want %s", i, order[i], want)
		}
	}
}

// The link of a cell is canonical, has one lane, and says all that the cell says.
func TestCellsHaveTheirOwnLinks(t *testing.T) {
	c, ids := recipe.Standard(), map[string]bool{}
	for _, cell := range parse(t, sample).Cells() {
		if ids[cell.ID()] {
			t.Errorf("two cells have the link %s", cell.Link)
		}
		ids[cell.ID()] = true
		r, err := c.Parse(cell.Link)
		if err != nil || r.Link() != cell.Link || len(r.Lanes) != 1 || r.Seed() != cell.Seed ||
			r.Lanes[0].String() != cell.Config {
			t.Errorf("%+v: the link says %v (%v)", cell, r, err)
		}
		base := fmt.Sprintf("base=cards,dim=32,seed=%d&", cell.Base)
		if cell.Experiment == "hands" && !strings.Contains(cell.Link, base) {
			t.Errorf("%+v: its base is another", cell)
		}
	}
}

func BenchmarkParseManyCells(b *testing.B) {
	text := strings.Replace(sample, "judge: 101..103", "judge: 101..220", 1)
	text = strings.Replace(text, "judge: 201|203", "judge: 201..318", 1)
	for b.Loop() {
		s, err := Parse(recipe.Standard(), []byte(text), Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(s.cells)), "cells")
	}
}

func TestOutlay(t *testing.T) {
	c := recipe.Standard()
	s := parse(t, sample)
	o, err := s.Outlay(c)
	if err != nil {
		t.Fatal(err)
	}
	cells, training, measuring := 0, 0.0, 0.0
	for _, a := range o.Arms {
		cells += a.Cells
		training += a.Training
		measuring += a.Measuring
	}
	if cells != len(s.Cells()) || training != o.Training || measuring != o.Measuring {
		t.Errorf("arms have %d cells, %g and %g FLOPs, all together %d, %g and %g", cells, training,
			measuring, len(s.Cells()), o.Training, o.Measuring)
	}
	want := 0.0 // by asking every cell
	for _, cell := range s.Cells() {
		r, err := c.Parse(cell.Link)
		if err != nil {
			t.Fatal(err)
		}
		want += r.Outlay().Training
	}
	if o.Training < 0.999*want || o.Training > 1.001*want {
		t.Errorf("training takes %g FLOPs, and the sum over cells is %g", o.Training, want)
	}
	if o.Count != 4 || len(o.Bases) != 4 || o.Pretraining != 4*o.Bases[0].Pretraining().FLOPs() {
		t.Errorf("%d bases of %g FLOPs", o.Count, o.Pretraining)
	}
}

// Bases that are part of the program need not be computed, and a teacher is needed once.
func TestOutlayCountsEachBaseOnce(t *testing.T) {
	text := with(t, "&base=cards,dim=32", "")
	text = strings.Replace(text, "judge: 101..103", "judge: 1..3", 1)
	o, err := parse(t, text).Outlay(recipe.Standard())
	if err != nil || o.Count != 3 { // 2, 3 and the one for tuning
		t.Errorf("%d bases (%v)", o.Count, err)
	}
	text = strings.Replace(with(t, "lane: rft|dft,steps=5", "lane: rft|opd,steps=5"),
		"name: other", "name: taught", 1)
	o, err = parse(t, text).Outlay(recipe.Standard())
	if err != nil || o.Count != 5 {
		t.Errorf("with a teacher: %d bases (%v)", o.Count, err)
	}
}
