package objective

// Scheduled is an objective that changes during a stage. Its Add and Explain are those of the first
// step.
type Scheduled interface {
	Objective
	// At returns the objective of a step.
	At(Progress) Objective
}

// Progress is where a stage stands before one of its steps.
type Progress struct {
	Step  int // counted from 0
	Steps int // of the whole stage
	// Imitation holds, for every earlier step that learned from demonstrations and not from
	// rollouts, the norm of the gradient before clipping.
	Imitation []float64
	// Entropies holds, for every batch so far with sampled answers, the mean entropy of their
	// tokens when they were sampled, in nats. The last one is that of the current batch, if it has
	// sampled answers.
	Entropies []float64
	// Shifts holds, for every earlier step that learned from labelled answers, the mean of their
	// log-ratios to the reference model before its update, in nats: see [LabelledShift].
	Shifts []float64
	Draw   float64 // a random number for this step, in [0, 1)
}

// Schedule is the usual way to make a [Scheduled] objective.
type Schedule struct {
	Requires Needs                    // what the objectives of all steps need together
	Step     func(Progress) Objective // the objective of a step
}

var (
	_ Scheduled = Schedule{}
	_ Explainer = Schedule{}
)

// Needs returns Requires.
func (o Schedule) Needs() Needs { return o.Requires }

// Add adds the coefficients of the first step.
func (o Schedule) Add(dst Coeffs, batch []Group) { o.first().Add(dst, batch) }

// Explain explains the coefficients of the first step.
func (o Schedule) Explain(batch []Group, g, i int) []Factors {
	e, ok := o.first().(Explainer)
	if !ok {
		return nil
	}
	return e.Explain(batch, g, i)
}

func (o Schedule) first() Objective { return o.Step(Progress{Steps: 1}) }

// At returns the objective of a step.
func (o Schedule) At(p Progress) Objective { return o.Step(p) }

// WarmingUp returns an objective that is first for so many steps, and then afterwards.
func WarmingUp(steps int, first, afterwards Objective) Objective {
	return Schedule{
		Requires: first.Needs() | afterwards.Needs(),
		Step: func(p Progress) Objective {
			if p.Step < steps {
				return first
			}
			return afterwards
		},
	}
}

// Imitates reports whether an objective learns from demonstrations and from no rollouts.
func Imitates(o Objective) bool { return o.Needs()&(Demos|Rollouts|Pairs) == Demos }
