package article

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// Every knob of the catalogue has one entry, with an ID of its own, a source and values. Every note
// is on a knob.
func TestEveryKnobHasAnEntry(t *testing.T) {
	c := recipe.Standard()
	all := library(t).Knobs()
	ids := map[string]bool{}
	for _, k := range all {
		if ids[k.ID] || fragment(k.ID) != k.ID {
			t.Errorf("%q is no ID, or the ID of two knobs", k.ID)
		}
		ids[k.ID] = true
		if k.Source == "" || k.Values() == "" || len(k.Has) == 0 {
			t.Errorf("%s: the source is %q, the usual values are %q, it belongs to %v", k.ID,
				k.Source, k.Values(), k.Has)
		}
	}
	for i, n := range notes {
		if !ids[n.id] {
			t.Errorf("there is no knob %q, which has a note", n.id)
		}
		if slices.ContainsFunc(notes[:i], func(o note) bool { return o.id == n.id }) {
			t.Errorf("%s has two notes", n.id)
		}
	}
	check := func(of string, knobs []param.Knob) {
		for _, k := range knobs {
			if knobList(all).find(k) == nil {
				t.Errorf("%s: the knob %s has no entry", of, k.Name)
			}
		}
	}
	for _, task := range c.Tasks() {
		check(task.Name, slices.Concat(c.Knobs(task), task.Knobs, task.Sizes))
		for _, m := range c.Methods() {
			if task.HasPrompts() {
				check(m.Name+" on "+task.Name, train.StageKnobs(task, m))
			}
		}
	}
	for _, b := range c.Bases() {
		check(b.Name, b.Values().Knobs())
	}
	for _, e := range c.Exhibits() {
		r, err := c.Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		check(e.Name, r.Values.Knobs())
		for _, lane := range r.Lanes {
			for _, s := range lane {
				check(e.Name, s.Values.Knobs())
			}
		}
	}
}

// Values and defaults of a few knobs, from the exhibits and methods as they are.
func TestKnobsAsTheyAre(t *testing.T) {
	c := recipe.Standard()
	for id, want := range map[string]struct{ label, source, used string }{
		"share-clip_cov": {"", "arXiv:2505.22617", ""},
		"k":              {"", "arXiv:2508.10751", ""},
		"lr":             {"learning rate", "arXiv:1711.05101", "Here: "},
		"steps-base":     {"", "Every training run", ""},
		"hand":           {"", "GeneralPoints", ""},
	} {
		k, err := lookupKnob(library(t).knobs, id)
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(k.label(), want.label) || !strings.Contains(k.Source, want.source) ||
			!strings.Contains(k.Values(), want.used) {
			t.Errorf("%s: %q, %q, %q; want %+v", id, k.label(), k.Source, k.Values(), want)
		}
	}
	lowest, highest := 1.0, 0.0
	for _, e := range c.Exhibits() {
		r, err := c.Parse(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, lane := range r.Lanes {
			for _, s := range lane {
				if r.Task.HasPrompts() {
					lr := s.Values.Float("lr")
					lowest, highest = min(lowest, lr), max(highest, lr)
				}
			}
		}
	}
	lr, err := lookupKnob(library(t).knobs, "lr")
	if err != nil {
		t.Fatal(err)
	}
	v := param.Defaults([]param.Knob{lr.Knob.With(lowest), {Name: "top", Type: lr.Knob.Type,
		Min: lr.Knob.Min, Max: lr.Knob.Max, Default: highest, Doc: "the highest"}})
	if want := "Here: " + v.Text("lr") + " to " + v.Text("top") + " in the exhibits."; lr.here() !=
		want {
		t.Errorf("the exhibits use %q, want %q", lr.here(), want)
	}
	if want := "0.0003 in 46 methods, 0.001 in 12 methods, 0.0001 in 7 methods and 3e-05 in " +
		"best_of_n"; !strings.HasPrefix(lr.Defaults(), "0.0003 in ") {
		t.Errorf("the defaults of lr are %q, want something like %q", lr.Defaults(), want)
	}
}

func TestLookupKnobSuggests(t *testing.T) {
	_, err := lookupKnob(library(t).knobs, "epochz")
	if err == nil || !strings.Contains(err.Error(), "epochs") {
		t.Errorf("the error is %v", err)
	}
}
