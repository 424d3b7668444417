package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// pageKeys are the keys of links that only the page uses. They do not change the experiment. The
// address of a recipe has them in this order.
var pageKeys = []string{"hide", "ask", "scene", "axis", "series", "x", "y", "speed", "theme", "tab",
	"lang"}

// unusedKeys are the page keys that never had an effect. Links with them are accepted all the same.
// The page says that they have no effect, and no error suggests them.
var unusedKeys = []string{"ask", "speed", "theme", "tab", "lang"}

// packedKeys are the keys of links whose values no person writes: the digests of what a user has
// brought, and the same packed.
var packedKeys = []string{"data", "rows", "reward", "script"}

// unused returns the keys of the link that have no effect.
func (r *Recipe) unused() []string {
	return slices.DeleteFunc(slices.Clone(unusedKeys),
		func(key string) bool { return r.page[key] == "" })
}

// misplaced returns an error for a setting in a lane that is none of the lane's values and belongs
// to the base or to the whole link.
func (c *Catalogue) misplaced(t task.Task, values param.Values, key, value string) error {
	if values.Has(key) {
		return nil
	}
	if slices.ContainsFunc(slices.Concat(c.Knobs(t), t.Sizes),
		func(k param.Knob) bool { return k.Name == key }) {
		return fmt.Errorf("%s belongs to the whole link: put it before the lanes, as in "+
			"%s?%s=%s&lane=sft", key, t.Name, key, value)
	}
	if b, err := c.Base(t.Base); err == nil && b.Values().Has(key) {
		return errOfBase(b, key, value)
	}
	return nil
}

// errOfBase returns the error for a setting of the base that was put elsewhere.
func errOfBase(b Base, key, value string) error {
	return fmt.Errorf("%s belongs to the base: put it behind the base's name, as in base=%s,%s=%s",
		key, b.Name, key, value)
}

// unknownKey returns the error for a key that links on this task cannot have. It lists the accepted
// keys. It suggests the nearest name, which may also be that of a setting of lanes.
func (r *Recipe) unknownKey(key, value string) error {
	known := []string{"v", "lane"}
	for _, k := range r.Values.Knobs() {
		known = append(known, k.Name)
	}
	for _, k := range r.Task.Sizes {
		known = append(known, k.Name)
	}
	known = append(known, packedKeys...)
	for _, k := range pageKeys {
		if !slices.Contains(unusedKeys, k) {
			known = append(known, k)
		}
	}
	// methods maps the name of a setting to a method that has it
	names, methods := slices.Clone(known), map[string]string{}
	// the methods that most people know come first, since the error quotes one as an example
	rank := func(m method.Method) int { return -slices.Index([]string{"grpo", "sft"}, m.Name) }
	for _, m := range slices.SortedStableFunc(slices.Values(r.policy().methods()),
		func(a, b method.Method) int { return rank(a) - rank(b) }) {
		for _, k := range r.policy().stageKnobs(m, false) {
			if !slices.Contains(names, k.Name) {
				names, methods[k.Name] = append(names, k.Name), m.Name
			}
		}
	}
	if b := r.bases.main; b.Name != "" && b.Values().Has(key) && methods[key] == "" {
		return errOfBase(b, key, value)
	}
	nearest := param.Nearest(key, names)
	m, inLane := methods[nearest]
	switch {
	case !inLane:
		return param.Unknown("key", key, known)
	case nearest == key:
		return fmt.Errorf("%s belongs to a lane: put it after the method, as in lane=%s,%s=%s", key,
			m, key, value)
	}
	return fmt.Errorf("unknown key %s: did you mean %s? It belongs to a lane, as in "+
		"lane=%s,%s=%s; accepted here: %s", param.Quote(key), nearest, m, nearest, value,
		strings.Join(known, ", "))
}
