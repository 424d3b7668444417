package recipe

// OfBase stands where a lane's label may stand for what the first lane's base was measured at before any update.
const OfBase = "base"

// Hypothesis is what an exhibit expects of a metric at the end of its lanes, fixed on seeds other than those that decide it:
// over seeds, Higher's less Lower's is greater than By.
type Hypothesis struct {
	Says   string  `json:"says"`            // in words
	Metric string  `json:"metric"`          // or an entry of the ledger, such as cost/flops; not its seconds, which differ between machines
	Higher string  `json:"higher"`          // label of a lane, or OfBase
	Lower  string  `json:"lower,omitempty"` // another one of the same seed; "" compares with 0
	Ratio  bool    `json:"ratio,omitempty"` // Higher's is divided by Lower's instead
	By     float64 `json:"by"`              // in the metric's unit, or how many times as much
}
