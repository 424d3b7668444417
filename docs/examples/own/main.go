// Command own is a program outside the module of posttrain that adds a task with its base, a method
// and an exhibit, and runs any link that names them:
//
//	go run . longer_words
//	go run . 'rotate?seed=7&lane=first_right,lr=3e-4~grpo'
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/task"
)

func main() {
	link := "longer_words"
	if len(os.Args) > 1 {
		link = os.Args[1]
	}
	if err := run(context.Background(), os.Stdout, link); err != nil {
		log.Fatal(err)
	}
}

// catalogue returns the standard catalogue with the additions of this program. It returns an error
// if one of them is not well formed or does not fit the others.
func catalogue() (*recipe.Catalogue, error) {
	return recipe.Standard().With(recipe.Entries{
		Tasks:    []task.Task{rotate},
		Bases:    []recipe.Base{base},
		Methods:  []method.Method{firstRight},
		Exhibits: []recipe.Exhibit{longerWords},
	})
}

// run runs a link and prints how good each lane is at each level, and its digest.
func run(ctx context.Context, out io.Writer, link string) error {
	c, err := catalogue()
	if err != nil {
		return err
	}
	r, err := c.Parse(link)
	if err != nil {
		return err
	}
	result, err := study.Run(ctx, r, study.Options{Threads: 2})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, r.Link())
	for _, lane := range result.Lanes {
		fmt.Fprintf(out, "%-12s", lane.Label)
		for _, level := range r.Task.Levels {
			fmt.Fprintf(out, "  %s %.3f", level.Name, lane.Metrics[level.Metric()])
		}
		fmt.Fprintf(out, "  %s\n", lane.Digest)
	}
	return nil
}
