package design

import (
	"fmt"

	"github.com/posttrain/posttrain/core/prose"
)

// Words returns what decides the hypothesis, as a sentence.
func (h Hypothesis) Words() string {
	if h.Law != nil {
		return h.Law.words()
	}
	return h.Comparison.words()
}

func (c *Comparison) words() string {
	text := fmt.Sprintf("%s of %s is above that of %s by more than %g", c.Metric, c.Higher.words(),
		c.Lower.words(), c.By)
	switch {
	case c.Ratio && c.Lower.isNumber():
		text = fmt.Sprintf("%s of %s is more than %g times %g", c.Metric, c.Higher.words(), c.By,
			c.Lower.Value)
	case c.Ratio:
		text = fmt.Sprintf("%s of %s is more than %g times that of %s", c.Metric, c.Higher.words(),
			c.By, c.Lower.words())
	case c.Lower.isNumber():
		text = fmt.Sprintf("%s of %s is above %g", c.Metric, c.Higher.words(), c.Lower.Value+c.By)
	case c.Higher.isNumber():
		text = fmt.Sprintf("%s of %s is below %g", c.Metric, c.Lower.words(), c.Higher.Value-c.By)
	case c.By == 0:
		text = fmt.Sprintf("%s of %s is above that of %s", c.Metric, c.Higher.words(),
			c.Lower.words())
	case c.By < 0:
		text = fmt.Sprintf("%s of %s is not below that of %s by %g or more", c.Metric,
			c.Higher.words(), c.Lower.words(), -c.By)
	}
	text += ", " + c.At.words()
	if c.Choose != nil {
		which := "highest"
		if c.Choose.Lowest {
			which = "lowest"
		}
		text += fmt.Sprintf(". Of each arm the config counts whose %s is %s there in the tuning "+
			"part", c.Choose.Metric, which)
	}
	if c.Budget != "" {
		text += ". The arms have different numbers of configs, because " + c.Budget
	}
	return text + "."
}

func (s Side) words() string {
	switch {
	case s.Arm != nil:
		return s.Arm.Arm
	case s.Base:
		return "the base"
	}
	return fmt.Sprint(s.Value)
}

func (p Point) words() string {
	switch p.Where {
	case Reach:
		return fmt.Sprintf("where %s reaches %g", p.Metric, p.Value)
	case Spend:
		return fmt.Sprintf("where %s has grown to %g", p.Metric, p.Value)
	}
	return "at the end of the run"
}

func (l *Law) words() string {
	names := make([]string, len(l.Arms))
	for i, name := range l.Arms {
		names[i] = name.Arm
	}
	sign := "above"
	if l.Below {
		sign = "below"
	}
	return fmt.Sprintf("Over all runs of %s on one base, the rank correlation of %s and %s at "+
		"their ends is %s %g, as the mean over bases.", prose.List(names), l.X, l.Y, sign, l.Bound)
}
