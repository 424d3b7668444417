package train

import (
	"slices"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// responder samples responses of the policy and has them judged.
type responder struct {
	task     task.Task
	streams  streams
	sampler  *rollout.Sampler
	temp     float64 // at which responses are sampled
	sees     float64 // at which their log-probabilities are recorded
	longest  int     // tokens of a response after what is given; 0: what the task allows
	verifier task.Task
	rewards  *rewardModels // whose score is the reward; nil: the verifier's
	charged  bool          // whether the verifier's calls are
	likeness bool          // the reward is how similar a response is to the expert's next step
}

func newResponder(p plan, v param.Values, t, verifier task.Task, s streams,
	sampler *rollout.Sampler, rewards *rewardModels) *responder {
	r := &responder{
		task: t, streams: s, sampler: sampler, temp: 1, sees: knob.Temperature(v),
		verifier: verifier, rewards: rewards, charged: p.verifierCalls, likeness: p.sampleSteps(),
	}
	if v.Has("temp") {
		r.temp = v.Float("temp")
	}
	if r.likeness {
		r.longest = p.Hint.Step
	}
	return r
}

// start is where responses begin: at a prompt, or after some given tokens of its demonstration.
type start struct {
	prompt
	given []int32 // with what the world says to them
	at    []int   // where the demonstration's own stand among them; nil: everywhere
	next  []int32 // the expert's next step, where steps are sampled
}

// request says which responses are wanted.
type request struct {
	stream stream
	starts []start
	first  int    // number of the first start among all that the batch has for this stream
	size   int    // responses to each
	greedy int    // the last ones of these are greedy
	batch  uint64 // its number, or another address
}

// respond samples responses to every start and gives them their rewards. It charges what that took.
func (r *responder) respond(policy *policy, q request, l *ledger) []*rollout.Sequence {
	if q.size == 0 {
		return nil
	}
	prompts, room := make([][]int32, len(q.starts)), make([]int, len(q.starts))
	for i, s := range q.starts {
		prompts[i], room[i] = slices.Concat(s.tokens, s.given), r.room(s)
	}
	responses := r.sampler.Sample(policy.network.WithTemp(r.sees), rollout.Request{
		Prompts: prompts, Group: q.size, Greedy: q.greedy, MaxResponse: r.task.MaxResponse,
		MaxTokens: room,
		Temp:      r.temp, World: r.world(q.starts), Seed: r.streams.seed,
		Purpose: string(q.stream),
		Name:    r.streams.name(), Index: q.batch, First: q.first,
	})
	sequences := make([]*rollout.Sequence, len(responses))
	for i, response := range responses {
		sequences[i] = q.starts[i/q.size].sequence(response, policy.updates)
		l.TokensGenerated += len(response.Logp)
		l.FLOPs += policy.network.Config.ForwardFLOPs(len(prompts[i/q.size]) + len(response.Tokens))
	}
	r.judge(q.starts, sequences, l)
	return sequences
}

// sequence makes a rollout of what was sampled after a start by a policy with so many updates.
func (s start) sequence(r rollout.Response, updates int) *rollout.Sequence {
	seq := &rollout.Sequence{
		Completion: objective.Completion{
			Source: objective.Rollout, Logp: r.Logp, OldLogp: slices.Clone(r.Logp),
			Entropy: r.Entropy,
		},
		Problem: s.Problem, Prompt: s.tokens, Response: r.Tokens, PolicyAt: r.PolicyAt,
		ScoredAt: updates,
	}
	if len(s.given) > 0 {
		prepend(seq, s.given, s.at)
	}
	return seq
}

// room returns the most tokens that a response from a start may have.
func (r *responder) room(s start) int {
	left := r.task.MaxResponse - len(s.given)
	if r.longest > 0 {
		return min(left, r.longest)
	}
	return left
}

// world is the world of the task for responses from these starts; nil for a task without one.
func (r *responder) world(starts []start) rollout.World {
	if r.task.World == nil {
		return nil
	}
	return func(i int, response []int32) []int32 {
		return r.task.Reply(starts[i].Problem, slices.Concat(starts[i].given, response))
	}
}

// judge gives responses their rewards, as many from one start as from the next.
func (r *responder) judge(starts []start, sequences []*rollout.Sequence, l *ledger) {
	if r.likeness {
		group := len(sequences) / len(starts)
		for i, s := range sequences {
			s.Reward = reward.Similarity(s.PolicyTokens()[s.HintLen:], starts[i/group].next)
		}
		return
	}
	calls := reward.Verify(r.verifier, sequences)
	if r.charged {
		l.VerifierCalls += calls
	}
	if r.rewards != nil {
		r.rewards.score(sequences, l)
	}
}

// labeller is a simulated person who labels rollouts.
type labeller struct {
	how       objective.Labelling
	annotator objective.Annotator
	streams   streams
}

// label labels the rollouts of the i-th prompt of a batch.
func (a labeller) label(group rollout.Group, batch uint64, i int, l *ledger) rollout.Group {
	r := a.streams.ofStage(labelStream, batch, uint64(i))
	labelled, labels := reward.Label(a.how, a.annotator, group, &r)
	l.Labels += labels
	return labelled
}
