package train

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/optim"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
)

// slowly has a session make one update that is dissected, and returns the events until it stands
// still, with the report apart from the others.
func slowly(t *testing.T, s *Session, c protocol.Command) (report *protocol.Event,
	rest []protocol.Event) {
	t.Helper()
	c.Kind, c.Samples = protocol.Dissect, protocol.MaxLook
	if err := s.Do(c); err != nil {
		t.Fatal(err)
	}
	for !s.Idle() {
		for _, e := range advance(t, s, 1) {
			if e.Kind == protocol.Dissected {
				report = &e
			} else {
				rest = append(rest, e)
			}
		}
	}
	return report, rest
}

// A dissected update is an update of the run: the events, the weights and the costs are those of a
// lane that nobody asked, and the numbers of the report are those that the update computed.
func TestDissect(t *testing.T) {
	eachMethod(t, func(t *testing.T, m method.Method) {
		lane := laneOf(t, m)
		plain := session(t, lane, 1)
		want := run(t, plain)

		s, before := session(t, lane, 1), session(t, lane, 1)
		advanceBefore(t, before, 1)
		first, events := slowly(t, s, protocol.Command{Steps: 1})
		checkDissected(t, s, before.Weights(), first, events[len(events)-1])
		advanceBefore(t, before, 3)
		second, more := slowly(t, s, protocol.Command{Steps: 2})
		events = append(events, more...)
		checkDissected(t, s, before.Weights(), second, updates(more)[1])

		if err := s.Do(protocol.Command{Kind: protocol.Run}); err != nil {
			t.Fatal(err)
		}
		events = append(events, run(t, s)...)
		if !reflect.DeepEqual(events, want) || s.Digest() != plain.Digest() ||
			s.Cost() != plain.Cost() {
			t.Error("a lane whose updates are dissected goes another way")
		}
	})
}

// updates returns the events of updates.
func updates(events []protocol.Event) (all []protocol.Event) {
	for _, e := range events {
		if e.Kind == protocol.Updated {
			all = append(all, e)
		}
	}
	return all
}

// advanceBefore advances a session by so many updates, up to the unit of work that makes the last
// of them.
func advanceBefore(t *testing.T, s *Session, steps int) {
	t.Helper()
	for to := s.Updates() + steps - 1; s.Updates() < to || s.phase != updating; {
		advance(t, s, 1)
	}
}

// checkDissected compares a report with the update's event, with the coefficients that the update
// wrote, and with distributions computed anew from the weights before and after it.
func checkDissected(t *testing.T, s *Session, before *model.Params, report *protocol.Event,
	update protocol.Event) {
	t.Helper()
	if report == nil {
		t.Fatal("there is no report")
	}
	a, d := report.Anatomy, s.anatomy.last
	if report.Step != update.Step || report.Stage != update.Stage ||
		!reflect.DeepEqual(report.Metrics, update.Metrics) || report.Cost != update.Cost {
		t.Errorf("the report is of update %d with %v, the event of %d with %v", report.Step,
			report.Metrics, update.Step, update.Metrics)
	}
	if a.Group != a.Strongest || a.Group != d.strongest() || a.Groups != len(d.batch.groups) ||
		a.Epoch < 1 || a.Epoch > a.Epochs || len(a.Formula) == 0 || a.Gathers == "" ||
		a.Judges == "" || !(a.Scale > 0 && a.Scale <= 1) || a.Rate != 0.01 ||
		a.Optimiser != "adamw" ||
		math.Abs(a.Moved-distance(before.Data, s.Weights().Data)) > 1e-5*a.Moved {
		t.Errorf("the report says %+v", a)
	}
	group, coeffs := d.batch.groups[a.Group], d.batch.coeffs[a.Group]
	if len(report.Samples) != len(group) || a.Completions != len(group) {
		t.Fatalf("%d samples of %d, want %d", len(report.Samples), a.Completions, len(group))
	}
	then := distributionsUnder(d.stage.tempered(model.NewNetwork(before)), group)
	now := distributionsUnder(d.stage.tempered(model.NewNetwork(s.Weights())), group)
	for i, seq := range group {
		checkSample(t, report.Samples[i], seq, coeffs[i], then[i], now[i])
	}
	checkAnswers(t, a, before, s.Weights(), group)
}

// distributionsUnder computes distributions with a scorer of its own.
func distributionsUnder(n *model.Network, group rollout.Group) [][]float32 {
	all := make([][]float32, len(group))
	rollout.NewScorer(n.Config, 1).Each(n, group, func(i int, logp, _ []float32) {
		all[i] = append([]float32{}, logp...)
	})
	return all
}

func checkSample(t *testing.T, sample protocol.Sample, seq *rollout.Sequence, c objective.Coeff,
	then, now []float32) {
	t.Helper()
	vocab, own := len(then)/seq.PolicyLen(), seq.PolicyTokens()
	if len(sample.Places) != len(seq.Response) || sample.Source != seq.Source.String() {
		t.Fatalf("%q from %s has %d places, want %d", sample.Response, sample.Source,
			len(sample.Places), len(seq.Response))
	}
	for k, token := range own {
		at := seq.ResponseIndex(k)
		p, push := sample.Places[at], sample.Pushes[at]
		if old, new := float64(then[k*vocab+int(token)]),
			float64(now[k*vocab+int(token)]); sample.Logp[at] != old || p.After != new {
			t.Errorf("token %d of %q: log-probability %v then %v, want %v then %v", at,
				sample.Response, sample.Logp[at], p.After, old, new)
		}
		if p.Entropy != c.Entropy[k] || p.KL != c.ExactKL[k] || p.Critic != c.Value[k] ||
			c.Dense == nil && push.Coefficient != c.Logp[k] {
			t.Errorf("token %d of %q: %+v and %+v, the update wrote %v, %v, %v and %v", at,
				sample.Response, push, p, c.Logp[k], c.Entropy[k], c.ExactKL[k], c.Value[k])
		}
		found := 0
		for _, symbol := range p.Symbols {
			if !symbol.Own {
				continue
			}
			found++
			if math.Abs(symbol.Before-math.Exp(sample.Logp[at])) > 1e-6 ||
				math.Abs(symbol.After-math.Exp(p.After)) > 1e-6 {
				t.Errorf("token %d of %q: %+v, log-probabilities %v and %v", at, sample.Response,
					symbol, sample.Logp[at], p.After)
			}
			want := c.Logp[k] * (1 - symbol.Before) // ∂log π/∂z of the token itself
			if onlyLogp(c) && math.Abs(symbol.Push-want) > 1e-6*math.Abs(c.Logp[k])+1e-12 {
				t.Errorf("token %d of %q is pushed by %v, want %v", at, sample.Response,
					symbol.Push, want)
			}
		}
		if found != 1 {
			t.Errorf("token %d of %q is %d times among its symbols", at, sample.Response, found)
		}
	}
}

// onlyLogp reports whether the coefficients are on log-probabilities of tokens alone.
func onlyLogp(c objective.Coeff) bool {
	for k := range c.Logp {
		if c.Entropy[k] != 0 || c.ExactKL[k] != 0 {
			return false
		}
	}
	return c.Dense == nil
}

// checkAnswers compares the probabilities of the group's answers with products over their tokens.
func checkAnswers(t *testing.T, a *protocol.Anatomy, before, after *model.Params,
	group rollout.Group) {
	t.Helper()
	then := distributionsUnder(model.NewNetwork(before), group)
	now := distributionsUnder(model.NewNetwork(after), group)
	learned := 0
	for i, answer := range a.Answers {
		if i > 0 && max(answer.Before, answer.After) > max(a.Answers[i-1].Before,
			a.Answers[i-1].After) {
			t.Errorf("%+v stands after %+v", answer, a.Answers[i-1])
		}
		if !(answer.Before >= 0 && answer.Before <= 1 && answer.After >= 0 && answer.After <= 1) {
			t.Errorf("%+v", answer)
		}
		if answer.Learned {
			learned++
		}
	}
	if learned == 0 {
		t.Error("none of the group's answers is reported")
	}
	for i, seq := range group {
		if seq.Source == objective.Greedy {
			continue
		}
		p, q := probability(seq, then[i]), probability(seq, now[i])
		found := false
		for _, answer := range a.Answers {
			found = found || answer.Learned && answer.Before == p && answer.After == q
		}
		if !found {
			t.Errorf("completion %d has probability %v then %v, and the answers are %+v", i, p, q,
				a.Answers)
		}
	}
}

func probability(seq *rollout.Sequence, logp []float32) float64 {
	vocab, sum := len(logp)/seq.PolicyLen(), 0.0
	for k, token := range seq.PolicyTokens() {
		sum += float64(logp[k*vocab+int(token)])
	}
	return num.Exp(sum)
}

// The reports on all prompts of a batch together have what the event of the update sums up: the
// mean loss of imitation, and the mean reward of what was sampled.
func TestDissectAllPrompts(t *testing.T) {
	for name, of := range map[string]func(s protocol.Sample) (sum, n float64){
		"train/loss_nats": func(s protocol.Sample) (sum, n float64) {
			for _, logp := range s.Logp {
				sum -= logp
			}
			return sum, float64(len(s.Logp))
		},
		"train/reward_mean": func(s protocol.Sample) (float64, float64) { return s.Reward, 1 },
	} {
		lane := "sft"
		if name == "train/reward_mean" {
			lane = "grpo"
		}
		s := session(t, testLane(t, []string{lane, "steps=5", "batch=8", "lr=0.01"}), 1)
		first, _ := slowly(t, s, protocol.Command{Steps: 1})
		sum, n := 0.0, 0.0
		for g := range first.Anatomy.Groups {
			report, rest := slowly(t, s, protocol.Command{Prompt: g})
			if report == nil || report.Anatomy.Group != g || len(rest) > 0 ||
				report.Step != first.Step {
				t.Fatalf("prompt %d: %+v and %v", g, report, rest)
			}
			if g == first.Anatomy.Strongest && !reflect.DeepEqual(report, first) {
				t.Errorf("the strongest prompt is reported as %+v, then as %+v", first, report)
			}
			for _, sample := range report.Samples {
				more, count := of(sample)
				sum, n = sum+more, n+count
			}
		}
		want := math.NaN()
		for _, m := range first.Metrics {
			if m.Name == name {
				want = m.Value
			}
		}
		if math.Abs(sum/n-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, sum/n, want)
		}
		if last, _ := slowly(t, s, protocol.Command{Prompt: 1000}); last.Anatomy.Group !=
			first.Anatomy.Groups-1 {
			t.Errorf("prompt 1000 is %d", last.Anatomy.Group)
		}
	}
}

// The report names the optimiser that made the step, and how far that was. Lion moves every weight
// with a gradient by the learning rate.
func TestDissectSaysWhoMadeTheStep(t *testing.T) {
	for _, name := range optim.Names() {
		lane := testLane(t, []string{"sft", "steps=2", "batch=8", "lr=0.01", "optimiser=" + name})
		s := session(t, lane, 1)
		report, _ := slowly(t, s, protocol.Command{Steps: 1})
		a, moved := report.Anatomy, 0
		for i, w := range s.Weights().Data {
			if w != lane.Base.Data[i] {
				moved++
			}
		}
		if a.Optimiser != name || !(a.Moved > 0) {
			t.Errorf("%s: the report says %s and %v", name, a.Optimiser, a.Moved)
		}
		want := 0.01 * math.Sqrt(float64(moved))
		// The weights are rounded to float32.
		if name == optim.NameLion && math.Abs(a.Moved-want) > 1e-4*want {
			t.Errorf("%s moved %d weights by %v, want %v", name, moved, a.Moved, want)
		}
	}
}

// Once another update has been made, there is no report on the one before; and a request without
// an update to report on does nothing.
func TestDissectIsOver(t *testing.T) {
	s := session(t, testLane(t, []string{"sft", "steps=5", "batch=8"}), 1)
	if err := s.Do(protocol.Command{Kind: protocol.Pause}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for !s.Idle() {
			advance(t, s, 1)
		}
		if report, rest := slowly(t, s, protocol.Command{Prompt: 1}); report != nil || rest != nil {
			t.Errorf("reported %+v and %v", report, rest)
		}
		if report, _ := slowly(t, s, protocol.Command{Steps: 1}); report == nil {
			t.Error("no report")
		}
		if err := s.Do(protocol.Command{Kind: protocol.Step, Steps: 1}); err != nil {
			t.Fatal(err)
		}
	}
	for want, c := range map[string]protocol.Command{
		"prompt is -1, want at least 0": {Prompt: -1, Samples: 1},
		"steps is -1, want at least 0":  {Steps: -1, Samples: 1},
		"samples is 0, want 1 to 256":   {Steps: 1},
	} {
		c.Kind = protocol.Dissect
		if err := s.Do(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
	}
}

// Who judges is said for every way of judging.
func TestDissectSaysWhoJudges(t *testing.T) {
	for want, lane := range map[string]Lane{
		"The task's verifier gives":    testLane(t, []string{"grpo"}),
		"every demonstration is taken": testLane(t, []string{"sft"}),
		"reads no rewards":             testLane(t, []string{"opd"}),
		"compares the answers two by":  testLane(t, []string{"dpo"}),
		"calls each answer good":       testLane(t, []string{"kto"}),
		"A reward model scores":        testLane(t, []string{"rlhf"}),
		"comes from: likeness":         testLane(t, []string{"srl"}),
		"comes from: leaky verifier":   refusalLane(t, "true"),
	} {
		if got := session(t, lane, 1).stage.judges(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", lane.Stages[0].Method.Name, got, want)
		}
	}
}
