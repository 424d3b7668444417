package stats

import (
	"math"
	"strconv"

	"github.com/posttrain/posttrain/core/num"
)

// world makes synthetic scores. On a logarithmic scale of odds every base, run, prompt and
// base-prompt combination has a normal effect, and a share of the bases fails altogether.
type world struct {
	centre                              float64 // log odds
	bases, seeds, prompts, basesPrompts float64 // standard deviations
	failing, drop                       float64 // share of bases that fail, by how much
	scale                               scale
}

// scale says what the scores of a world are.
type scale int

const (
	binary  scale = iota // each is 0 or 1, with the odds of its latent value
	normal               // the latent value and standard normal noise
	perRun               // a share for each run, over all prompts
	uniform              // the probability itself
)

// latent returns the effects of one draw from a world, by base, seed and prompt, without centre.
func (w world) latent(d Design, seed uint64, name string) []float64 {
	r := num.NewRand(seed, "test/latent", name)
	all := make([]float64, d.scores())
	prompts := make([]float64, d.Prompts)
	for p := range prompts {
		prompts[p] = w.prompts * r.Norm()
	}
	both := make([]float64, d.Prompts)
	i := 0
	for range d.Bases {
		base := w.bases * r.Norm()
		if r.Float64() < w.failing {
			base -= w.drop
		}
		for p := range both {
			both[p] = w.basesPrompts * r.Norm()
		}
		for range d.Seeds {
			run := w.seeds * r.Norm()
			for p := range d.Prompts {
				all[i] = base + run + prompts[p] + both[p]
				i++
			}
		}
	}
	return all
}

// observe turns latent values into scores.
func (w world) observe(latent []float64, d Design, seed uint64, name string) Sample {
	r := num.NewRand(seed, "test/observe", name)
	s := blank(d)
	for i, x := range latent {
		x += w.centre
		switch w.scale {
		case normal:
			s.values[i] = x + r.Norm()
		case uniform:
			s.values[i] = sigmoid(x)
		default:
			if r.Float64() < sigmoid(x) {
				s.values[i] = 1
			}
		}
	}
	if w.scale == perRun {
		s = s.overPrompts()
	}
	return s
}

// sample returns the scores of one lane.
func (w world) sample(d Design, seed uint64) Sample {
	return w.observe(w.latent(d, seed, ""), d, seed, "")
}

// pair returns the scores of two lanes. They share the effects of the world common; each has
// effects of its own like those of w.
func (w world) pair(common world, d Design, seed uint64) Pair {
	shared := common.latent(d, seed, "common")
	lane := func(name string) Sample {
		latent := w.latent(d, seed, name)
		for i, v := range shared {
			latent[i] += v
		}
		return w.observe(latent, d, seed, name)
	}
	return Pair{lane("first"), lane("second")}
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// mean returns the mean score of the world, by numerical integration.
func (w world) mean() float64 {
	of := func(centre float64) float64 {
		if w.scale == normal {
			return centre
		}
		sd := math.Sqrt(square(w.bases) + square(w.seeds) + square(w.prompts) +
			square(w.basesPrompts))
		sum, weights := 0.0, 0.0
		for i := -800; i <= 800; i++ {
			z := float64(i) / 100
			weight := math.Exp(-z * z / 2)
			sum += weight * sigmoid(centre+sd*z)
			weights += weight
		}
		return sum / weights
	}
	return (1-w.failing)*of(w.centre) + w.failing*of(w.centre-w.drop)
}

// blank returns a sample of zeros.
func blank(d Design) Sample {
	s := Sample{values: make([]float64, d.scores())}
	for b := range d.Bases {
		s.bases = append(s.bases, "base"+strconv.Itoa(100+b))
	}
	for r := range d.Seeds {
		s.seeds = append(s.seeds, uint64(r))
	}
	for p := range d.Prompts {
		s.prompts = append(s.prompts, "prompt"+strconv.Itoa(1000+p))
	}
	return s
}

// norm returns the standard deviation of a sum of independent effects.
func norm(a, b float64) float64 { return math.Hypot(a, b) }
