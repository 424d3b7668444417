package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"text/tabwriter"

	"posttrain/core/num"
	"posttrain/core/train"
)

type benchCommand struct {
	JSON    bool `name:"json" help:"Print one line of JSON."`
	Rounds  int  `default:"7" help:"How often each piece of work is timed; the median counts."`
	Threads int  `default:"${threads}" help:"Most threads to time; one thread is timed as well."`
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
	if c.Rounds < 1 || c.Threads < 1 {
		return usage(fmt.Errorf("--rounds=%d --threads=%d: want at least 1 of each", c.Rounds, c.Threads))
	}
	threads := []int{1}
	if c.Threads > 1 {
		threads = append(threads, c.Threads)
	}
	kernel := c.kernel(env)
	var results []benchResult
	for _, m := range train.ReferenceModels {
		for _, n := range threads {
			work, err := train.NewReferenceWork(m.Config, m.Tokens, n)
			if err != nil {
				return err
			}
			r := benchResult{Name: m.Name, Threads: n, KernelGFLOPs: kernel, LossFirst: work.SFT()}
			sft := c.time(env, func() { r.LossLast = work.SFT() })
			r.SFT = float64(train.ReferenceRows*m.Tokens) / sft
			r.GFLOPs = 3 * train.ReferenceRows * m.Config.ForwardFLOPs(m.Tokens) / sft / 1e9
			const sampled = train.ReferencePrompts * train.ReferenceGroup * train.ReferenceSampled
			r.Rollout = sampled / c.time(env, func() { work.Rollout() })
			r.GRPO = 1e3 * c.time(env, work.GRPO)
			results = append(results, r)
		}
	}
	if c.JSON {
		return json.NewEncoder(env.out).Encode(map[string]any{"models": results})
	}
	return printBench(env, results)
}

// kernel times the product of performance.md, 2048 x 128 x 512, on one thread.
func (c *benchCommand) kernel(env *environment) float64 {
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
	seconds := c.time(env, func() {
		for range repeat {
			num.MatMul(out, n, a, k, packed, m, n, k, false)
		}
	})
	return 2 * m * k * n * repeat / seconds / 1e9
}

// time is the median of several rounds after one that does not count.
func (c *benchCommand) time(env *environment, work func()) float64 {
	work()
	seconds := make([]float64, c.Rounds)
	for i := range seconds {
		start := env.clock()
		work()
		seconds[i] = env.clock() - start
	}
	slices.Sort(seconds)
	return seconds[len(seconds)/2]
}

func printBench(env *environment, results []benchResult) error {
	w := tabwriter.NewWriter(env.out, 0, 0, 2, ' ', 0)
	row(w, "model", "threads", "SFT tokens/s", "rollout tokens/s", "GRPO ms/step", "GFLOP/s in SFT", "kernel GFLOP/s")
	for _, r := range results {
		row(w, r.Name, fmt.Sprint(r.Threads), fmt.Sprintf("%.0f", r.SFT), fmt.Sprintf("%.0f", r.Rollout),
			fmt.Sprintf("%.1f", r.GRPO), fmt.Sprintf("%.1f", r.GFLOPs), fmt.Sprintf("%.1f", r.KernelGFLOPs))
	}
	return w.Flush()
}
