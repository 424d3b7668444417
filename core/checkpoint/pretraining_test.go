package checkpoint

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"github.com/posttrain/posttrain/core/train"
)

// patternPretraining returns a pretraining's state with something in every field.
func patternPretraining() Pretraining {
	w := train.Numbers(pattern(tiny).Data)
	m, v := make(train.Numbers, len(w)), make(train.Numbers, len(w))
	m[1], v[2] = -0.5, 0.25
	return Pretraining{Engine: train.Engine, Origin: "v=2 task=cards hand=4",
		State: &train.PretrainingState{Config: tiny, Steps: 7, Weights: w, M: m, V: v}}
}

func TestPretrainingRoundTrip(t *testing.T) {
	want := patternPretraining()
	file := must(t)(EncodePretraining(want))
	have, err := DecodePretraining(file)
	if err != nil || !reflect.DeepEqual(*have, want) {
		t.Errorf("read %+v, want %+v: %v", have, want, err)
	}
	if again := must(t)(EncodePretraining(*have)); !bytes.Equal(file, again) {
		t.Error("written again it is another file")
	}
	refuse(t, "a pretraining", file)
	for name, file := range small(t) {
		_, err := DecodePretraining(file)
		refused(t, name+" as a pretraining", err)
	}
}

func TestDamagedPretrainingsAreRefused(t *testing.T) {
	file := must(t)(EncodePretraining(patternPretraining()))
	for n := range len(file) {
		_, err := DecodePretraining(file[:n])
		refused(t, fmt.Sprintf("cut to %d bytes", n), err)
	}
	for bit := range 8 * len(file) {
		flipped := bytes.Clone(file)
		flipped[bit/8] ^= 1 << (bit % 8)
		_, err := DecodePretraining(flipped)
		refused(t, fmt.Sprintf("bit %d flipped", bit), err)
	}
}

func TestHostilePretrainingsAreRefused(t *testing.T) {
	hostile := map[string]func(p *Pretraining){
		"engine 0":             func(p *Pretraining) { p.Engine = 0 },
		"steps -1":             func(p *Pretraining) { p.State.Steps = -1 },
		"a weight too few":     func(p *Pretraining) { p.State.Weights = p.State.Weights[1:] },
		"no first moments":     func(p *Pretraining) { p.State.M = nil },
		"a second moment less": func(p *Pretraining) { p.State.V = p.State.V[1:] },
	}
	for name, c := range hostileShapes() {
		hostile[name] = func(p *Pretraining) { p.State.Config = c }
	}
	for name, change := range hostile {
		p := patternPretraining()
		change(&p)
		payload := pretrainingPayload{p.Engine, p.Origin, *p.State}
		_, err := DecodePretraining(sealed(t, pretrainingKind, must(t)(payload.MarshalMsg(nil))))
		refused(t, name, err)
	}
	for name, payload := range brokenBodies() {
		_, err := DecodePretraining(sealed(t, pretrainingKind, payload))
		refused(t, name, err)
	}
}
