package method

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
)

func TestProseIsComplete(t *testing.T) {
	for _, m := range All() {
		for _, s := range []struct{ name, text string }{
			{"Name", m.Name}, {"Title", m.Title}, {"Cite", m.Cite}, {"Family", m.Family},
			{"Formula", m.Formula}, {"Doc", m.Doc},
		} {
			if strings.TrimSpace(s.text) != s.text || s.text == "" {
				t.Errorf("%s: %s is empty or has space around it", m.Name, s.name)
			}
		}
		if !slices.Contains(Families(), m.Family) {
			t.Errorf("%s: family %q is not one of %q", m.Name, m.Family, Families())
		}
		if n := strings.Count(m.Doc, ". ") + strings.Count(m.Doc, ".\n") + 1; n < 2 || n > 7 {
			t.Errorf("%s: Doc has %d sentences", m.Name, n)
		}
	}
}

// A knob with a shared name is the shared knob, apart from its default; and Collect agrees with the
// knobs.
func TestKnobsAreShared(t *testing.T) {
	shared := []param.Knob{knob.LR, knob.Batch, knob.Group, knob.Epochs, knob.EpsLow, knob.EpsHigh,
		knob.KL, knob.Temp, knob.Tempered, knob.Entropy, knob.Mu}
	for _, m := range All() {
		v := m.Defaults()
		if !v.Has("lr") || !v.Has("batch") {
			t.Errorf("%s: no lr or no batch", m.Name)
		}
		for _, k := range m.Knobs {
			for _, s := range shared {
				if k.Name == s.Name && !reflect.DeepEqual(k.With(s.Default), s) {
					t.Errorf("%s: knob %s is not the shared one", m.Name, k.Name)
				}
			}
			if k.Name == "beta" && !reflect.DeepEqual(k.With(0), knob.Beta) &&
				!reflect.DeepEqual(k.With(0.1), knob.Sharpness) {
				t.Errorf("%s: its beta is neither the weight of a KL nor that of an "+
					"implicit reward", m.Name)
			}
		}
		c := m.Collect(v)
		if c.Epochs < 1 || c.Demos < 0 || c.Demos > 1 || c.Demos+c.Group == 0 ||
			(c.Backlog != nil || c.Pool != nil) && c.Group == 0 ||
			c.Buffer != nil && !bufferable(c) {
			t.Errorf("%s: collects %+v", m.Name, c)
		}
		if v.Has("group") != (c.Group > 0) || v.Has("group") && v.Int("group") != c.Group ||
			v.Has("temp") != (c.Group > 0) || v.Has("tempered") != v.Has("temp") {
			t.Errorf("%s: collects groups of %d, which its knobs do not say", m.Name, c.Group)
		}
		needs, fromRollouts := m.Build(v).Needs(), objective.Rollouts
		if c.Label != objective.Unlabelled {
			fromRollouts = objective.Pairs
		}
		if needs.Has(objective.Value) != v.Has("lr_value") {
			t.Errorf("%s: needs %v, which its knobs do not say of the critic", m.Name, needs)
		}
		if needs.Has(fromRollouts) != (c.Group > 0) ||
			needs.Has(objective.Demos) != (c.Demonstrates() && c.Hint == nil &&
				c.Label != objective.AgainstDemo) ||
			needs.Has(objective.Greedies) != (c.Greedy > 0) ||
			needs.Has(objective.Replays) != (c.Pool != nil) {
			t.Errorf("%s: needs %v, collects %+v", m.Name, needs, c)
		}
	}
}

// A method that says that it does not look at the rewards of its rollouts learns the same whatever
// they are, and any other one that is handed all of them does not.
func TestWhoLooksAtRewards(t *testing.T) {
	for _, m := range All() {
		v := busy(m)
		c := m.Collect(v)
		if c.Group == 0 || c.Label != objective.Unlabelled || c.RewardModel != nil ||
			c.Buffer != nil || c.Best || c.Keep != nil || c.Hint != nil {
			if c.IgnoresRewards {
				t.Errorf("%s: its rollouts are looked at before it sees them", m.Name)
			}
			continue
		}
		looks := false
		for seed := range uint64(40) {
			batch, other := lab.New(seed, v).Batch, lab.New(seed, v).Batch
			for _, group := range other {
				for i, c := range group {
					c.Reward = float64(i % 2)
				}
			}
			looks = looks || !lab.EqualBits(lab.Add(m.Build(v), batch), lab.Add(m.Build(v), other))
		}
		// which may not look yet
		if _, timed := m.Build(v).(objective.Scheduled); looks == c.IgnoresRewards && !timed {
			t.Errorf("%s: it looks at rewards: %v, and says that it does not: %v", m.Name, looks,
				c.IgnoresRewards)
		}
	}
}

// bufferable reports whether the trainer can fill a buffer with what is collected, at updates at
// which it collects at all, and can put into a State what was not sampled by the policy that the
// stage starts from.
func bufferable(c objective.Collect) bool {
	b := c.Buffer
	plain := c.Label == objective.Unlabelled && c.RewardModel == nil
	return c.Backlog == nil && c.Pool == nil && c.Demos+c.Greedy+c.Replay == 0 &&
		b.Every%c.Epochs == 0 && (b.Every == 0 || plain) &&
		(plain || !b.Demonstrate && b.Keep == nil)
}

func TestLookup(t *testing.T) {
	all := All()
	for _, m := range all {
		got, err := Lookup(m.Name)
		if err != nil || got.Name != m.Name {
			t.Errorf("Lookup(%q) = %q, %v", m.Name, got.Name, err)
		}
	}
	if !slices.IsSortedFunc(all, func(a, b Method) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("All is not sorted by name")
	}
	_, err := Lookup("gpro")
	if err == nil || !strings.Contains(err.Error(), "did you mean grpo?") ||
		!strings.Contains(err.Error(), "dr_grpo") {
		t.Errorf("Lookup(gpro): %v", err)
	}
}

func TestCheckRefuses(t *testing.T) {
	broken := func(f func(*Method)) Method { m := SFT; f(&m); return m }
	for name, m := range map[string]Method{
		"no Name":       broken(func(m *Method) { m.Name = "" }),
		"no Build":      broken(func(m *Method) { m.Build = nil }),
		"no Collect":    broken(func(m *Method) { m.Collect = nil }),
		"a knob twice":  broken(func(m *Method) { m.Knobs = []param.Knob{knob.LR, knob.LR} }),
		"a bad default": broken(func(m *Method) { m.Knobs = []param.Knob{knob.LR.With(5)} }),
	} {
		if m.Check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// The defaults at the scale of this project's tasks; the binding definitions fix the rest in the
// textbook table.
func TestDefaults(t *testing.T) {
	for name, want := range map[string]string{
		"sft":       "lr=0.001 batch=64",
		"rft":       "lr=0.0003 batch=64 group=4 temp=1 tempered=false",
		"reinforce": "lr=0.0003 batch=16 group=8 temp=1 tempered=true entropy=0",
		"rloo":      "lr=0.0003 batch=16 group=8 beta=0 kl=reward temp=1 tempered=true entropy=0",
		"grpo": "lr=0.0003 batch=16 group=8 epochs=1 eps_low=0.2 eps_high=0.2 dual_clip=0 " +
			"beta=0.04 kl=loss temp=1 tempered=true entropy=0",
		"dr_grpo": "lr=0.0003 batch=16 group=8 epochs=1 eps_low=0.2 eps_high=0.2 dual_clip=0 " +
			"beta=0 kl=loss temp=1 tempered=true entropy=0",
	} {
		m, err := Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		v, got := m.Defaults(), []string{}
		for _, k := range m.Knobs {
			got = append(got, k.Name+"="+v.Text(k.Name))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, " "), want)
		}
	}
}

// beta is the weight of a KL, which at 0 needs no reference model, or of what the policy's own
// log-probabilities are worth, as one of these methods has it: there 0 would learn nothing, and is
// refused.
func TestWhatBetaIs(t *testing.T) {
	implicit := strings.Fields(`apo bco cdpo dpo kto length_dpo online_dpo rdpo rpo simpo spin
		sppo una`)
	for _, m := range All() {
		v := m.Defaults()
		if !v.Has("beta") {
			continue
		}
		words := ""
		for _, k := range m.Knobs {
			if k.Name == "beta" {
				words = k.Label()
			}
		}
		err := v.Set("beta", "0")
		if !slices.Contains(implicit, m.Name) {
			if err != nil || m.Build(v).Needs()&(objective.RefLogp|objective.RefDist) != 0 ||
				!strings.HasPrefix(words, "KL to the reference") {
				t.Errorf("%s: at beta 0 it needs %v, %v; its beta is called %q", m.Name,
					m.Build(v).Needs(), err, words)
			}
			if err := v.Set("beta", "0.1"); err != nil ||
				m.Build(v).Needs()&(objective.RefLogp|objective.RefDist) == 0 {
				t.Errorf("%s: at beta 0.1 it needs no reference model: %v, %v", m.Name,
					m.Build(v).Needs(), err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(),
			"beta=0: expected a number from 0.001 to 10") || strings.Contains(words, "KL") {
			t.Errorf("%s: beta=0 gives %v; its beta is called %q", m.Name, err, words)
		}
	}
}

// What the survey and its surroundings name is there, under the names that links and files use. The
// options that belong to every method are the trainer's.
func TestNamedMethodsAreThere(t *testing.T) {
	for name := range strings.FieldsSeq(`
		sft sft_kl sft_replay tailsft dft asft iw_sft gem token_cleaning otr psft una rft raft star
		reinforce reinforce_pp rloo remax ppo grpo dr_grpo dapo gspo cispo kl_cov clip_cov entropy_adv forking_tokens
		psr nsr w_reinforce passk maxrl opmd topr gpg opo gmpo sapo luspo vespo vapo magic gdpo
		rlhf best_of_n dpo cdpo rdpo length_dpo ipo apo rpo sppo spin kto bco simpo orpo online_dpo
		gkd opd sdft
		dials
		mix interleave nft srl relift luffy chord_mu chord_phi srft hpt superrl sasr uft prefix_rft bread exgrpo`) {
		if _, err := Lookup(name); err != nil {
			t.Error(err)
		}
	}
}

// A method that is declared and not listed would be tested by nothing.
func TestAllListsEveryMethod(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []string
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(
			`(?m)^var \w+ = Method\{\n\tName: +"(\w+)"`).FindAllSubmatch(src, -1) {
			if name := string(m[1]); file != name+".go" {
				t.Errorf("method %s is declared in %s: want %s.go", name, file, name)
			} else {
				declared = append(declared, name)
			}
		}
	}
	var listed []string
	for _, m := range All() {
		listed = append(listed, m.Name)
	}
	for _, name := range declared {
		if !slices.Contains(listed, name) {
			t.Errorf("%s.go declares a method that All in catalogue.go does not list", name)
		}
	}
	if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) < len(listed) {
		t.Errorf("All is not in the order of names, each once: %q", listed)
	}
	for _, m := range All() {
		if err := m.Check(); err != nil {
			t.Error(err)
		}
	}
}
