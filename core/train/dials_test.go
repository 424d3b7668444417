package train

import (
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/method"
)

// dialLane returns a lane of the method dials at the position of another method's lane.
func dialLane(t *testing.T, lane Lane) Lane {
	t.Helper()
	stage := lane.Stages[0]
	position, err := stage.Method.Position(stage.Values)
	if err != nil {
		t.Fatal(err)
	}
	settings := []string{method.Dials.Name}
	for _, name := range []string{"steps", "rank"} {
		settings = append(settings, name+"="+stage.Values.Text(name))
	}
	return testLane(t, append(settings, position.Changed()...))
}

// A lane of dials at a method's position is the method's lane: it has the same events, weights and
// costs.
func TestDialsTrainAsTheMethodsOfTheirPositions(t *testing.T) {
	for _, m := range method.All() {
		if m.Dials == "" || m.Besides != "" {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			lane := laneOf(t, m)
			own, turned := session(t, lane, 1), session(t, dialLane(t, lane), 1)
			want, got := run(t, own), run(t, turned)
			if !reflect.DeepEqual(got, want) {
				t.Error("its events differ")
			}
			if own.Weights().Digest() == lane.Base.Digest() {
				t.Error("nothing was learned")
			}
			if turned.Weights().Digest() != own.Weights().Digest() {
				t.Error("its weights differ")
			}
			if turned.Cost() != own.Cost() {
				t.Errorf("it costs %+v, and the method %+v", turned.Cost(), own.Cost())
			}
		})
	}
}

// At a position with demonstrations their settings change what is learned, and those of sampling do
// not. Where the policy samples it is the other way round, and nothing is demonstrated.
func TestDialsOfDemonstrations(t *testing.T) {
	imitation := []string{"source=demos", "advantage=one"}
	for _, setting := range []string{"demos=5", "wrong=1", "style=y"} {
		if ending(t, "dials", append(imitation, setting)...) == ending(t, "dials", imitation...) {
			t.Errorf("%s changes nothing", setting)
		}
		if ending(t, "dials", setting) != ending(t, "dials") {
			t.Errorf("%s changes what is learned from sampled answers", setting)
		}
	}
	for _, setting := range []string{"downsample=pods", "group=3"} {
		if ending(t, "dials", append(imitation, setting)...) != ending(t, "dials", imitation...) {
			t.Errorf("%s changes what is learned from demonstrations", setting)
		}
		if ending(t, "dials", setting) == ending(t, "dials") {
			t.Errorf("%s changes nothing", setting)
		}
	}
	lane := testLane(t, []string{"dials", "steps=2", "batch=4", "demos=5", "select=fisher"})
	s := session(t, lane, 1)
	run(t, s)
	if n := s.Cost().Demonstrations; n != 0 {
		t.Errorf("%d demonstrations were paid for", n)
	}
}
