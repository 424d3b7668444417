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
	task         task.Task
	streams      streams
	sampler      *rollout.Sampler
	temp         float64 // the temperature at which responses are sampled
	logpTemp     float64 // the temperature at which their log-probabilities are recorded
	maxTokens    int     // the most tokens of a response; 0 means as many as the task allows
	verifier     task.Task
	chargesCalls bool          // whether calls of the verifier are charged
	rewards      *rewardModels // if non-nil, their score replaces the verifier's reward
	bySimilarity bool          // whether the reward is the similarity to the expert's next step

	own    *reward.Own // if non-nil, the reward is this one instead of the verifier's
	judge  string      // who judges, see judgeKnob
	failed error       // the first error of own
}

func newResponder(p plan, v param.Values, t, verifier task.Task, s streams,
	sampler *rollout.Sampler, rewards *rewardModels) *responder {
	r := &responder{
		task: t, streams: s, sampler: sampler, temp: 1, logpTemp: knob.Temperature(v),
		verifier: verifier, chargesCalls: p.verifierCalls,
		rewards: rewards, bySimilarity: p.sampleSteps(),
	}
	if v.Has("temp") {
		r.temp = v.Float("temp")
	}
	if r.bySimilarity {
		r.maxTokens = p.Hint.Step
	}
	return r
}

// start is the point from which responses are sampled: the end of a prompt, or of a hint after it.
type start struct {
	prompt
	given    []int32 // the hint: the first tokens of the demonstration, with the world's replies
	ownAt    []int   // the places in given of the expert's own tokens; nil means all
	nextStep []int32 // the expert's step after the hint, if single steps are sampled
}

// samplingRequest says which responses to sample. Its stream, batch and first are the address of
// their random numbers.
type samplingRequest struct {
	stream stream
	starts []start
	first  int    // the number of starts[0] among all starts of the batch
	size   int    // responses to each start, greedy ones included
	greedy int    // how many of these are greedy; they come last
	batch  uint64 // the number of the batch, or another address
}

// respond samples responses to every start, gives them their rewards, and charges both.
func (r *responder) respond(policy *policy, q samplingRequest, l *ledger) []*rollout.Sequence {
	if q.size == 0 {
		return nil
	}
	prompts, room := make([][]int32, len(q.starts)), make([]int, len(q.starts))
	for i, s := range q.starts {
		prompts[i], room[i] = slices.Concat(s.tokens, s.given), r.room(s)
	}
	responses := r.sampler.Sample(policy.network.WithTemp(r.logpTemp), rollout.Request{
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
	r.rewarded(q, sequences, l)
	return sequences
}

// sequence returns the rollout of a response that was sampled by a policy after this many updates,
// or by a copy that is no longer, or never was, the policy if updates is -1.
func (s start) sequence(r rollout.Response, updates int) *rollout.Sequence {
	sampled := slices.Clone(r.Logp)
	seq := &rollout.Sequence{
		Completion: objective.Completion{
			Source: objective.Rollout, Logp: r.Logp, OldLogp: sampled, Entropy: r.Entropy,
		},
		SampledLogp: sampled,
		Problem:     s.Problem, Prompt: s.tokens, Response: r.Tokens, PolicyAt: r.PolicyAt,
		ScoredAt: updates,
	}
	if len(s.given) > 0 {
		prepend(seq, s.given, s.ownAt)
	}
	return seq
}

// room returns the most tokens that a response from a start may have.
func (r *responder) room(s start) int {
	left := r.task.MaxResponse - len(s.given)
	if r.maxTokens > 0 {
		return min(left, r.maxTokens)
	}
	return left
}

// world returns the world of the task for responses from these starts, or nil if it has none.
func (r *responder) world(starts []start) rollout.World {
	if r.task.World == nil {
		return nil
	}
	return func(i int, response []int32) []int32 {
		return r.task.Reply(starts[i].Problem, slices.Concat(starts[i].given, response))
	}
}

// rewarded sets the rewards of responses. There are q.size responses from each start.
func (r *responder) rewarded(q samplingRequest, sequences []*rollout.Sequence, l *ledger) {
	if r.bySimilarity {
		for i, s := range sequences {
			s.Reward = reward.Similarity(s.PolicyTokens()[s.HintLen:], q.starts[i/q.size].nextStep)
		}
		return
	}
	calls := reward.Verify(r.verifier, sequences)
	if r.chargesCalls {
		l.VerifierCalls += calls
	}
	switch {
	case r.rewards != nil:
		r.rewards.score(sequences, l)
	case r.judge != "":
		r.rule(q, sequences)
	case r.own != nil && r.failed == nil:
		r.failed = r.own.Judge(r.task, sequences)
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
