package analysis

import (
	"github.com/posttrain/posttrain/core/study/design"
)

// Tuned is what the tuning part shows of a config.
type Tuned struct {
	Config string
	Value  float64 // the mean of the metric that is chosen by, at the point of the comparison
	Runs   int
	Early  int // runs that ended before the point
	Chosen bool
}

// choose returns the config of an arm that counts in a comparison, and how all of them did on the
// tuning part. Of equally good configs the first one in the order of the file counts.
func (f *Findings) choose(a design.ArmName, c *design.Comparison) (string, []Tuned, error) {
	configs := f.configs(a)
	if len(configs) == 1 || c.Choose == nil {
		return configs[0], nil, nil
	}
	var all []Tuned
	best := 0
	for i, config := range configs {
		runs, err := f.look(f.Runs(a, config, design.Tune), c.At, c.Choose.Metric)
		if err != nil {
			return "", nil, err
		}
		all = append(all, Tuned{Config: config, Value: mean(runs), Runs: len(runs),
			Early: early(runs)})
		if all[i].betterThan(all[best], c) {
			best = i
		}
	}
	all[best].Chosen = true
	return configs[best], all, nil
}

// betterThan reports whether a config is to be preferred to another one.
func (t Tuned) betterThan(other Tuned, c *design.Comparison) bool {
	switch {
	case c.At.Where == design.Reach && t.Early != other.Early:
		return t.Early < other.Early
	case c.Choose.Lowest:
		return t.Value < other.Value
	}
	return t.Value > other.Value
}

// configs returns the configs of an arm in the order of the file.
func (f *Findings) configs(name design.ArmName) []string {
	for _, e := range f.Study.Experiments {
		for _, a := range e.Arms {
			if e.Name == name.Experiment && a.Name == name.Arm {
				return a.Configs
			}
		}
	}
	return nil
}

// Chosen returns the configs of an arm that hypotheses compare, each once, in the order of the
// hypotheses. If there is none it returns the config whose mean of a metric at the end is highest
// on the tuning part or, without one, the first.
func (f *Findings) Chosen(name design.ArmName, metric string) []string {
	var chosen []string
	seen := map[string]bool{}
	for _, v := range f.Verdicts {
		if v.Compared == nil {
			continue
		}
		for _, s := range []Side{v.Compared.Higher, v.Compared.Lower} {
			if s.Arm != nil && *s.Arm == name && !seen[s.Config] {
				seen[s.Config] = true
				chosen = append(chosen, s.Config)
			}
		}
	}
	if chosen != nil {
		return chosen
	}
	best, highest := f.configs(name)[0], 0.0
	for i, config := range f.configs(name) {
		m, ok := f.Mean(name, config, design.Tune, design.Point{Where: design.End}, metric)
		if ok && (i == 0 || m.Value > highest) {
			best, highest = config, m.Value
		}
	}
	return []string{best}
}
