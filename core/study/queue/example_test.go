package queue_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/study/queue"
	"github.com/posttrain/posttrain/core/train"
)

// A study of two cells, whose queue and worker are parts of this program.
func Example() {
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	plan := cells.Plan{Name: "two seeds"}
	for _, seed := range []uint64{1, 2} {
		plan.Cells = append(plan.Cells, design.Cell{
			Link:       fmt.Sprintf("densities?v=2&seed=%d&lane=sft,samples=20", seed),
			Experiment: "densities", Arm: "sft", Config: "sft,samples=20", Seed: seed,
			Part: design.Judge})
	}
	if err := run(context.Background(), dir, plan); err != nil {
		fmt.Println(err)
	}
	results, err := cells.ReadFile(dir + "/" + cells.ResultsFile)
	for _, r := range results {
		fmt.Println("seed", r.Seed, "ends after", r.Steps, "steps")
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// seed 1 ends after 75 steps
	// seed 2 ends after 79 steps
}

func run(ctx context.Context, dir string, plan cells.Plan) error {
	folder, err := cells.Open(dir, plan)
	if err != nil {
		return err
	}
	server, err := queue.Start(queue.ServerOptions{Folder: dir + "/queue"})
	if err != nil {
		return errors.Join(err, folder.Close())
	}
	defer server.Close()
	nc, err := server.Connect()
	if err != nil {
		return errors.Join(err, folder.Close())
	}
	defer nc.Close()
	q, err := queue.Open(ctx, nc, queue.Study{Name: plan.Name, Hash: plan.Hash(),
		Program: "example", Engine: train.Engine, Cells: 2}, queue.Shards(plan.Cells), true)
	if err != nil {
		return errors.Join(err, folder.Close())
	}
	worked := make(chan error)
	go func() { worked <- (&queue.Worker{Threads: 2, Compute: compute}).Work(ctx, q) }()
	_, err = q.Collect(ctx, folder, func(cells.Outcome, cells.Work) {})
	return errors.Join(err, q.Finish(ctx), <-worked, folder.Close())
}

func compute(ctx context.Context, j *queue.Job, threads int) (cells.Outcome, error) {
	r, err := recipe.Standard().Parse(j.Link)
	if err != nil {
		return cells.Outcome{}, err
	}
	return cells.Run(ctx, r, cells.Options{Threads: threads})
}
