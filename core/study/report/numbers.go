package report

import (
	"fmt"
	"math"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/study/analysis"
)

// minus replaces the hyphen of negative numbers.
var minus = strings.NewReplacer("-", "−")

// number writes a value of a metric. Arithmetic has its unit; what other metrics are counted in is
// said where they are named.
func number(metric string, v float64) string {
	if known(v) && metric == flops {
		return bare(metric, v) + " GFLOP"
	}
	return bare(metric, v)
}

const flops = "cost/flops"

func known(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// bare writes a value of a metric without a unit.
func bare(metric string, v float64) string {
	switch d, _ := eval.Define(metric); {
	case !known(v):
		return "not known"
	case d.Unit == eval.Share:
		return minus.Replace(fmt.Sprintf("%.3f", v))
	case metric == flops:
		return minus.Replace(significant(v / 1e9))
	}
	return minus.Replace(significant(v))
}

// significant writes a number with three significant digits, and whole numbers in full.
func significant(v float64) string {
	if math.Abs(v) >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// signed writes a difference of a metric.
func signed(metric string, v float64) string {
	if v > 0 {
		return "+" + number(metric, v)
	}
	return number(metric, v)
}

// meanText writes a mean with its interval, such as 0.912 [0.89, 0.93].
func meanText(metric string, m analysis.Mean) string {
	if m.Interval == nil {
		return number(metric, m.Value)
	}
	text := fmt.Sprintf("%s [%s, %s]", bare(metric, m.Value), bare(metric, m.Interval.Low),
		bare(metric, m.Interval.High))
	if metric == flops {
		text += " GFLOP"
	}
	return text
}

// pText writes a p-value.
func pText(p float64) string {
	switch {
	case p < 0.001:
		return "p < 0.001"
	case p == 1:
		return "p = 1"
	}
	return fmt.Sprintf("p = %.3f", p)
}

// count writes a number of things.
func count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}

func bases(n int) string { return count(n, "base", "bases") }

func seeds(n int) string { return count(n, "seed", "seeds") }
