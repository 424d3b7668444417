package design

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/recipe"
)

// Cells returns what the study computes: every arm in every config, on every base with every seed,
// separately for the tuning part and for the judged part. No two cells have the same link.
//
// They are in the order of the plan: experiments in the order of the file; of each the tuning part,
// then the judged part; of each part one base after the other, so that a base is computed once; on
// each base the arms in the order of the file with their configs; of each config the seeds. Bases
// and seeds are in the order of the file.
func (s *Study) Cells() []Cell { return slices.Clone(s.cells) }

// count returns how many cells an experiment has, or most+1 if there are more.
func (e Experiment) count(most int) int {
	configs := 0
	for _, a := range e.Arms {
		configs += len(a.Configs)
	}
	bases := func(b []uint64) int { // without bases there is one group of cells for each part
		if len(e.Bases.Judge) == 0 {
			return 1
		}
		return len(b)
	}
	runs := bases(e.Bases.Tune)*len(e.Seeds.Tune) + bases(e.Bases.Judge)*len(e.Seeds.Judge)
	if configs > 0 && runs > most/configs {
		return most + 1
	}
	return configs * runs
}

// makeCells returns the cells of an experiment, whose recipe without lanes is r. It makes the
// recipe of every cell, so that none of them is refused later.
func (e Experiment) makeCells(r *recipe.Recipe) (all []Cell, err error) {
	for _, part := range []struct {
		name         Part
		bases, seeds []uint64
	}{{Tune, e.Bases.Tune, e.Seeds.Tune}, {Judge, e.Bases.Judge, e.Seeds.Judge}} {
		if len(e.Bases.Judge) == 0 {
			part.bases = []uint64{0}
		}
		for _, base := range part.bases {
			on := r.Clone()
			if len(e.Bases.Judge) > 0 {
				if err := on.SetBaseKnob("seed", strconv.FormatUint(base, 10)); err != nil {
					return nil, err
				}
			}
			for _, a := range e.Arms {
				for _, config := range a.Configs {
					one := Cell{Experiment: e.Name, Arm: a.Name, Config: config, Base: base,
						Part: part.name}
					with := on.Clone()
					if err := with.SetLanes(config); err != nil {
						return nil, fmt.Errorf("arm %s: %w", a.Name, err)
					}
					for _, seed := range part.seeds {
						if err := with.SetSeed(seed); err != nil {
							return nil, err
						}
						one.Seed, one.Link = seed, with.Link()
						all = append(all, one)
					}
				}
			}
		}
	}
	return all, nil
}
