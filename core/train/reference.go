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

// frozen has the models of a stage that are not trained: the policy at the start of the stage, and
// the reference model. They are the same until the reference model is refreshed.
type frozen struct {
	start     *model.Params  // the policy at the start of the stage
	network   *model.Network // made of start when it is first used
	refreshed *model.Network // the reference model; nil until it is refreshed
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

// refreshes reports whether the reference model has ever been refreshed after this many updates of
// the stage, and whether it is refreshed just now, after the last of them.
func (s Stage) refreshes(step int) (ever, now bool) {
	if !s.Values.Has("refresh") || s.Values.Int("refresh") == 0 {
		return false, false
	}
	every := s.Values.Int("refresh")
	return step >= every, step >= every && step%every == 0
}

// packReference returns a copy of the reference model, or nil if it was never refreshed.
func (f *frozen) packReference() Floats {
	if f.refreshed == nil {
		return nil
	}
	return PackFloats(f.refreshed.Data)
}

// unpackReference returns the refreshed reference model of a State, or nil if it was never
// refreshed.
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
