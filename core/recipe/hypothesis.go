package recipe

// OfBase stands in place of a lane's label for the base that the first lane starts from.
const OfBase = "base"

// Hypothesis is an expectation about a metric at the end of an exhibit: over several seeds, the
// mean of Higher's value minus Lower's value is greater than By. It was formed on other seeds than
// those that decide it.
type Hypothesis struct {
	Says   string  `json:"says"`            // the hypothesis in words
	Metric string  `json:"metric"`          // may be a cost, such as cost/flops
	Higher string  `json:"higher"`          // label of a lane, or OfBase
	Lower  string  `json:"lower,omitempty"` // likewise; "" stands for a value of 0
	Ratio  bool    `json:"ratio,omitempty"` // Higher's value is divided by Lower's instead
	By     float64 `json:"by"`              // in the unit of the metric, unless it is a ratio
}
