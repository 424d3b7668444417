package recipe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

// base returns the name of the base that a lane starts from. It returns "" if the lane starts from
// the user's base, or if there is no base at all.
func (r *Recipe) base(lane Lane) string {
	if len(lane) > 0 && lane[0].Values.Has("base") && lane[0].Values.Choice("base") != SameBase {
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
			if isTaught(stage) {
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
	for _, b := range r.needed() {
		if !b.Computed && r.isDeclared(b) {
			names = append(names, b.Name)
		}
	}
	return names
}

// Unshipped returns the bases that the recipe needs and that are not part of the program, because
// the link gives them other settings. They have to be computed and supplied before the recipe is
// run.
func (r *Recipe) Unshipped() []Base {
	return slices.DeleteFunc(r.needed(), r.isDeclared)
}

// needed returns the bases that lanes start from, and then the teacher.
func (r *Recipe) needed() (all []Base) {
	add := func(name string) {
		same := func(b Base) bool { return b.Name == name }
		if b, err := r.baseNamed(name); err == nil && !slices.ContainsFunc(all, same) {
			all = append(all, b)
		}
	}
	for _, lane := range r.Lanes {
		add(r.base(lane))
	}
	add(r.teacher())
	return all
}

// isDeclared reports whether a base is as the catalogue declares it.
func (r *Recipe) isDeclared(b Base) bool {
	if b.Task.Program != "" {
		return false // it is no part of the program
	}
	if b.values == nil {
		return true
	}
	declared, err := r.catalogue.Base(b.Name)
	return err == nil && declared.Origin() == b.Origin()
}

// Bytes returns at least how much memory the lanes take that run at the same time: the copies of
// the model that their methods keep, and their base.
func (r *Recipe) Bytes(atOnce int) float64 {
	var bytes []float64
	for _, lane := range r.Lanes {
		b, err := r.baseNamed(r.base(lane))
		if err != nil {
			continue // no network, or a model from a file, which is in memory already
		}
		most := 0.0
		for _, stage := range lane {
			most = max(most, train.Estimate(stage.Method, stage.Values).Bytes(b.Config()))
		}
		bytes = append(bytes, most+float64(4*b.Config().Weights()))
	}
	slices.Sort(bytes)
	slices.Reverse(bytes)
	sum := 0.0
	for _, b := range bytes[:min(atOnce, len(bytes))] {
		sum += b
	}
	return sum
}

// Weights returns how many weights the largest model has that a lane starts from: 0 without a
// network, and for a model from a file.
func (r *Recipe) Weights() (most int) {
	for _, lane := range r.Lanes {
		if b, err := r.baseNamed(r.base(lane)); err == nil {
			most = max(most, b.Config().Weights())
		}
	}
	return most
}

// Supply gives the recipe the weights of a base that is not part of the program.
func (r *Recipe) Supply(b Base, p *model.Params) { r.bases.given[b.Key()] = p }

// load returns the model of one of the recipe's bases.
func (r *Recipe) load(name string) (*model.Params, error) {
	b, err := r.baseNamed(name)
	if err != nil {
		return nil, err
	}
	if r.isDeclared(b) {
		return r.catalogue.LoadBase(name)
	}
	if p := r.bases.given[b.Key()]; p != nil {
		return p, nil
	}
	file, err := r.catalogue.readShippedBase(b.Key())
	if err != nil {
		return nil, fmt.Errorf("base %s has to be computed before the recipe is run", b.text())
	}
	m, err := checkpoint.DecodeModel(file)
	if err == nil {
		err = b.CheckModel(m)
	}
	if err != nil {
		return nil, fmt.Errorf("base %s: %w", b.text(), err)
	}
	return m.Params, nil
}

// Start returns the model that a lane starts from.
func (r *Recipe) Start(lane int) (*model.Params, error) {
	name := r.base(r.Lanes[lane])
	switch {
	case name != "":
		return r.load(name)
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
