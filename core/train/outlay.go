package train

import (
	"fmt"
	"math"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
)

// Outlay is what a method takes at its settings: data, memory and arithmetic. It follows from what the method collects
// and reads, so it is known before anything is run, and it is what the ledger of the run will count. Where a method leaves
// something out of a batch, such as prompts on which all answers are alike, it is the most that can be.
type Outlay struct {
	Prompts   int       // of a batch, those that are practised
	Prompt    Gathering // for each of them
	Replay    int       // demonstrations of the prior skill in a batch
	Buffered  bool      // Prompt is gathered for every training prompt, before the first update, and not for every batch
	Every     int       // with Buffered: and again whenever so many updates were made; 0: never again
	Replayed  int       // answers from before that are learned from again in a batch, at most
	Backlog   bool      // a batch may be demonstrations of prompts that Prompt was gathered for before, and nothing else
	Restarts  bool      // and then the policy starts again as well, from a copy that is kept
	Scored    int       // sequences of a batch, each scored by every one of Frozen and trained on at every update
	Updates   int       // made with a batch
	Frozen    []string  // the models besides the policy that score a batch
	Critic    bool      // a critic is trained beside the policy
	Judged    Judged    // before the first update
	Shown     int       // of the training prompts have a demonstration; 0: all
	Compared  bool      // all demonstrations are written, and scored once to choose those
	Held      int       // demonstrations of the prior skill, at most, on which the importance of weights is measured before the first update
	LeavesOut bool      // of Scored, some may be missing
	Rank      int       // of the adapters that are trained in place of the weights; 0 trains the weights
}

// Gathering is what is gathered for one prompt.
type Gathering struct {
	Demonstrations int
	Instead        int // demonstrations, if its responses leave something to be wished for, or a hint is wanted
	Sampled        int // responses
	Checked        int // responses, by the verifier
	Retried        int // further responses, each of them checked, at most, where all that were sampled fail
	Labels         int
}

// Judged is what a reward of learned models takes; zero without.
type Judged struct {
	Pairs   int // of responses that are sampled, and labels for them
	Models  int // that each score every response sampled for a batch
	Updates int // of each
}

// OutlayOf says what a method takes at these settings, for the knobs of [MethodKnobs].
func OutlayOf(m method.Method, v param.Values) Outlay {
	c, needs := m.Collect(v), m.Build(v).Needs()
	sampled := c.Group + c.Greedy
	o := Outlay{
		Rank: v.Int("rank"), Prompts: v.Int("batch") - rehearsed(v), Replay: c.Replay + rehearsed(v), Updates: c.Epochs, Critic: needs.Has(objective.Value),
		Prompt: Gathering{Demonstrations: c.Demos, Sampled: sampled},
		Shown:  demonstratedOf(v), Compared: compares(v), Held: consolidatedOf(v, consolidated),
		LeavesOut: c.Keep != nil || c.Pool != nil || c.Backlog != nil || c.Label == objective.InPairs || c.Group > 0 && demonstratedOf(v) > 0,
	}
	if p := c.Pool; p != nil {
		o.Replayed = int(math.Round(p.Share * float64(o.Prompts)))
	}
	if c.Hint != nil {
		o.Prompt.Instead = 1
	}
	if c.Backlog != nil {
		o.Backlog, o.Prompt.Instead = true, 1
	}
	if b := c.Buffer; b != nil {
		o.Buffered, o.Every, o.Restarts = true, b.Every, b.Restart
		if b.Demonstrate {
			o.Prompt.Instead = 1
		}
	}
	scored := c.Demos + learnedOf(v, c.Group)
	switch {
	case c.Label == objective.InPairs:
		o.Prompt.Labels = c.Group / 2
		scored = 2 * o.Prompt.Labels
	case c.Label == objective.OneByOne:
		o.Prompt.Labels = c.Group
	case c.Best:
		scored = 1
	case c.Buffer != nil: // each in a group of its own
		scored = min(1, c.Group)
	}
	if h := c.Hint; h != nil && h.Branch != nil {
		o.Prompt.Retried = h.Branch.Trials() * c.Group
	}
	if judged(c, v) && c.Label == objective.Unlabelled && c.RewardModel == nil && (c.Hint == nil || c.Hint.Step == 0) {
		o.Prompt.Checked = sampled
	}
	if r := c.RewardModel; r != nil {
		o.Judged = Judged{Pairs: r.Pairs, Models: r.Members, Updates: r.Steps}
	}
	o.Scored = o.Prompts*scored + o.Replay + o.Replayed
	if needs&(objective.RefLogp|objective.RefDist) != 0 {
		o.Frozen = append(o.Frozen, "reference model")
	}
	if needs&(objective.TeacherLogp|objective.TeacherDist) != 0 {
		o.Frozen = append(o.Frozen, "teacher")
	}
	return o
}

// AgainstSFT is the arithmetic of an update, on average and what precedes the first one left out, as a multiple of that of
// supervised fine-tuning of all weights on the same prompts, where sampled responses are as long as demonstrations. The
// model and the tokens of a prompt with its response matter to adapters only.
func (o Outlay) AgainstSFT(c model.Config, tokens int) float64 {
	return o.update(c, tokens) / (float64(o.Prompts) * c.TrainingFLOPs(tokens, 0))
}

// Fillings is how often so many updates gather for all training prompts; 0 where they gather for every batch.
func (o Outlay) Fillings(updates int) int {
	switch {
	case !o.Buffered:
		return 0
	case o.Every == 0:
		return 1
	default:
		return (updates + o.Every - 1) / o.Every
	}
}

// FLOPs is the arithmetic of a stage of so many updates on a model, where every prompt with its response has this many
// tokens and there are so many training prompts: what the ledger counts.
func (o Outlay) FLOPs(c model.Config, tokens, prompts, updates int) float64 {
	flops := float64(float64(updates) * o.update(c, tokens))
	flops += float64(float64(o.Fillings(updates)*prompts*o.Prompt.Sampled) * c.ForwardFLOPs(tokens))
	flops += float64(float64(min(o.Held, prompts)) * c.TrainingFLOPs(tokens, 0))
	if o.Compared && o.Shown < prompts {
		flops += float64(float64(prompts) * c.ForwardFLOPs(tokens))
	}
	flops += float64(float64(2*o.Judged.Pairs) * c.ForwardFLOPs(tokens))
	flops += float64(float64(o.Judged.Models*o.Judged.Updates*2*rewardBatch) * c.Scalar().TrainingFLOPs(tokens, 0))
	return flops
}

// update is the FLOPs of an update.
func (o Outlay) update(c model.Config, tokens int) float64 {
	forward := o.Scored * len(o.Frozen) // sequences of a batch
	if !o.Buffered {
		forward += o.Prompts * (o.Prompt.Sampled + o.Prompt.Retried)
	}
	flops := float64(float64(forward)*c.ForwardFLOPs(tokens))/float64(o.Updates) + float64(float64(o.Scored)*c.TrainingFLOPs(tokens, o.Rank))
	judging := float64(o.Prompts * o.Prompt.Sampled * o.Judged.Models)
	flops += float64(judging*c.Scalar().ForwardFLOPs(tokens)) / float64(o.Updates)
	if o.Critic {
		flops += float64(float64(o.Scored) * (c.Scalar().ForwardFLOPs(tokens)/float64(o.Updates) + c.Scalar().TrainingFLOPs(tokens, 0)))
	}
	return flops
}

// Copies lists what has the size of the model in memory, activations apart, and what has that of the adapters.
func (o Outlay) Copies() (ofModel, ofAdapters []string) {
	trained := []string{"gradient", "first moment", "second moment"}
	ofModel = []string{"policy"}
	if o.Rank > 0 {
		ofAdapters = append([]string{"adapters"}, trained...)
	} else {
		ofModel = append(ofModel, trained...)
	}
	ofModel = append(ofModel, o.Frozen...)
	if o.Restarts {
		ofModel = append(ofModel, "start of the stage")
	}
	if o.Held > 0 {
		ofModel = append(ofModel, "importance of every weight")
	}
	if o.Critic {
		ofModel = append(ofModel, "critic", "its gradient", "its first moment", "its second moment")
	}
	for range o.Judged.Models {
		ofModel = append(ofModel, "reward model")
	}
	return ofModel, ofAdapters
}

// Bytes is the memory of these copies for a model, in float32.
func (o Outlay) Bytes(c model.Config) float64 {
	ofModel, ofAdapters := o.Copies()
	scalar := o.Judged.Models // of one output in the place of V
	if o.Critic {
		scalar += 4
	}
	return float64(4 * ((len(ofModel)-scalar)*c.Weights() + scalar*c.Scalar().Weights() + len(ofAdapters)*c.AdapterWeights(o.Rank)))
}

// Data says what is gathered, in words.
func (o Outlay) Data() string {
	var each []string
	count := func(n int, one, many string) {
		switch {
		case n == 1:
			each = append(each, one)
		case n > 1:
			each = append(each, fmt.Sprintf(many, n))
		}
	}
	count(o.Prompt.Demonstrations, "a demonstration", "%d demonstrations")
	count(o.Prompt.Sampled, "a sampled answer", "%d sampled answers")
	count(o.Prompt.Checked, "a verifier call", "%d verifier calls")
	count(o.Prompt.Labels, "a preference label", "%d preference labels")
	count(o.Prompt.Instead, "at most one demonstration", "at most %d demonstrations")
	when := fmt.Sprintf("For each of the %d prompts of a batch", o.Prompts)
	switch {
	case o.Every > 0:
		when = fmt.Sprintf("Before the first update and again after every %d, for every training prompt", o.Every)
	case o.Buffered:
		when = "Once, before the first update, for every training prompt"
	}
	text := when + ": " + prose.List(each)
	if n := o.Prompt.Retried; n > 0 {
		text += fmt.Sprintf("; where all answers fail, at most %d more, each with a verifier call", n)
	}
	if o.Replay > 0 {
		text += fmt.Sprintf("; and for every batch %d demonstrations of the prior skill", o.Replay)
	}
	if o.Replayed > 0 {
		text += fmt.Sprintf("; and up to %d answers from earlier batches", o.Replayed)
	}
	if o.Backlog {
		text += ". A batch may be demonstrations of earlier prompts instead"
	}
	if o.Shown > 0 {
		text += fmt.Sprintf("; %d of the training prompts have a demonstration", o.Shown)
	}
	if o.Compared {
		text += ", chosen from those of all, which are written and scored once"
	}
	if o.Updates > 1 {
		text += fmt.Sprintf(". A batch serves %d updates", o.Updates)
	}
	if o.Held > 0 {
		text += fmt.Sprintf(". Before the first update: %d demonstrations of the prior skill, for the importance of weights", o.Held)
	}
	if n := o.Judged.Pairs; n > 0 {
		text += fmt.Sprintf(". Before the first update: %d sampled answers and %d preference labels, for the reward model", 2*n, n)
	}
	return text + "."
}

// Memory says what is kept of the model's size, in words.
func (o Outlay) Memory() string {
	ofModel, ofAdapters := o.Copies()
	text := fmt.Sprintf("%d times the weights (%s)", len(ofModel), prose.List(ofModel))
	if len(ofModel) == 1 {
		text = "The weights once (the policy)"
	}
	if ofAdapters != nil {
		text += fmt.Sprintf(", and %d times the adapters of rank %d (%s)", len(ofAdapters), o.Rank, prose.List(ofAdapters))
	}
	return text + "."
}

// Arithmetic says what an update takes, in words; see [Outlay.AgainstSFT].
func (o Outlay) Arithmetic(c model.Config, tokens int) string {
	most, before := "", ""
	if o.LeavesOut || o.Prompt.Retried > 0 {
		most = "at most "
	}
	switch {
	case o.Every > 0:
		before = ", sampling before the first one and after every so many left out"
	case o.Buffered:
		before = ", sampling before the first one left out"
	case o.Judged.Models > 0:
		before = fmt.Sprintf(", the %d of the reward model before the first one left out", o.Judged.Models*o.Judged.Updates)
	}
	return fmt.Sprintf("An update takes %s%.3g times the arithmetic of supervised fine-tuning on the same prompts, if sampled answers are as long as demonstrations%s.",
		most, o.AgainstSFT(c, tokens), before)
}
