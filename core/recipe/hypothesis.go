package recipe

// Hypothesis is what an exhibit expects of a metric at the end of its lanes, fixed on seeds other than those that decide it:
// over seeds, Higher's less Lower's is greater than By.
type Hypothesis struct {
	Says   string  `json:"says"` // in words
	Metric string  `json:"metric"`
	Higher string  `json:"higher"`          // label of a lane
	Lower  string  `json:"lower,omitempty"` // label of another lane of the same seed; "" compares with 0
	By     float64 `json:"by"`              // in the metric's unit
}
