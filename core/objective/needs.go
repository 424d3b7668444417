package objective

import (
	"cmp"
	"fmt"
)

// CheckNeeds returns an error that names the first field that a batch lacks for an objective with
// these needs, such as "groups[0][1].old_logp: missing, ...". Completions of sources that are not
// needed may lack anything. The error calls the objective by the name who, or "this objective" if
// who is empty.
func CheckNeeds(who string, needs Needs, batch []Group) error {
	for g, group := range batch {
		for i, c := range group {
			if !needs.Has(SourceNeed(c.Source)) {
				continue
			}
			for _, f := range c.Fields() {
				if *f.Values == nil && c.Len() > 0 && needs.Has(f.Need) && !f.mayLack(c.Source,
					needs) {
					return fmt.Errorf("groups[%d][%d].%s: missing, %s needs it (it reads: %v)", g,
						i, f.Name, cmp.Or(who, "this objective"), needs)
				}
			}
		}
	}
	return nil
}

// Field is a per-token field of a completion with its name in JSON.
type Field struct {
	Name   string
	Need   Needs
	Values *[]float64
}

// Fields returns the per-token fields in the order of the type.
func (c *Completion) Fields() []Field {
	return []Field{
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

// mayLack reports whether completions of a source may lack the field. A greedy answer needs its
// reward alone, and fields about sampling are only needed of rollouts if there are any.
func (f Field) mayLack(s Source, needs Needs) bool {
	return s == Greedy || s != Rollout && needs.Has(Rollouts) &&
		(f.Need == Value || f.Need == OldLogp && s != Replayed)
}
