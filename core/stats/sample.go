package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Score is one measured value of a lane.
type Score struct {
	Base   string // the base that the lane started from
	Seed   uint64 // the seed of the run on that base
	Prompt string // "" if the metric is one number for each run
	Value  float64
}

// cell returns the place of the score in the design, as text for error messages.
func (s Score) cell() string {
	if s.Prompt == "" {
		return fmt.Sprintf("base %q, seed %d", s.Base, s.Seed)
	}
	return fmt.Sprintf("base %q, seed %d, prompt %q", s.Base, s.Seed, s.Prompt)
}

// Design has the numbers of bases, of seeds on each base and of prompts. Every run answers the same
// prompts. Prompts is 1 if a metric is one number for each run.
type Design struct {
	Bases, Seeds, Prompts int
}

// String returns the design as text, such as "5x3x128".
func (d Design) String() string {
	return fmt.Sprintf("%dx%dx%d", d.Bases, d.Seeds, d.Prompts)
}

func (d Design) scores() int { return d.Bases * d.Seeds * d.Prompts }

// Sample has the scores of one lane, one for every base, seed and prompt. Equal seeds on different
// bases are different runs: seeds are nested in bases, and prompts cross both.
type Sample struct {
	bases, prompts []string
	seeds          []uint64
	values         []float64 // base by base, in it seed by seed, in it prompt by prompt
}

// NewSample returns the sample of scores, in any order. It returns an error if there are none, if
// one is not finite or is there twice, or if a combination of base, seed and prompt has none.
func NewSample(scores []Score) (Sample, error) {
	var s Sample
	if len(scores) == 0 {
		return s, fmt.Errorf("a sample needs at least one score")
	}
	for _, one := range scores {
		s.bases = append(s.bases, one.Base)
		s.seeds = append(s.seeds, one.Seed)
		s.prompts = append(s.prompts, one.Prompt)
	}
	s.bases, s.seeds, s.prompts = distinct(s.bases), distinct(s.seeds), distinct(s.prompts)
	s.values = make([]float64, s.Design().scores())
	there := make([]bool, len(s.values))
	for _, one := range scores {
		b, _ := slices.BinarySearch(s.bases, one.Base)
		r, _ := slices.BinarySearch(s.seeds, one.Seed)
		p, _ := slices.BinarySearch(s.prompts, one.Prompt)
		at := s.index(b, r, p)
		if there[at] {
			return s, fmt.Errorf("two scores for %s: want one", one.cell())
		}
		if math.IsNaN(one.Value) || math.IsInf(one.Value, 0) {
			return s, fmt.Errorf("the score of %s is %v: want a finite number", one.cell(),
				one.Value)
		}
		there[at], s.values[at] = true, one.Value
	}
	if at := slices.Index(there, false); at >= 0 {
		return s, fmt.Errorf("no score for %s", s.score(at).cell())
	}
	return s, nil
}

// distinct sorts a slice and removes repeated elements.
func distinct[T string | uint64](all []T) []T {
	slices.Sort(all)
	return slices.Compact(all)
}

// Design returns the numbers of bases, seeds and prompts.
func (s Sample) Design() Design { return Design{len(s.bases), len(s.seeds), len(s.prompts)} }

// Scores returns the scores, sorted by base, seed and prompt.
func (s Sample) Scores() []Score {
	all := make([]Score, len(s.values))
	for i := range all {
		all[i] = s.score(i)
	}
	return all
}

func (s Sample) index(base, seed, prompt int) int {
	return (base*len(s.seeds)+seed)*len(s.prompts) + prompt
}

func (s Sample) score(at int) Score {
	run, prompt := at/len(s.prompts), at%len(s.prompts)
	return Score{s.bases[run/len(s.seeds)], s.seeds[run%len(s.seeds)], s.prompts[prompt],
		s.values[at]}
}

// RunMeans returns the mean over prompts of each run, by base and seed. These are the points to
// draw beside every mean.
func (s Sample) RunMeans() [][]float64 {
	means := make([][]float64, len(s.bases))
	for b := range means {
		for r := range s.seeds {
			run := s.values[s.index(b, r, 0):][:len(s.prompts)]
			means[b] = append(means[b], stat.Mean(run, nil))
		}
	}
	return means
}

// BaseMeans returns the mean over seeds and prompts of each base.
func (s Sample) BaseMeans() []float64 {
	means := make([]float64, len(s.bases))
	for b, ofBase := range s.RunMeans() {
		means[b] = stat.Mean(ofBase, nil)
	}
	return means
}

// overPrompts returns the sample with the mean over prompts for each run.
func (s Sample) overPrompts() Sample {
	return Sample{s.bases, []string{""}, s.seeds, slices.Concat(s.RunMeans()...)}
}

// overSeeds returns the sample with the mean over seeds for each base and prompt. Its seed is 0.
func (s Sample) overSeeds() Sample {
	over := Sample{s.bases, s.prompts, []uint64{0}, nil}
	for b := range s.bases {
		for p := range s.prompts {
			sum := 0.0
			for r := range s.seeds {
				sum += s.values[s.index(b, r, p)]
			}
			over.values = append(over.values, sum/float64(len(s.seeds)))
		}
	}
	return over
}

// restricted returns the part of the sample with the given bases, seeds and prompts, which it has.
func (s Sample) restricted(bases []string, seeds []uint64, prompts []string) Sample {
	part := Sample{bases, prompts, seeds, nil}
	for _, base := range bases {
		b, _ := slices.BinarySearch(s.bases, base)
		for _, seed := range seeds {
			r, _ := slices.BinarySearch(s.seeds, seed)
			for _, prompt := range prompts {
				p, _ := slices.BinarySearch(s.prompts, prompt)
				part.values = append(part.values, s.values[s.index(b, r, p)])
			}
		}
	}
	return part
}
