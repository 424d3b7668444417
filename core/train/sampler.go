package train

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// roundingRule is a choice of the knob rounding.
type roundingRule struct {
	name  string
	round func(*model.Params) // nil means that nothing is rounded
}

var roundingRules = []roundingRule{
	{"none", nil},
	{"bfloat16", (*model.Params).RoundBF16},
	{"int8", (*model.Params).RoundInt8},
}

func (r roundingRule) called() string { return r.name }

// samplerKnobs returns the knobs of what samples instead of the policy, and of what is done about
// it. A method has them if it samples anew for every batch and learns from the answers one by one.
func samplerKnobs(m method.Method) []param.Knob {
	c := m.Collect(m.Defaults())
	if c.Group == 0 || c.Buffer != nil || c.Label != objective.Unlabelled {
		return nil
	}
	return append([]param.Knob{roundingKnob, lagKnob}, correctionKnobs...)
}

var roundingKnob = param.Choice("rounding", roundingRules[0].name, ruleNames(roundingRules),
	"How the weights of the copy that samples are rounded, as where another program with coarser "+
		"numbers samples than the one that trains. The policy learns in float32. none: not at "+
		"all. bfloat16: to the nearest number with 8 bits of precision. int8: each row of a "+
		"matrix to 255 levels, from minus its largest weight to plus that.").
	Called("rounding of the sampler")

var lagKnob = param.Integer("lag", "updates", 0, 0, 8,
	"How many updates old the policy is that samples the answers of a batch, as where sampling "+
		"and training go on at the same time (asynchronous RL). Before so many updates it is "+
		"the policy of the stage's start.").
	Called("age of the sampler")

// sampler is the copy of the policy that samples in its place: it may be as old as lag, and
// rounded. nil means that the policy itself samples.
type sampler struct {
	round   func(*model.Params) // nil means that nothing is rounded
	lag     int
	threads int

	// The policy before each of the newest updates, the oldest first; at most lag of them. The
	// first one samples the next batch.
	earlier []*model.Params

	copied  policy // the newest copy that sampled; its network is nil before the first batch
	madeFor int    // the number of updates of the stage before that batch
}

// newSampler returns the sampler of a stage before its first batch, or nil if the policy samples.
func newSampler(p plan, v param.Values, threads int) *sampler {
	if !v.Has(lagKnob.Name) || p.Group == 0 {
		return nil
	}
	s := &sampler{lag: v.Int(lagKnob.Name), threads: threads}
	for _, r := range roundingRules {
		if r.name == v.Choice(roundingKnob.Name) {
			s.round = r.round
		}
	}
	if s.round == nil && s.lag == 0 {
		return nil
	}
	return s
}

// policy returns what samples the batch after this many updates of the stage, which is now if s is
// nil. A copy is marked as another policy than now, which therefore scores the samples itself.
func (s *sampler) policy(now *policy, step int) *policy {
	if s == nil {
		return now
	}
	if s.copied.network != nil && s.madeFor == step {
		return &s.copied
	}
	from := now.Params
	if len(s.earlier) > 0 {
		from = s.earlier[0]
	}
	if s.copied.network == nil {
		s.copied = policy{Params: model.NewParams(now.Config), updates: -1}
		s.copied.network = model.NewNetwork(s.copied.Params)
		s.copied.network.Use(now.Config.Team(s.threads))
	}
	copy(s.copied.Data, from.Data)
	if s.round != nil {
		s.round(s.copied.Params)
	}
	s.copied.network.Refresh()
	s.madeFor = step
	return &s.copied
}

// note keeps a copy of the policy before an update, if it is to sample later.
func (s *sampler) note(now *model.Params) {
	if s == nil || s.lag == 0 {
		return
	}
	if len(s.earlier) < s.lag {
		s.earlier = append(s.earlier, now.Clone())
		return
	}
	oldest := s.earlier[0]
	copy(s.earlier, s.earlier[1:])
	copy(oldest.Data, now.Data)
	s.earlier[s.lag-1] = oldest
}

// pack returns copies of the earlier policies, or nil if there are none.
func (s *sampler) pack() (all []Floats) {
	if s == nil {
		return nil
	}
	for _, p := range s.earlier {
		all = append(all, PackFloats(p.Data))
	}
	return all
}

// restore copies the earlier policies of a State.
func (s *sampler) restore(state *State) error {
	if s == nil {
		if len(state.Earlier) > 0 {
			return errors.New("earlier is there, and the stage's policy samples itself")
		}
		return nil
	}
	if want := min(s.lag, state.StageStep); len(state.Earlier) != want {
		return fmt.Errorf("earlier has %d policies, want %d", len(state.Earlier), want)
	}
	for i, from := range state.Earlier {
		params := model.NewParams(state.Config)
		if err := from.Unpack(params.Data); err != nil {
			return fmt.Errorf("earlier[%d] %w", i, err)
		}
		s.earlier = append(s.earlier, params)
	}
	return nil
}
