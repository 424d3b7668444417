package article

import (
	"cmp"
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective/knob"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// KnobEntry is a knob with everything that has it. Knobs of one name that mean the same are one
// entry.
type KnobEntry struct {
	ID     string // its name, with a word behind it if the name alone could mean another knob
	Knob   param.Knob
	Group  KnobGroup
	Has    []Holder
	Varies bool   // what it accepts differs between those that have it
	Uses   []Use  // in exhibits
	Usual  string // values in papers; "" if nothing is known
	// Source is the paper that it comes from, or a sentence that says why there is none.
	Source string
}

// Holder is something that has a knob, with its default there.
type Holder struct {
	Ref
	Default string
}

// Use is a setting in the recipe of an exhibit.
type Use struct {
	Exhibit Ref
	Setting string
	Changed bool // it is not the default
}

// KnobGroup says what a knob belongs to.
type KnobGroup string

// The groups in their order. Knobs of a single method, task or exhibit are explained where that is.
const (
	ExperimentKnobs KnobGroup = "experiment" // the recipe, and what tasks share
	StageKnobs      KnobGroup = "stage"      // of the trainer, for every method that can use them
	MethodsKnobs    KnobGroup = "methods"    // several methods
	LabelKnobs      KnobGroup = "labels"     // annotators, and reward models that learn from them
	BaseKnobs       KnobGroup = "base"       // how bases are made
	TaskKnobs       KnobGroup = "task"       // one task
	MethodKnobs     KnobGroup = "method"     // one method, and perhaps the dial board
	ExhibitKnobs    KnobGroup = "exhibit"    // one exhibit
)

// KnobGroups returns the groups in their order.
func KnobGroups() []KnobGroup {
	return []KnobGroup{ExperimentKnobs, StageKnobs, MethodsKnobs, LabelKnobs, BaseKnobs, TaskKnobs,
		MethodKnobs, ExhibitKnobs}
}

// Alone reports whether the knobs of the group belong to a single thing each.
func (g KnobGroup) Alone() bool {
	return g == TaskKnobs || g == MethodKnobs || g == ExhibitKnobs
}

// allKnobs returns every knob of the catalogue, by group and in declared order.
func (l *Library) allKnobs() []KnobEntry {
	var all knobList
	for _, t := range l.c.Tasks() {
		of := Ref{Task, t.Name, t.Title}
		all.add(ExperimentKnobs, of, l.c.Knobs(t)...)
		all.add(TaskKnobs, of, t.Knobs...)
		all.add(TaskKnobs, of, t.Sizes...)
	}
	for _, m := range l.c.Methods() {
		of := Ref{Method, m.Name, m.Title}
		all.add(MethodKnobs, of, m.Knobs...)
		all.add(StageKnobs, of, train.MethodKnobs(m)[len(m.Knobs):]...)
		for _, t := range l.tasks {
			for _, k := range without(l.laneKnobs(t, m), t.Knobs) {
				if e := all.find(k); e == nil || e.Group == StageKnobs {
					all.add(StageKnobs, of, k)
				}
			}
		}
	}
	for _, b := range l.c.Bases() {
		all.add(BaseKnobs, Ref{Base, b.Name, b.Title}, b.Values().Knobs()...)
	}
	for _, e := range l.recipes {
		all.add(ExhibitKnobs, Ref{Exhibit, e.exhibit.Name, e.exhibit.Title},
			ownKnobs(e.recipe)...)
	}
	all.settle()
	all.observe(l.recipes)
	for i := range all {
		all[i].annotate(l.c)
	}
	return all
}

// without returns the knobs that have other names than some others.
func without(knobs, others []param.Knob) []param.Knob {
	return slices.DeleteFunc(knobs, func(k param.Knob) bool {
		return slices.ContainsFunc(others, func(o param.Knob) bool { return o.Name == k.Name })
	})
}

// knobList is a list of knobs under construction.
type knobList []KnobEntry

// add adds knobs of something to the list.
func (l *knobList) add(g KnobGroup, of Ref, knobs ...param.Knob) {
	for _, k := range knobs {
		holder := Holder{of, knobDefault(k)}
		if e := l.find(k); e != nil {
			e.Varies = e.Varies || e.Knob.Accepts() != k.Accepts()
			if !slices.Contains(e.Has, holder) {
				e.Has = append(e.Has, holder)
			}
			continue
		}
		*l = append(*l, KnobEntry{Knob: k, Group: g, Has: []Holder{holder}})
	}
}

// settle orders the knobs by group and gives them their IDs, once all that have them are known.
func (l knobList) settle() {
	for i := range l {
		l[i].Group = l[i].group()
	}
	slices.SortStableFunc(l, func(a, b KnobEntry) int {
		return slices.Index(KnobGroups(), a.Group) - slices.Index(KnobGroups(), b.Group)
	})
	for i := range l {
		l[i].ID = l.id(i)
	}
}

// find returns the entry of a knob, and nil if there is none.
func (l knobList) find(k param.Knob) *KnobEntry {
	for i := range l {
		if l[i].Knob.Name == k.Name && l[i].Knob.Doc == k.Doc {
			return &l[i]
		}
	}
	return nil
}

// group returns the group of the knob once all that have it are known. What several tasks share
// belongs to the experiment, what several methods share to the methods.
func (k KnobEntry) group() KnobGroup {
	switch {
	case k.Group == TaskKnobs && len(k.Has) > 1:
		return ExperimentKnobs
	case slices.ContainsFunc(knob.RewardModel(), func(o param.Knob) bool {
		return o.Name == k.Knob.Name
	}):
		return LabelKnobs
	case k.Group == MethodKnobs && len(k.owners()) > 1:
		return MethodsKnobs
	}
	return k.Group
}

// owners returns what has the knob, without the dial board unless that is all.
func (k KnobEntry) owners() []Holder {
	others := slices.DeleteFunc(slices.Clone(k.Has), func(h Holder) bool {
		return h.Kind == Method && h.Name == method.Dials.Name
	})
	if len(others) == 0 {
		return k.Has
	}
	return others
}

// id returns the ID of an entry. Of several knobs of one name, the name alone stands for the one
// that most have, of those in the first group, if that one is shared.
func (l knobList) id(i int) string {
	k, first, same := l[i], -1, 0
	for j, o := range l {
		if o.Knob.Name != k.Knob.Name {
			continue
		}
		if same++; first < 0 || o.Group == l[first].Group && len(o.Has) > len(l[first].Has) {
			first = j
		}
	}
	switch {
	case same == 1 || first == i && !k.Group.Alone():
		return k.Knob.Name
	case k.Group == BaseKnobs || k.Group == StageKnobs:
		return k.Knob.Name + "-" + string(k.Group)
	}
	return k.Knob.Name + "-" + k.owners()[0].Name
}

// observe notes the settings of the knobs in exhibits.
func (l knobList) observe(exhibits []exhibitRecipe) {
	note := func(e recipe.Exhibit, v param.Values) {
		changed := v.Changed()
		for _, k := range v.Knobs() {
			if entry := l.find(k); entry != nil {
				setting := v.Text(k.Name)
				entry.Uses = append(entry.Uses, Use{Ref{Exhibit, e.Name, e.Title},
					cmp.Or(setting, "empty"),
					slices.Contains(changed, k.Name+"="+setting)})
			}
		}
	}
	for _, e := range exhibits {
		note(e.exhibit, e.recipe.Values)
		for _, lane := range e.recipe.Lanes {
			for _, s := range lane {
				note(e.exhibit, s.Values)
			}
		}
	}
}

// lookupKnob returns the entry of an ID.
func lookupKnob(all []KnobEntry, id string) (KnobEntry, error) {
	for _, k := range all {
		if k.ID == id {
			return k, nil
		}
	}
	return KnobEntry{}, param.Unknown("knob", id, names(all, func(k KnobEntry) string {
		return k.ID
	}))
}
