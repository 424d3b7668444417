package design

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/recipe"
)

// Outlay is an estimate of what the cells of a study take.
type Outlay struct {
	Arms  []ArmOutlay   `json:"arms"`  // in the order of the file
	Bases []recipe.Base `json:"-"`     // that have to be computed first, each once
	Count int           `json:"bases"` // of them

	Pretraining float64 `json:"pretraining"` // FLOPs of those bases
	Training    float64 `json:"training"`    // FLOPs of all cells, as ledgers will count them
	Measuring   float64 `json:"measuring"`   // FLOPs of measuring them
}

// FLOPs returns all of it.
func (o Outlay) FLOPs() float64 { return o.Pretraining + o.Training + o.Measuring }

// ArmOutlay is an estimate for the cells of an arm.
type ArmOutlay struct {
	ArmName
	Cells int `json:"cells"`
	recipe.Outlay
}

// Outlay estimates what the cells of a study take. c is the catalogue that the study was parsed
// with.
func (s *Study) Outlay(c *recipe.Catalogue) (o Outlay, err error) {
	keys := map[string]bool{}
	for _, e := range s.Experiments {
		r, err := c.ParseTask(e.Recipe)
		if err != nil {
			return o, fmt.Errorf("experiment %s: %w", e.Name, err)
		}
		bases := slices.Concat(e.Bases.Tune, e.Bases.Judge)
		runs := len(e.Seeds.Tune) + len(e.Seeds.Judge)
		if len(bases) > 0 {
			runs = len(e.Bases.Tune)*len(e.Seeds.Tune) + len(e.Bases.Judge)*len(e.Seeds.Judge)
		}
		for _, a := range e.Arms {
			of := ArmOutlay{ArmName: ArmName{e.Name, a.Name}, Cells: runs * len(a.Configs)}
			seen := map[string]bool{}
			for _, config := range a.Configs {
				if err := r.SetLanes(config); err != nil {
					return o, fmt.Errorf("arm %s: %w", of.ArmName, err)
				}
				one := r.Outlay()
				of.Training += float64(float64(runs) * one.Training)
				of.Measuring += float64(float64(runs) * one.Measuring)
				if one.Shape.Weights() >= of.Shape.Weights() {
					of.Shape, of.Tokens = one.Shape, max(of.Tokens, one.Tokens)
				}
				if m := methods(config); !seen[m] { // which decide what bases are needed
					seen[m] = true
					if err := o.addBases(r, bases, keys); err != nil {
						return o, fmt.Errorf("arm %s: %w", of.ArmName, err)
					}
				}
			}
			o.Arms = append(o.Arms, of)
			o.Training, o.Measuring = o.Training+of.Training, o.Measuring+of.Measuring
		}
	}
	o.Count = len(o.Bases)
	return o, nil
}

// methods returns a lane without its settings, such as sft~grpo.
func methods(lane string) string {
	stages := strings.Split(lane, "~")
	for i, stage := range stages {
		stages[i], _, _ = strings.Cut(stage, ",")
	}
	return strings.Join(stages, "~")
}

// addBases adds the bases that have to be computed for the lane of a recipe. keys has those that
// were added.
func (o *Outlay) addBases(r *recipe.Recipe, seeds []uint64, keys map[string]bool) error {
	for _, seed := range seeds {
		if err := r.SetBaseKnob("seed", strconv.FormatUint(seed, 10)); err != nil {
			return err
		}
		for _, b := range r.Unshipped() {
			if key := b.Key(); !keys[key] {
				keys[key] = true
				o.Bases = append(o.Bases, b)
				o.Pretraining += b.Pretraining().FLOPs()
			}
		}
	}
	return nil
}
