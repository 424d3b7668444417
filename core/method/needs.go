package method

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"posttrain/core/param"
)

// CheckNeeds finds the first field that an objective with these needs would miss in a batch, and names it:
// "groups[0][1].old_logp: missing, ...". Completions from sources that are not needed may lack anything.
// [Method.CheckNeeds] also names the method.
func CheckNeeds(needs Needs, batch []Group) error {
	return checkNeeds("", needs, batch)
}

func checkNeeds(who string, needs Needs, batch []Group) error {
	for g, group := range batch {
		for i, c := range group {
			if !needs.Has(eats(c.Source)) {
				continue
			}
			for _, f := range c.fields() {
				if *f.values == nil && c.Len() > 0 && needs.Has(f.need) && !f.spared(c.Source, needs) {
					return fmt.Errorf("groups[%d][%d].%s: missing, %s needs it (it reads: %v)", g, i, f.name, cmp.Or(who, "this objective"), needs)
				}
			}
		}
	}
	return nil
}

// Unread returns the sources of those completions in a batch that the method does not read at these settings, whose coefficients are
// therefore 0. When it learns from none at all, the error says what it would learn from.
func (m Method) Unread(v param.Values, batch []Group) (unread []Source, err error) {
	var have []Source
	for _, c := range slices.Concat(batch...) {
		if !slices.Contains(have, c.Source) {
			have = append(have, c.Source)
		}
	}
	needs, learns := m.Build(v).Needs(), false
	for _, s := range have {
		if !needs.Has(eats(s)) {
			unread = append(unread, s)
		} else if s != Greedy { // a baseline alone
			learns = true
		}
	}
	if learns || have == nil {
		return unread, nil
	}
	var wanted []Source
	for i := range sourceNames {
		if s := Source(i); s != Greedy && needs.Has(eats(s)) {
			wanted = append(wanted, s)
		}
	}
	return unread, fmt.Errorf("%s learns from completions whose source is %s, and there are none: the sources in the batch are %s", m.Name, listed(wanted), listed(have))
}

func listed(sources []Source) string {
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = s.String()
	}
	return strings.Join(names, ", ")
}

// field is a per-token field of a completion under its name in JSON.
type field struct {
	name   string
	need   Needs
	values *[]float64
}

// fields lists the per-token fields in the order of the type.
func (c *Completion) fields() []field {
	return []field{
		{"logp", Logp, &c.Logp},
		{"old_logp", OldLogp, &c.OldLogp},
		{"ref_logp", RefLogp, &c.RefLogp},
		{"teacher_logp", TeacherLogp, &c.TeacherLogp},
		{"value", Value, &c.Value},
		{"old_value", Value, &c.OldValue},
		{"entropy", Entropy, &c.Entropy},
		{"dist", Dist, &c.Dist},
		{"ref_dist", RefDist, &c.RefDist},
		{"teacher_dist", TeacherDist, &c.TeacherDist},
	}
}

// spared reports that the field is not asked of a source: a greedy answer has its reward alone, and what belongs to sampling
// is asked of rollouts when there are any.
func (f field) spared(s Source, needs Needs) bool {
	return s == Greedy || s != Rollout && needs.Has(Rollouts) && (f.need == Value || f.need == OldLogp && s != Replayed)
}
