package method

import (
	"slices"
	"testing"
)

// Methods that compare the answers to a prompt have nothing to compare in a group of one.
func TestComparesWithNone(t *testing.T) {
	var none []string
	for _, m := range All() {
		v := m.Defaults()
		if m.ComparesWithNone(v) {
			t.Errorf("%s: at its defaults it compares nothing", m.Name)
		}
		if !v.Has("group") || v.Set("group", "1") != nil {
			continue
		}
		if m.ComparesWithNone(v) {
			none = append(none, m.Name)
		}
	}
	want := []string{"bread", "cdpo", "chord_mu", "chord_phi", "cispo", "clip_cov", "dapo",
		"dials", "dpo", "dr_grpo", "entropy_adv", "exgrpo", "forking_tokens", "grpo", "gspo", "ipo",
		"kl_cov", "maxrl", "mix", "online_dpo", "opmd", "orpo", "prefix_rft", "reinforce", "relift",
		"rlhf", "rloo", "simpo", "srl", "uft"}
	if !slices.Equal(none, want) {
		t.Errorf("these compare nothing: %q, want %q", none, want)
	}
}
