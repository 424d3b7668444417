package main

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/workload"
)

type benchCommand struct {
	JSON  bool   `name:"json" help:"Print one line of JSON."`
	Model string `placeholder:"NAME" help:"Time one model: small, medium, full or large. Without it small and medium are timed."`
	Scale string `placeholder:"DIR" type:"path" help:"Measure the processor time of SFT steps of models from 0.05M to 100M weights and of 256 to 4096 tokens instead, and write scale.csv and scale.svg into this folder. It takes some minutes and 4 GB of memory."`
	profiling
	Rounds wholeNumber `default:"7" from:"1" to:"1000" help:"How often each piece of work is timed; the median counts."`
	// Not threading: the speed is measured for each of these numbers.
	Threads wholeNumber `default:"${threads}" from:"1" to:"256" help:"Most threads to time; one thread is timed as well."`
}

// benchResult is the speed of one model on a number of threads.
type benchResult struct {
	Name         string  `json:"name"`
	Threads      int     `json:"threads"`
	SFT          float64 `json:"sft_tokens_per_s"`
	Rollout      float64 `json:"rollout_tokens_per_s"`
	GRPO         float64 `json:"grpo_ms_per_step"`
	GFLOPs       float64 `json:"gflops"`        // matrix products of an SFT step
	KernelGFLOPs float64 `json:"kernel_gflops"` // the product alone, one thread
	LossFirst    float64 `json:"loss_first"`
	LossLast     float64 `json:"loss_last"`
}

func (c *benchCommand) Run(env *environment) error {
	return c.profiled(func() error { return c.bench(env) })
}

func (c *benchCommand) bench(env *environment) error {
	if c.Scale != "" {
		return c.scale(env)
	}
	models, err := c.models()
	if err != nil {
		return err
	}
	threads := []int{1}
	if c.Threads > 1 {
		threads = append(threads, int(c.Threads))
	}
	env.logStart("bench", int(c.Threads))
	kernel, err := c.kernel(env)
	if err != nil {
		return err
	}
	var results []benchResult
	for _, m := range models {
		for _, n := range threads {
			fmt.Fprintf(env.err, "timing %s, %d of %d threads\n", m.Name, n, c.Threads)
			work := workload.New(m, n)
			r := benchResult{Name: m.Name, Threads: n, KernelGFLOPs: kernel, LossFirst: work.SFT()}
			sft := c.time(env, func() { r.LossLast = work.SFT() })
			r.SFT = float64(workload.Rows*m.Tokens) / sft
			r.GFLOPs = 3 * workload.Rows * m.Config.ForwardFLOPs(m.Tokens) / sft / 1e9
			const sampled = workload.Prompts * workload.Group * workload.Sampled
			r.Rollout = sampled / c.time(env, func() { work.Rollout() })
			r.GRPO = 1e3 * c.time(env, work.GRPO)
			if err := env.interrupted("nothing was kept"); err != nil {
				return err
			}
			results = append(results, r)
		}
	}
	if c.JSON {
		return env.out.json(map[string]any{"kernels": num.Backend(), "models": results})
	}
	return printBench(env, results)
}

// models returns the models to time.
func (c *benchCommand) models() ([]workload.Model, error) {
	if c.Model == "" {
		return []workload.Model{workload.Small(), workload.Medium()}, nil
	}
	var known []string
	for _, m := range workload.Models() {
		if m.Name == c.Model {
			return []workload.Model{m}, nil
		}
		known = append(known, m.Name)
	}
	return nil, usage(fmt.Errorf("--model: %w", param.Unknown("model", c.Model, known)))
}

// kernel measures the matrix product of performance.md, 2048 x 128 x 512, on one thread.
func (c *benchCommand) kernel(env *environment) (gflops float64, err error) {
	const m, k, n, repeat = 2048, 128, 512, 20
	a, b, out := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
	rng := num.NewRand(1, "bench", "product")
	for i := range a {
		a[i] = float32(rng.Norm())
	}
	for i := range b {
		b[i] = float32(rng.Norm())
	}
	packed := num.Pack(make([]float32, num.PackedLen(k, n)), b, n, k, n)
	fmt.Fprintf(env.err, "timing the kernel, %s\n", num.Backend())
	seconds := c.time(env, func() {
		for range repeat {
			num.MatMul(out, n, a, k, packed, m, n, k, false)
		}
	})
	return 2 * m * k * n * repeat / seconds / 1e9, env.interrupted("nothing was kept")
}

// time returns the median time of several rounds, after one that does not count.
// After an interrupt it returns early with a meaningless number.
func (c *benchCommand) time(env *environment, work func()) float64 {
	return c.timeBy(env.clock, env, work)
}

// timeBy is time by another clock than the environment's.
func (c *benchCommand) timeBy(clock func() float64, env *environment, work func()) float64 {
	work()
	var seconds []float64
	for range c.Rounds {
		start := clock()
		work()
		seconds = append(seconds, clock()-start)
		env.log.Debug("round", "seconds", seconds[len(seconds)-1])
		if env.Err() != nil {
			break
		}
	}
	slices.Sort(seconds)
	return seconds[len(seconds)/2]
}

func printBench(env *environment, results []benchResult) error {
	w := newTable(env.out)
	row(w, "model", "threads", "SFT tokens/s", "rollout tokens/s", "GRPO ms/step", "GFLOP/s in SFT",
		"kernel GFLOP/s")
	for _, r := range results {
		row(w, r.Name, fmt.Sprint(r.Threads), fmt.Sprintf("%.0f", r.SFT),
			fmt.Sprintf("%.0f", r.Rollout),
			fmt.Sprintf("%.1f", r.GRPO), fmt.Sprintf("%.1f", r.GFLOPs), fmt.Sprintf("%.1f",
				r.KernelGFLOPs))
	}
	fmt.Fprintf(w, "\nkernels: %s\n", num.Backend())
	return w.Flush()
}
