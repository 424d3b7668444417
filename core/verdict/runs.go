package verdict

import (
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/task"
)

// studentsT has the 97.5 % quantiles of Student's t distribution, for 1 degree of freedom and more.
var studentsT = [...]float64{12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060,
	2.2622}

// MostRuns is the largest number of runs that Runs can judge.
const MostRuns = len(studentsT) + 1

// Runs returns sentences on how the metric that decides came out in several runs of one recipe,
// which differ in their seeds or in the seeds of their bases: of each lane the mean and its 95 %
// interval, by Student's t, and which lane was ahead in how many runs. runs has the lanes of each
// run, at most MostRuns. It returns "" for a single run, and until each lane of each run has a
// value.
func Runs(q Question, runs [][]Lane) string {
	metric, values := deciding(q, runs)
	if values == nil {
		return ""
	}
	definition, _ := eval.Define(metric)
	var lanes []string
	for i, l := range runs[0] {
		lanes = append(lanes, quoted(l.Name)+" "+estimated(values[i], definition.Unit))
	}
	what := definition.Title
	if level := LevelOf(metric, q.Levels); level != "" {
		what += " at " + level
	}
	text := fmt.Sprintf("Over %d runs, %s: %s (mean and its 95 %% interval).", len(runs), what,
		prose.List(lanes))
	if len(runs[0]) > 1 {
		text += " " + leads(runs[0], values)
	}
	return text
}

// deciding returns the metric that decides and its values by lane, then by run; nil if one is
// missing.
func deciding(q Question, runs [][]Lane) (metric string, values [][]float64) {
	if len(runs) < 2 || len(runs) > MostRuns || len(q.Levels) == 0 {
		return "", nil
	}
	metric = q.Levels[0].Metric()
	if len(q.About) > 0 {
		metric = q.About[0]
	}
	for i := range runs[0] {
		var own []float64
		for _, run := range runs {
			v, known := run[i].newest(metric)
			if !known || run[i].Step == 0 {
				return "", nil
			}
			own = append(own, v)
		}
		values = append(values, own)
	}
	return metric, values
}

// estimated returns the mean of values and its 95 % interval as text, within the bounds of the
// unit.
func estimated(values []float64, unit string) string {
	n := float64(len(values))
	mean, squares := 0.0, 0.0
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		squares += float64((v - mean) * (v - mean))
	}
	half := float64(studentsT[len(values)-2] * math.Sqrt(squares/(n-1)/n))
	low, high := mean-half, mean+half
	if unit == eval.Share {
		low, high = max(low, 0), min(high, 1)
	}
	return fmt.Sprintf("%s [%s, %s]", formatted(mean, unit), formatted(low, unit),
		formatted(high, unit))
}

// leads returns a sentence on the lanes with the largest value, and in how many runs they had it.
func leads(lanes []Lane, values [][]float64) string {
	runs := len(values[0])
	ahead := make([]int, len(lanes))
	for run := range runs {
		best, ties := 0, 0
		for i := range lanes {
			switch v := values[i][run]; {
			case v > values[best][run]:
				best, ties = i, 0
			case v == values[best][run] && i != best:
				ties++
			}
		}
		if ties == 0 {
			ahead[best]++
		}
	}
	most := slices.Max(ahead)
	if most == 0 {
		return "No lane had the largest value in any of them."
	}
	var names []string
	for i, n := range ahead {
		if n == most {
			names = append(names, quoted(lanes[i].Name))
		}
	}
	each := ""
	if len(names) > 1 {
		each = " each"
	}
	return fmt.Sprintf("%s had the largest value in %d of %d%s.",
		prose.Capital(prose.List(names)), most, runs, each)
}

// Finished reports whether all lanes of a run stand at their last update and have been measured
// there. steps has the number of updates of each.
func Finished(levels []task.Level, lanes []Lane, steps []int) bool {
	for i, l := range lanes {
		if l.Step < steps[i] || !complete(levels, l.Now) {
			return false
		}
	}
	return true
}
