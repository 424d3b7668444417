package guide

// choose returns which of some configs of an arm counts, by the tuning part alone. It returns nil
// if none has a measurement within the limits.
//
// If costs are needed, the config counts that reaches the target in most runs. Of equal ones, the
// config counts whose lowest mean of the needed shares is highest or, if no share is needed, that
// is best at the first need. Of these, the first.
func (v view) choose(configs []*Config) *Config {
	var best *Config
	var bestReached int
	var bestScore float64
	for _, c := range configs {
		if v.none(c.Tune) || v.none(c.Judge) {
			continue
		}
		reached, score := v.tuned(c.Tune)
		if best == nil || reached > bestReached || reached == bestReached && score > bestScore {
			best, bestReached, bestScore = c, reached, score
		}
	}
	return best
}

// none reports whether some run has no measurement within the limits.
func (v view) none(runs []Run) bool {
	for _, r := range runs {
		if v.stopOf(r).none {
			return true
		}
	}
	return false
}

// tuned returns in how many runs the target is reached, and a score of which higher is better.
func (v view) tuned(runs []Run) (reached int, score float64) {
	reached = v.reached(runs)
	shares := false
	for _, c := range v.columns {
		if !c.Share || c.Held || c.index == ofReached {
			continue
		}
		mean, ok := v.mean(runs, c)
		if ok && c.Lower {
			mean = 1 - mean
		}
		if ok && (!shares || mean < score) {
			shares, score = true, mean
		}
	}
	for _, c := range v.columns {
		if mean, ok := v.mean(runs, c); !shares && ok && c.index != ofReached {
			return reached, c.oriented(mean)
		}
	}
	return reached, score
}

// reached returns in how many runs the target is reached; without a target, in all.
func (v view) reached(runs []Run) (n int) {
	for _, r := range runs {
		if v.stopOf(r).reached {
			n++
		}
	}
	return n
}

// mean returns the mean of a column at the stops of runs. ok is false if a run was not measured
// there.
func (v view) mean(runs []Run, c column) (mean float64, ok bool) {
	for _, r := range runs {
		x, ok := v.value(c, r, v.stopOf(r).at)
		if !ok {
			return 0, false
		}
		mean += x
	}
	return mean / float64(len(runs)), true
}
