package recipe

// OfBase is used in place of a lane's label for the base of the first lane, as measured before any
// update.
const OfBase = "base"

// Hypothesis is an expectation about a metric at the end of an exhibit's lanes: the mean over seeds
// of Higher's value minus Lower's is greater than By. It is fixed on other seeds than those that
// decide it.
type Hypothesis struct {
	Says   string  `json:"says"`            // in words
	Metric string  `json:"metric"`          // or an entry of the ledger, such as cost/flops
	Higher string  `json:"higher"`          // label of a lane, or OfBase
	Lower  string  `json:"lower,omitempty"` // likewise; "" compares with 0
	Ratio  bool    `json:"ratio,omitempty"` // divides by Lower's value instead
	By     float64 `json:"by"`              // in the metric's unit, or how many times as much
}
