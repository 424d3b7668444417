package method

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/objective"
)

func TestCheckNeeds(t *testing.T) {
	b := []objective.Group{{{Source: objective.Demo},
		{Logp: []float64{-1}, RefLogp: []float64{-1}}}}
	grpo, err := Lookup("grpo")
	if err != nil {
		t.Fatal(err)
	}
	err = grpo.CheckNeeds(grpo.Defaults(), b)
	if err == nil || !strings.HasPrefix(err.Error(),
		"groups[0][1].old_logp: missing, grpo needs it") {
		t.Errorf("grpo: %v", err)
	}
	for _, c := range []struct {
		needs objective.Needs
		want  string // "" for no error
	}{
		{objective.Rollouts, ""},
		{objective.Demos | objective.OldLogp, ""}, // the demonstration has no tokens
		{objective.Rollouts | objective.Logp | objective.RefLogp, ""},
		{objective.Rollouts | objective.TeacherLogp, "groups[0][1].teacher_logp: missing"},
		{objective.Rollouts | objective.Value, "groups[0][1].value: missing"},
		{objective.Rollouts | objective.Dist, "groups[0][1].dist: missing"},
		{objective.Pairs | objective.Value | objective.Dist, ""},
	} {
		if err := objective.CheckNeeds("", c.needs, b); (err == nil) != (c.want == "") ||
			err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.needs, err, c.want)
		}
	}
	mixed := []objective.Group{{{Source: objective.Demo, Logp: []float64{-1}},
		{Logp: []float64{-1}, OldLogp: []float64{-1}}}}
	if err := objective.CheckNeeds("",
		objective.Rollouts|objective.Demos|objective.Logp|objective.OldLogp, mixed); err != nil {
		t.Errorf("asks a demonstration for the behaviour policy: %v", err)
	}
	if err := objective.CheckNeeds("", objective.Demos|objective.OldLogp, mixed); err == nil {
		t.Error("does not ask a demonstration although there are no rollouts")
	}
}

// Which completions a method reads follows from its needs.
func TestUnread(t *testing.T) {
	byName := map[string]objective.Source{}
	for _, s := range objective.Sources() {
		byName[s.String()] = s
	}
	for _, c := range []struct{ method, sources, unread, err string }{
		{"grpo", "rollout", "", ""},
		{"grpo", "demo", "demo",
			"grpo learns from completions whose source is rollout, and there are none: the " +
				"sources in the batch are demo"},
		{"grpo", "demo demo chosen", "demo chosen", "the sources in the batch are demo, chosen"},
		{"grpo", "demo rollout", "demo", ""},
		{"sft", "rollout replayed", "rollout replayed",
			"sft learns from completions whose source is demo"},
		{"luffy", "demo rollout", "", ""},
		{"remax", "greedy", "", "remax learns from completions whose source is rollout"},
		{"remax", "greedy rollout", "", ""},
		{"dpo", "rollout", "rollout",
			"dpo learns from completions whose source is chosen, rejected"},
		{"exgrpo", "replayed", "", ""},
		{"grpo", "", "", ""},
	} {
		m, err := Lookup(c.method)
		if err != nil {
			t.Fatal(err)
		}
		batch := []objective.Group{{}}
		for _, name := range strings.Fields(c.sources) {
			batch = append(batch, objective.Group{{Source: byName[name]}})
		}
		unread, err := m.Unread(m.Defaults(), batch)
		var names []string
		for _, s := range unread {
			names = append(names, s.String())
		}
		if strings.Join(names, " ") != c.unread || (err == nil) != (c.err == "") ||
			err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s of %s: unread %v, %v", c.method, c.sources, names, err)
		}
	}
}
