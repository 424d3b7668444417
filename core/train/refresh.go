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

// refers says whether a method reads a reference model at some of its settings.
func refers(m method.Method) bool {
	v := m.Defaults()
	if v.Has("beta") {
		if err := v.Set("beta", "1"); err != nil {
			panic(err)
		}
	}
	return m.Build(v).Needs()&(objective.RefLogp|objective.RefDist) != 0
}

// refreshes says whether a stage's reference model has become another than its start, so many updates into it.
func (s Stage) refreshes(updates int) bool {
	return s.Values.Has("refresh") && s.Values.Int("refresh") > 0 && updates >= s.Values.Int("refresh")
}

// refresh copies the policy into the reference model when it is time. What was scored with the old one stays as it is.
func (s *Session) refresh() {
	stage := s.lane.Stages[s.stage]
	if !stage.refreshes(s.stageStep) || s.stageStep%stage.Values.Int("refresh") != 0 {
		return
	}
	if s.refreshed == nil {
		s.refreshed = model.NewNetwork(s.policy.Clone())
		return
	}
	copy(s.refreshed.Data, s.policy.Data)
	s.refreshed.Refresh()
}

// reference is the model that the policy is held to: what it was when the stage started, or when it was last copied.
func (s *Session) reference() *model.Network {
	if s.refreshed != nil {
		return s.refreshed
	}
	return s.startNetwork()
}

// packReference copies the reference model; nil while it is the start of the stage.
func (s *Session) packReference() Floats {
	if s.refreshed == nil {
		return nil
	}
	return PackFloats(s.refreshed.Data)
}

// unpackReference is the reference model of a state; nil while it is the start of the stage.
func unpackReference(stage Stage, state *State) (*model.Network, error) {
	if !stage.refreshes(state.StageStep) {
		if len(state.Reference) > 0 {
			return nil, fmt.Errorf("reference is there, and the stage's reference model is its start")
		}
		return nil, nil
	}
	params := model.NewParams(state.Config)
	if err := state.Reference.Unpack(params.Data); err != nil {
		return nil, fmt.Errorf("reference %w", err)
	}
	return model.NewNetwork(params), nil
}

// startNetwork is the frozen policy that the stage started from.
func (s *Session) startNetwork() *model.Network {
	if s.frozen == nil {
		s.frozen = model.NewNetwork(s.start)
	}
	return s.frozen
}
