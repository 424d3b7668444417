//go:build js && wasm && page

package main

import (
	"fmt"
	"slices"
	"syscall/js"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/workload"
)

// bench does the reference work for the page that measures speed.
type bench struct{ work *workload.Work }

func (b *bench) functions() map[string]function {
	return map[string]function{"prepare": b.prepare, "work": b.part}
}

// prepare takes the name of a model and prepares the work on it. It returns the kernels in use, the
// tokens of an SFT step and of a rollout, and the GFLOP of an SFT step.
func (b *bench) prepare(args []js.Value) (any, error) {
	models := workload.Models()
	i := slices.IndexFunc(models, func(m workload.Model) bool { return m.Name == args[0].String() })
	if i < 0 {
		return nil, fmt.Errorf("there is no model %s", args[0])
	}
	m := models[i]
	b.work = workload.New(m, 1)
	return map[string]any{
		"kernels": num.Backend(), "sft": workload.Rows * m.Tokens,
		"rollout": workload.Prompts * workload.Group * workload.Sampled,
		"gflop":   3 * workload.Rows * m.Config.ForwardFLOPs(m.Tokens) / 1e9,
	}, nil
}

// part does one part of the work: sft, rollout or grpo.
func (b *bench) part(args []js.Value) (any, error) {
	switch part := args[0].String(); part {
	case "sft":
		b.work.SFT()
	case "rollout":
		b.work.Rollout()
	case "grpo":
		b.work.GRPO()
	default:
		return nil, fmt.Errorf("there is no work %s", part)
	}
	return nil, nil
}
