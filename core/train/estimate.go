package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// ResourceEstimate is what a method takes at its settings: data, memory and arithmetic. It predicts
// what the ledger of a run will count. If the method may leave something out of a batch, such as
// prompts whose answers all earn the same, the estimate is an upper bound.
type ResourceEstimate struct {
	Prompts   int       // training prompts in a batch
	PerPrompt Gathering // what is gathered for each prompt
	Prior     int       // demonstrations of the prior skill in a batch

	// Buffered means that PerPrompt is gathered for all training prompts at once: before the first
	// update, and again after every Every updates if that is not 0. With Restarts the policy each
	// time goes back to a copy of the stage's start.
	Buffered bool
	Every    int
	Restarts bool

	Replayed int  // the most answers of earlier batches that a batch has
	Waiting  bool // a batch may instead have demonstrations for prompts of earlier batches

	Sequences int      // sequences of a batch, each trained on at every update
	LeavesOut bool     // a batch may have fewer sequences
	Updates   int      // updates with a batch
	Frozen    []string // the models besides the policy that score each sequence of a batch
	Critic    bool     // a critic is trained beside the policy
	Sampler   bool     // another copy than the policy samples
	Earlier   int      // policies of earlier updates that are kept, so that they sample later

	RewardModels RewardModels // made before the first update; the zero value means none

	Demonstrated int  // how many of the training prompts have a demonstration; 0 means all
	Compared     bool // they are chosen by scoring the demonstrations of all prompts once

	// The most demonstrations of the prior skill on which the importance of weights is measured
	// before the first update.
	Consolidated int

	Rank int // rank of the adapters that are trained; 0 means that all weights are trained
	// The name of the optimiser; "" means AdamW. Critics and reward models have AdamW.
	Optimiser string
}

// Gathering is what is gathered for one prompt.
type Gathering struct {
	Demonstrations int
	// The most demonstrations that are added if responses are not good enough or begin with a hint.
	MoreDemonstrations int

	Sampled int // responses
	Checked int // responses that the verifier judges
	// The most responses that are sampled and judged in addition if all of Sampled fail.
	Retried int
	Labels  int // preference labels
}

// RewardModels is what an ensemble of reward models takes.
type RewardModels struct {
	Pairs   int // pairs of responses that are sampled and labelled
	Models  int // members, each of which scores every response that is sampled for a batch
	Updates int // updates of each member
}

// Estimate returns what a method takes at these settings, which are those of [MethodKnobs].
func Estimate(m method.Method, v param.Values) ResourceEstimate {
	p, needs := newPlan(m.Collect(v), v), m.Build(v).Needs()
	e := ResourceEstimate{
		Prompts: p.prompts, PerPrompt: p.gathering(), Prior: p.rehearsals,
		Waiting: p.Backlog != nil,
		Updates: p.Epochs, Critic: needs.Has(objective.Value), Rank: v.Int("rank"),
		Demonstrated: p.demonstrated, Compared: p.compares, Consolidated: p.consolidated,
		LeavesOut: p.leavesOut(), Optimiser: v.Choice("optimiser"),
	}
	if sampler := newSampler(p, v, 1); sampler != nil {
		e.Sampler, e.Earlier = true, sampler.lag
	}
	if p.Pool != nil {
		e.Replayed = int(math.Round(p.Pool.Share * float64(p.prompts)))
	}
	if b := p.Buffer; b != nil {
		e.Buffered, e.Every, e.Restarts = true, b.Every, b.Restart
	}
	if r := p.RewardModel; r != nil {
		e.RewardModels = RewardModels{Pairs: r.Pairs, Models: r.Members, Updates: r.Steps}
	}
	e.Sequences = p.prompts*p.sequences() + p.rehearsals + e.Replayed
	if needs&(objective.RefLogp|objective.RefDist) != 0 {
		e.Frozen = append(e.Frozen, "reference model")
	}
	if needs&(objective.TeacherLogp|objective.TeacherDist) != 0 {
		e.Frozen = append(e.Frozen, "teacher")
	}
	return e
}

// gathering returns what the plan gathers for a prompt.
func (p plan) gathering() Gathering {
	g := Gathering{Demonstrations: p.Demos, Sampled: p.Group + p.Greedy}
	if p.Hint != nil || p.Backlog != nil || p.Buffer != nil && p.Buffer.Demonstrate {
		g.MoreDemonstrations = 1
	}
	if p.Hint != nil && p.Hint.Branch != nil {
		g.Retried = p.Hint.Branch.Trials() * p.Group
	}
	if p.verifierCalls {
		g.Checked = g.Sampled
	}
	switch p.Label {
	case objective.InPairs:
		g.Labels = p.Group / 2
	case objective.OneByOne:
		g.Labels = p.Group
	case objective.AgainstDemo:
		g.Demonstrations = 1
	}
	return g
}

// sequences returns the most sequences of a prompt that are learned from in a batch.
func (p plan) sequences() int {
	switch {
	case p.Label == objective.InPairs:
		return p.Group / 2 * 2
	case p.Label == objective.AgainstDemo:
		return 2 * p.Group
	case p.Label == objective.OneByOne:
		return p.Demos + p.learned
	case p.Best:
		return 1
	case p.Buffer != nil: // each in a group of its own
		return min(1, p.Group)
	}
	return p.Demos + p.learned
}

// leavesOut reports whether a batch may have fewer sequences than p.sequences says.
func (p plan) leavesOut() bool {
	return p.Keep != nil || p.Pool != nil || p.Backlog != nil || p.Label == objective.InPairs ||
		p.Group > 0 && p.demonstrated > 0
}

// AgainstSFT returns the mean arithmetic of an update, as a multiple of an update by supervised
// fine-tuning of all weights on the same prompts. It assumes that all responses have the same
// length, and does not count what precedes the first update. tokens is the length of a prompt with
// its response; it and the shape of the model only matter with adapters.
func (e ResourceEstimate) AgainstSFT(c model.Config, tokens int) float64 {
	return e.update(c, tokens) / (float64(e.Prompts) * c.TrainingFLOPs(tokens, 0))
}

// update returns the FLOPs of an update.
func (e ResourceEstimate) update(c model.Config, tokens int) float64 {
	forward := e.Sequences * len(e.Frozen) // sequences of a batch
	if !e.Buffered {
		forward += e.Prompts * (e.PerPrompt.Sampled + e.PerPrompt.Retried)
	}
	flops := float64(float64(forward)*c.ForwardFLOPs(tokens))/float64(e.Updates) +
		float64(float64(e.Sequences)*c.TrainingFLOPs(tokens, e.Rank))
	judging := float64(e.Prompts * e.PerPrompt.Sampled * e.RewardModels.Models)
	flops += float64(judging*c.Scalar().ForwardFLOPs(tokens)) / float64(e.Updates)
	if e.Critic {
		flops += float64(float64(
			e.Sequences) * (c.Scalar().ForwardFLOPs(tokens)/float64(e.Updates) +
			c.Scalar().TrainingFLOPs(tokens, 0)))
	}
	return flops + stepFLOPs(e.Optimiser, c, e.Rank)
}

// stepFLOPs returns the arithmetic of the matrix products in a step of an optimiser.
func stepFLOPs(optimiser string, c model.Config, rank int) float64 {
	if optimiser != optim.NameMuon {
		return 0
	}
	return optim.MuonFLOPs(hiddenMatrices(c, rank))
}

// Copies returns the names of everything in memory that is as large as the model or as the
// adapters. Activations are not counted, and neither are the second moments that Muon has of the
// weights that are no matrices of a layer.
func (e ResourceEstimate) Copies() (ofModel, ofAdapters []string) {
	trained := []string{"gradient", "first moment"}
	if e.Optimiser == "" || e.Optimiser == optim.NameAdamW {
		trained = append(trained, "second moment")
	}
	ofModel = []string{"policy"}
	if e.Rank > 0 {
		ofAdapters = append([]string{"adapters"}, trained...)
	} else {
		ofModel = append(ofModel, trained...)
	}
	ofModel = append(ofModel, e.Frozen...)
	if e.Sampler {
		ofModel = append(ofModel, "copy that samples")
	}
	for range e.Earlier {
		ofModel = append(ofModel, "policy of an earlier update")
	}
	if e.Restarts {
		ofModel = append(ofModel, "start of the stage")
	}
	if e.Consolidated > 0 {
		ofModel = append(ofModel, "importance of every weight")
	}
	if e.Critic {
		ofModel = append(ofModel, "critic", "its gradient", "its first moment", "its second moment")
	}
	for range e.RewardModels.Models {
		ofModel = append(ofModel, "reward model")
	}
	return ofModel, ofAdapters
}

// Bytes returns the memory of the copies in bytes, for a model of this shape in float32, and of the
// second moments that are no copy.
func (e ResourceEstimate) Bytes(c model.Config) float64 {
	ofModel, ofAdapters := e.Copies()
	scalar := e.RewardModels.Models // copies of a model with one output instead of V
	if e.Critic {
		scalar += 4
	}
	more := 0
	if e.Optimiser == optim.NameMuon && e.Rank == 0 {
		more = c.Weights()
		for _, m := range hiddenMatrices(c, 0) {
			more -= m.Rows * m.Cols
		}
	}
	return float64(4 * ((len(ofModel)-scalar)*c.Weights() + scalar*c.Scalar().Weights() +
		len(ofAdapters)*c.AdapterWeights(e.Rank) + more))
}

// Data returns a sentence about the data that is gathered.
func (e ResourceEstimate) Data() string {
	var each []string
	count := func(n int, one, many string) {
		switch {
		case n == 1:
			each = append(each, one)
		case n > 1:
			each = append(each, fmt.Sprintf(many, n))
		}
	}
	count(e.PerPrompt.Demonstrations, "a demonstration", "%d demonstrations")
	count(e.PerPrompt.Sampled, "a sampled answer", "%d sampled answers")
	count(e.PerPrompt.Checked, "a verifier call", "%d verifier calls")
	count(e.PerPrompt.Labels, "a preference label", "%d preference labels")
	count(e.PerPrompt.MoreDemonstrations, "at most one demonstration", "at most %d demonstrations")
	when := fmt.Sprintf("For each of the %d prompts of a batch", e.Prompts)
	switch {
	case e.Every > 0:
		when = fmt.Sprintf("Before the first update and again after every %d, for every "+
			"training prompt", e.Every)
	case e.Buffered:
		when = "Once, before the first update, for every training prompt"
	}
	text := when + ": " + prose.List(each)
	if n := e.PerPrompt.Retried; n > 0 {
		text += fmt.Sprintf("; where all answers fail, at most %d more, each with a verifier call",
			n)
	}
	if e.Prior > 0 {
		text += fmt.Sprintf("; and for every batch %d demonstrations of the prior skill", e.Prior)
	}
	if e.Replayed > 0 {
		text += fmt.Sprintf("; and up to %d answers from earlier batches", e.Replayed)
	}
	if e.Waiting {
		text += ". A batch may be demonstrations of earlier prompts instead"
	}
	if e.Demonstrated > 0 {
		text += fmt.Sprintf("; %d of the training prompts have a demonstration", e.Demonstrated)
	}
	if e.Compared {
		text += ", chosen from those of all, which are written and scored once"
	}
	if e.Updates > 1 {
		text += fmt.Sprintf(". A batch serves %d updates", e.Updates)
	}
	if e.Consolidated > 0 {
		text += fmt.Sprintf(". Before the first update: %d demonstrations of the prior skill, "+
			"for the importance of weights", e.Consolidated)
	}
	if n := e.RewardModels.Pairs; n > 0 {
		text += fmt.Sprintf(". Before the first update: %d sampled answers and %d preference "+
			"labels, for the reward model", 2*n, n)
	}
	return text + "."
}

// Memory returns a sentence about the copies of the model in memory.
func (e ResourceEstimate) Memory() string {
	ofModel, ofAdapters := e.Copies()
	text := fmt.Sprintf("%d times the weights (%s)", len(ofModel), prose.List(ofModel))
	if len(ofModel) == 1 {
		text = "The weights once (the policy)"
	}
	if ofAdapters != nil {
		text += fmt.Sprintf(", and %d times the adapters of rank %d (%s)", len(ofAdapters), e.Rank,
			prose.List(ofAdapters))
	}
	return text + "."
}

// Arithmetic returns a sentence about the arithmetic of an update, see
// [ResourceEstimate.AgainstSFT].
func (e ResourceEstimate) Arithmetic(c model.Config, tokens int) string {
	most, before := "", ""
	if e.LeavesOut || e.PerPrompt.Retried > 0 {
		most = "at most "
	}
	switch {
	case e.Every > 0:
		before = ", sampling before the first one and after every so many left out"
	case e.Buffered:
		before = ", sampling before the first one left out"
	case e.RewardModels.Models > 0:
		before = fmt.Sprintf(", the %d of the reward model before the first one left out",
			e.RewardModels.Models*e.RewardModels.Updates)
	}
	return fmt.Sprintf("An update takes %s%.3g times the arithmetic of supervised fine-tuning on "+
		"the same prompts, if sampled answers are as long as demonstrations%s.",
		most, e.AgainstSFT(c, tokens), before)
}
