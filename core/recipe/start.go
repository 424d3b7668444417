package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/model"
)

// base returns the name of the base that a lane starts from. It returns "" if the lane starts from
// the user's base, or if there is no base at all.
func (r *Recipe) base(lane Lane) string {
	if len(lane) > 0 && lane[0].Values.Has("base") && lane[0].Values.Choice("base") != sameBase {
		return lane[0].Values.Choice("base")
	}
	if r.userBase != nil || !r.Values.Has("base") {
		return ""
	}
	return r.Values.Choice("base")
}

// teacher returns the name of the base that is a teacher in this recipe. It returns "" if no method
// of the recipe learns from one.
func (r *Recipe) teacher() string {
	if !r.Values.Has("teacher") {
		return ""
	}
	for _, lane := range r.Lanes {
		for _, stage := range lane {
			if isTaught(stage.Method) {
				return r.Values.Choice("teacher")
			}
		}
	}
	return ""
}

// Bases returns the names of the bases whose files the recipe needs: those that lanes start from,
// then the teacher. Bases that are computed are left out.
func (r *Recipe) Bases() []string {
	names := []string{} // in JSON an empty list, where nil would be null
	add := func(name string) {
		b, err := r.catalogue.Base(name)
		if err == nil && !b.Computed && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, lane := range r.Lanes {
		add(r.base(lane))
	}
	add(r.teacher())
	return names
}

// Start returns the model that a lane starts from.
func (r *Recipe) Start(lane int) (*model.Params, error) {
	name := r.base(r.Lanes[lane])
	switch {
	case name != "":
		return r.catalogue.LoadBase(name)
	case r.userBase != nil:
		return r.userBase.load()
	}
	return nil, fmt.Errorf("task %s has no base model yet: want a task with one (%s)",
		r.Task.Name, strings.Join(names(r.catalogue.entries.Bases, Base.name), ", "))
}

// starts returns the model that each lane starts from. Lanes with the same base share its model.
func (r *Recipe) starts() ([]*model.Params, error) {
	all := make([]*model.Params, len(r.Lanes))
	for i, lane := range r.Lanes {
		same := func(o Lane) bool { return r.base(o) == r.base(lane) }
		if first := slices.IndexFunc(r.Lanes, same); first < i {
			all[i] = all[first]
			continue
		}
		var err error
		if all[i], err = r.Start(i); err != nil {
			return nil, err
		}
	}
	return all, nil
}
