package train

import (
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// TryReward samples answers to the first training prompts of a lane from its base, before anything
// is learned, and returns them with what the verifier and the lane's own reward say of each
// (prompts*answers). The answers to a prompt stand together. An error is that of a program.
func TryReward(lane Lane, prompts, answers, threads int) (_ []protocol.Sample, err error) {
	defer task.Catch(&err)
	t, network := lane.Task, model.NewNetwork(lane.Base)
	network.Use(lane.Base.Config.Team(threads))
	problems := encode(t, t.TrainPrompts(lane.Seed, t.Prompts))
	problems = problems[:min(prompts, len(problems))]
	starts := make([]start, len(problems))
	for i, p := range problems {
		starts[i] = start{prompt: p}
	}
	r := responder{task: t, streams: streams{seed: lane.Seed, task: t.Name},
		sampler: rollout.NewSampler(lane.Base.Config, threads), temp: 1, logpTemp: 1, verifier: t}
	all := r.respond(&policy{Params: lane.Base, network: network},
		samplingRequest{stream: rolloutStream, starts: starts, size: answers}, new(ledger))
	samples := make([]protocol.Sample, len(all))
	for i, s := range all {
		samples[i] = sampleOf(t, s.Problem, s.Response)
		if lane.Reward == nil {
			continue
		}
		parts, err := lane.Reward.Of(t, s.Problem, s.Response, s.Reward)
		if err != nil {
			return nil, err
		}
		addOwn(&samples[i], lane.Reward, parts)
	}
	return samples, nil
}
