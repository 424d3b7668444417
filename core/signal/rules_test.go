package signal

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/task"
)

// curve has the values of a metric at the updates 0, 20, 40, ..., of its last points if it has
// fewer than the others.
type curve []float64

// stages that the rules are tested in
var (
	reward  = objective.Collect{Group: 8}
	imitate = objective.Collect{Demos: 1}
	pairs   = objective.Collect{Group: 8, Label: objective.InPairs}
	twice   = objective.Collect{Group: 8, Epochs: 2}
	liking  = objective.Collect{Group: 8, Label: objective.InPairs,
		Annotator: objective.Annotator{LengthBias: 0.3}}
	model = objective.Collect{Group: 8, RewardModel: &objective.RewardModel{}}
)

// play returns the names of what is found in a lane that reports these curves.
func play(t *testing.T, collect objective.Collect, graded bool, steps int,
	curves map[string]curve) string {
	t.Helper()
	knobs := []param.Knob{knob.LR, knob.Group, knob.Beta, knob.Entropy,
		knob.Epochs.With(2),
		param.Integer("steps", "updates", 100, 1, 1000, "Updates."),
		param.Choice("base", "recipe", []string{"recipe", "clear"}, "The base.")}
	stage := Stage{Values: param.Defaults(knobs), Collect: collect, Steps: steps}
	if curves["clear base"] != nil {
		stage.ClearBase = "clear"
	}
	stage.OwnReward = curves["own reward"] != nil
	lane := Lane{Stages: []Stage{stage}, Prompts: 512, Every: 20,
		Levels: []task.Level{{Name: "id", Title: "rule A", Graded: graded},
			{Name: "ood", Title: "rule B"}}}
	points := 0
	for _, c := range curves {
		points = max(points, len(c))
	}
	var names []string
	for k := range points {
		measured := protocol.Event{Kind: protocol.Measured, Step: 20 * k}
		updated := protocol.Event{Kind: protocol.Updated, Step: 20*k + 1}
		for name, c := range curves {
			at := k - points + len(c)
			if at < 0 {
				continue
			}
			m := protocol.Metric{Name: strings.Replace(name, "LEVEL", "id", 1), Value: c[at]}
			if strings.HasPrefix(name, "eval/") || strings.HasSuffix(name, "_so_far") {
				measured.Metrics = append(measured.Metrics, m)
			} else {
				updated.Metrics = append(updated.Metrics, m)
			}
		}
		for _, e := range []protocol.Event{measured, updated} {
			for _, f := range lane.Add(e) {
				names = append(names, f.Name)
				if f.Measured == "" || f.Step != 20*k || f.Cure.Says == "" {
					t.Errorf("%s is found at update %d: %+v", f.Name, f.Step, f)
				}
			}
		}
	}
	return strings.Join(names, " ")
}

const accuracy, graded = "eval/id/accuracy", "eval/id/reward"

// Each rule is right on both sides of its thresholds.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		collect objective.Collect
		graded  bool
		steps   int
		curves  map[string]curve
		want    string
	}{
		"the score is less than a third": {reward, false, 100,
			map[string]curve{accuracy: {.45, .14}, klMetric: {0, 1}}, "diverged"},
		"a half of the score": {reward, false, 100,
			map[string]curve{accuracy: {.45, .22}, klMetric: {0, 1}}, "kl_runaway"},
		"a dip near the base": {reward, false, 100,
			map[string]curve{accuracy: {.45, .14}, klMetric: {0, .9}}, ""},
		"less than a third by chance": {reward, false, 100,
			map[string]curve{accuracy: {.01, .002}, klMetric: {0, 1}}, "kl_runaway"},
		"the loss has risen twice": {imitate, false, 100,
			map[string]curve{accuracy: {.4, .3, .2}, lossMetric: {1, 1.5, 1.5}}, "diverged"},
		"the loss has risen once": {imitate, false, 100,
			map[string]curve{accuracy: {.4, .3, .2}, lossMetric: {1, 1.5, 1.4}}, ""},

		"the gold reward falls": {model, true, 100,
			map[string]curve{graded: {.58, .5, .4}, scoreMetric: {0, 1, 2}}, "hacked"},
		"the gold reward rises too": {model, true, 100,
			map[string]curve{graded: {.58, .6, .65}, scoreMetric: {0, 1, 2}}, ""},
		"the gold reward falls by chance": {model, true, 100,
			map[string]curve{graded: {.58, .56, .55}, scoreMetric: {0, 1, 2}}, ""},
		"the score falls too": {model, true, 100,
			map[string]curve{graded: {.58, .5, .4}, scoreMetric: {0, -1, 2}}, ""},

		"the gold reward falls under a reward of one's own": {reward, true, 100,
			map[string]curve{"own reward": {}, graded: {.58, .5, .4}, scoreMetric: {0, 1, 2}},
			"hacked"},
		"no gold reward under a reward of one's own": {reward, false, 100, map[string]curve{
			"own reward": {}, accuracy: {0, 0, 0}, rewardMetric: {0, 0, 0}}, ""},

		"the reward is apart": {reward, false, 100,
			map[string]curve{accuracy: {.47, .5}, rewardMetric: {.5, .76}}, "reward_apart"},
		"the reward is a little apart": {reward, false, 100,
			map[string]curve{accuracy: {.47, .5}, rewardMetric: {.5, .74}}, ""},
		"the score rises with the reward": {reward, false, 100,
			map[string]curve{accuracy: {.3, .5}, rewardMetric: {.3, .85}}, ""},

		"one of two rules": {reward, false, 100, map[string]curve{"clear base": {},
			accuracy: {.45, .9}, "eval/ood/accuracy": {.4, .42}}, "confused_base"},
		"both rules": {reward, false, 100, map[string]curve{"clear base": {},
			accuracy: {.45, .9}, "eval/ood/accuracy": {.4, .6}}, ""},
		"one of two rules, from a clear base": {reward, false, 100,
			map[string]curve{accuracy: {.45, .9}, "eval/ood/accuracy": {.4, .42}}, ""},

		"no reward in three batches": {reward, false, 100,
			map[string]curve{accuracy: {0, 0, 0}, rewardMetric: {0, 0, 0}}, "no_reward"},
		"no reward in two batches": {reward, false, 100,
			map[string]curve{accuracy: {0, 0}, rewardMetric: {0, 0}}, ""},
		"one reward": {reward, false, 100,
			map[string]curve{accuracy: {0, 0, 0}, rewardMetric: {0, .01, 0}}, ""},

		"few groups teach": {reward, false, 100,
			map[string]curve{activeSoFar: {.19}, rewardMetric: {.08, .09, .08}}, "idle_groups"},
		"few groups teach at 20 updates": {reward, false, 100,
			map[string]curve{activeSoFar: {.19}, rewardMetric: {.08, .09}}, ""},
		"a fifth of the groups teaches": {reward, false, 100,
			map[string]curve{activeSoFar: {.2}, rewardMetric: {.08, .09, .08}}, ""},
		"few groups teach, and enough": {reward, false, 100,
			map[string]curve{activeSoFar: {.19}, rewardMetric: {.08, .12, .15}}, ""},
		"few groups teach, since all is right": {reward, false, 100,
			map[string]curve{activeSoFar: {.19}, rewardMetric: {.5, .5, .5}}, ""},

		"known by heart": {imitate, false, 100, map[string]curve{accuracy: {.5, .45},
			lossMetric: {1, .01}, tokensMetric: {5, 5}}, "loss_zero"},
		"known by heart, and right": {imitate, false, 100, map[string]curve{accuracy: {.5, .9},
			lossMetric: {1, .001}, tokensMetric: {5, 5}}, ""},
		"not yet by heart": {imitate, false, 100, map[string]curve{accuracy: {.5, .45},
			lossMetric: {1, .1}, tokensMetric: {5, 5}}, ""},

		"certain where many answers are good": {reward, true, 100, map[string]curve{
			graded: {.6, .8}, entropyMetric: {1.6, .4}, tokensMetric: {13, 13}}, "entropy_gone"},
		"more than a quarter of the entropy": {reward, true, 100, map[string]curve{
			graded: {.6, .8}, entropyMetric: {1.6, .41}, tokensMetric: {13, 13}}, ""},
		"certain and right": {reward, false, 100, map[string]curve{
			accuracy: {.45, .9}, entropyMetric: {.7, .01}, tokensMetric: {5, 5}}, ""},
		"certain and wrong": {reward, false, 100, map[string]curve{
			accuracy: {.45, .5}, entropyMetric: {.7, .05}, tokensMetric: {5, 5}}, "entropy_gone"},
		"wrong and in doubt": {reward, false, 100, map[string]curve{
			accuracy: {.45, .5}, entropyMetric: {.7, .06}, tokensMetric: {5, 5}}, ""},

		"longer twice, as the annotator likes": {liking, true, 100, map[string]curve{
			graded: {.6, .61, .65}, tokensMetric: {12, 13.3, 13.4}}, "longer"},
		"longer once": {liking, true, 100, map[string]curve{
			graded: {.6, .61, .65}, tokensMetric: {12, 13.1, 13.4}}, ""},
		"longer, as nobody likes": {pairs, true, 100, map[string]curve{
			graded: {.6, .61, .61}, tokensMetric: {12, 13.3, 13.4}}, ""},
		"much longer": {reward, false, 100, map[string]curve{
			accuracy: {.6, .61, .62}, tokensMetric: {12, 15, 15}}, "longer"},
		"much longer and better": {reward, false, 100, map[string]curve{
			accuracy: {.6, .63, .63}, tokensMetric: {12, 15, 15}}, ""},

		"far from the base": {reward, false, 100,
			map[string]curve{accuracy: {.4, .6}, klMetric: {0, 1}}, "kl_runaway"},
		"not so far": {reward, false, 100,
			map[string]curve{accuracy: {.4, .6}, klMetric: {0, .99}}, ""},
		"far from the start": {reward, false, 100,
			map[string]curve{accuracy: {.4, .6}, klMetric: {.5, 1.9}}, ""},
		"far by imitation": {imitate, false, 100,
			map[string]curve{accuracy: {.4, .6}, klMetric: {0, 5}}, ""},

		"a half is clipped": {twice, false, 100,
			map[string]curve{accuracy: {.4, .6}, clippedSoFar: {.5}}, "clipped"},
		"a little is clipped": {twice, false, 100,
			map[string]curve{accuracy: {.4, .6}, clippedSoFar: {.49}}, ""},
		"it was clipped before the stage": {twice, false, 100,
			map[string]curve{accuracy: {.4, .6}, clippedSoFar: {.5, .5}}, ""},

		"flat for 60 updates": {reward, false, 100, map[string]curve{
			accuracy: {.4, .41, .4, .42}, rewardMetric: {.4, .42, .43, .44}}, "reward_flat"},
		"flat before the half": {reward, false, 200, map[string]curve{
			accuracy: {.4, .41, .4, .42}, rewardMetric: {.4, .42, .43, .44}}, ""},
		"rising": {reward, false, 100, map[string]curve{
			accuracy: {.4, .42, .44, .46}, rewardMetric: {.4, .44, .46, .47}}, ""},
		"risen and fallen": {reward, false, 100, map[string]curve{
			accuracy: {.4, .5, .4, .42}, rewardMetric: {.4, .42, .43, .44}}, ""},
		"flat and good": {reward, false, 100, map[string]curve{
			accuracy: {.9, .9, .9, .9}, rewardMetric: {.9, .9, .9, .9}}, ""},
	} {
		if have := play(t, c.collect, c.graded, c.steps, c.curves); have != c.want {
			t.Errorf("%s: %q is found, want %q", name, have, c.want)
		}
	}
}

// A signal that explains another one hides it, whichever is found first.
func TestExplainedSignalsAreLeftOut(t *testing.T) {
	have := play(t, reward, false, 100, map[string]curve{accuracy: {.45, .2, .1},
		klMetric: {0, 1.6, 2}, entropyMetric: {.7, .01, .01}, tokensMetric: {5, 5, 5}})
	if have != "entropy_gone kl_runaway diverged" {
		t.Errorf("%q is found one after the other", have)
	}
}

// In a chain, a stage is judged from its own start, and the update after its end is not its own.
func TestStagesAreJudgedByThemselves(t *testing.T) {
	values := param.Defaults([]param.Knob{knob.LR, knob.Beta})
	lane := Lane{Stages: []Stage{{Values: values, Collect: imitate, Steps: 20},
		{Values: values, Collect: reward, Steps: 40}},
		Levels: []task.Level{{Name: "id"}}, Prompts: 512, Every: 20}
	add := func(kind protocol.EventKind, step int, name string, value float64) (found []Finding) {
		return lane.Add(protocol.Event{Kind: kind, Step: step,
			Metrics: []protocol.Metric{{Name: name, Value: value}}})
	}
	kl := strings.Replace(klMetric, "LEVEL", "id", 1)
	for step, value := range []float64{0, .4, .9} { // reward goes on where imitation has stopped
		if found := add(protocol.Measured, 20*step, kl, value); found != nil {
			t.Errorf("update %d shows %s", 20*step, found[0].Name)
		}
		if found := add(protocol.Updated, 20*step+1, rewardMetric, 1); found != nil {
			t.Errorf("update %d shows %s", 20*step, found[0].Name)
		}
	}
	add(protocol.Measured, 60, kl, 1.5)
	found := add(protocol.Finished, 60, "", 0)
	if len(found) != 1 || found[0].Name != "kl_runaway" || found[0].Stage != 1 ||
		!strings.Contains(found[0].Measured, "1.50 nats per token. It was 0.40 when") {
		t.Errorf("at the end %+v is found", found)
	}
}

// The link of a cure names a number as it would be typed.
func TestNumbersOfCures(t *testing.T) {
	for v, want := range map[float64]string{3e-4 / 10: "3e-05", 1e-2 / 10: "0.001", .3: "0.3",
		64: "64", 3e-4 * 4: "0.0012"} {
		if have := number(v); have != want {
			t.Errorf("%v is written as %s, want %s", v, have, want)
		}
	}
}
