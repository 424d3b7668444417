package report_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/study/report"
)

// small is a study without a network, so that it is computed at once.
const small = `name: small
title: Small
question: Does imitation cover the new mode?
experiments:
  - name: modes
    recipe: densities?eval_every=20
    seeds: {judge: 1..5}
    arms:
      - name: sft
        title: SFT
        lane: sft,samples=40,steps=100
hypotheses:
  - name: covers
    says: Imitation covers a tenth of the new mode
    metric: eval/id/overlap
    higher: sft
    lower: 0.1
    by: 0
`

// compute computes all cells of a study.
func compute(c *recipe.Catalogue, s *design.Study) (results []cells.Result) {
	for _, cell := range s.Cells() {
		r, err := c.Parse(cell.Link)
		if err != nil {
			panic(err)
		}
		o, err := cells.Run(context.Background(), r, cells.Options{Threads: 1})
		if err != nil {
			panic(err)
		}
		results = append(results, cells.NewResult(cell, o))
	}
	return results
}

// The same is said in a terminal and on the page.
func ExampleWrite() {
	c := recipe.Standard()
	s, err := design.Parse(c, []byte(small), design.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := analysis.Judge(s, s.Standing(nil, nil), compute(c, s))
	if err != nil {
		fmt.Println(err)
		return
	}
	var page bytes.Buffer
	if err := report.Write(&page, found, report.Options{Catalogue: c}); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Summary(found))
	fmt.Println(bytes.Contains(page.Bytes(), []byte(report.Summary(found))))
	// Output:
	// Of 1 hypothesis: 1 exploratory.
	// true
}
