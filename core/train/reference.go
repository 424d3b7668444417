package train

import (
	"fmt"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// referenceKnobs belong to every method that can read a reference model.
var referenceKnobs = []param.Knob{
	param.Integer("refresh", "updates", 0, 0, 100_000,
		"Every so many updates the policy is copied into the reference model, so that the "+
			"pull of the KL moves along with the policy. 0 never does: the reference model stays "+
			"the policy of the stage's start.").
		Called("renew the reference every").Logarithmic(),
}

// readsReference reports whether a method reads a reference model at some of its settings.
func readsReference(m method.Method) bool {
	v := m.Defaults()
	if v.Has("beta") {
		if err := v.Set("beta", "1"); err != nil {
			panic(err)
		}
	}
	return m.Build(v).Needs()&(objective.RefLogp|objective.RefDist) != 0
}

// frozen holds the models of a stage that are not trained: the policy at the start of the stage,
// and the reference model, which is the same until it is refreshed.
type frozen struct {
	start     *model.Params  // the policy at the start of the stage
	network   *model.Network // of start; nil until it is asked for
	refreshed *model.Network // the reference model; nil while it is the start of the stage
}

// startNetwork returns the network of the start of the stage.
func (f *frozen) startNetwork() *model.Network {
	if f.network == nil {
		f.network = model.NewNetwork(f.start)
	}
	return f.network
}

// startPolicy returns the start of the stage as a policy to sample from.
func (f *frozen) startPolicy() *policy {
	return &policy{Params: f.start, network: f.startNetwork(), updates: -1}
}

// reference returns the reference model.
func (f *frozen) reference() *model.Network {
	if f.refreshed != nil {
		return f.refreshed
	}
	return f.startNetwork()
}

// refresh copies the policy into the reference model.
func (f *frozen) refresh(policy *model.Params) {
	if f.refreshed == nil {
		f.refreshed = model.NewNetwork(policy.Clone())
		return
	}
	copy(f.refreshed.Data, policy.Data)
	f.refreshed.Refresh()
}

// refreshes reports whether a stage's reference model has become another than its start after so
// many updates, and whether the policy is copied into it just then.
func (s Stage) refreshes(step int) (ever, now bool) {
	if !s.Values.Has("refresh") || s.Values.Int("refresh") == 0 {
		return false, false
	}
	every := s.Values.Int("refresh")
	return step >= every, step >= every && step%every == 0
}

// pack copies the reference model; nil while it is the start of the stage.
func (f *frozen) pack() Floats {
	if f.refreshed == nil {
		return nil
	}
	return PackFloats(f.refreshed.Data)
}

// unpackReference returns the reference model of a State; nil while it is the start of the stage.
func unpackReference(stage Stage, state *State) (*model.Network, error) {
	if ever, _ := stage.refreshes(state.StageStep); !ever {
		if len(state.Reference) > 0 {
			return nil, fmt.Errorf("reference is there, and the stage's reference model " +
				"is its start")
		}
		return nil, nil
	}
	params := model.NewParams(state.Config)
	if err := state.Reference.Unpack(params.Data); err != nil {
		return nil, fmt.Errorf("reference %w", err)
	}
	return model.NewNetwork(params), nil
}
