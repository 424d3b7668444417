package method

// Timed is an objective that changes during a stage. By itself it is what it is at the first step.
type Timed interface {
	Objective
	// At is the objective of a step.
	At(Progress) Objective
}

// Progress is where a stage stands before one of its steps, and what has come of those before it.
type Progress struct {
	Step  int // counted from 0
	Steps int // of the whole stage
	// Imitation are the lengths of the gradients, before any was shortened, at the steps so far whose objective learned from
	// demonstrations and from no rollouts, in order.
	Imitation []float64
	Draw      float64 // a random number of this step's own, from 0 up to but not including 1
}

// Over makes a Timed of a function from a stage's progress to what is maximised then.
type Over func(Progress) Objective

var (
	_ Timed     = Over(nil)
	_ Explainer = Over(nil)
)

// Needs is what the first, the second and the last of a hundred steps need together.
func (o Over) Needs() (n Needs) {
	for _, step := range [...]int{0, 1, 99} {
		n |= o(Progress{Step: step, Steps: 100}).Needs()
	}
	return n
}

// Add is that of the first step.
func (o Over) Add(dst Coeffs, batch []Group) { o.first().Add(dst, batch) }

// Explain is that of the first step.
func (o Over) Explain(batch []Group, g, i int) []Factors {
	e, ok := o.first().(Explainer)
	if !ok {
		return nil
	}
	return e.Explain(batch, g, i)
}

func (o Over) first() Objective { return o(Progress{Steps: 1}) }

// At is the function itself.
func (o Over) At(p Progress) Objective { return o(p) }

// Imitates says whether an objective learns from demonstrations and from no rollouts.
func Imitates(o Objective) bool { return o.Needs()&(Demos|Rollouts|Pairs) == Demos }
