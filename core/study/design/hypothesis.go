package design

// Hypothesis is a claim about arms, with the threshold that decides it on the judged part. It is
// either a comparison or a law.
type Hypothesis struct {
	Name string `json:"name"`
	Says string `json:"says"` // the claim in words
	Cite string `json:"cite,omitempty"`

	Comparison *Comparison `json:"comparison,omitempty"` // nil for a law
	Law        *Law        `json:"law,omitempty"`        // nil for a comparison
}

// Arms returns the arms that the hypothesis is about, each once.
func (h Hypothesis) Arms() (names []ArmName) {
	if h.Law != nil {
		return h.Law.Arms
	}
	for _, s := range []Side{h.Comparison.Higher, h.Comparison.Lower} {
		if s.Arm != nil {
			names = append(names, *s.Arm)
		}
	}
	return names
}

// Metrics returns the metrics that decide the hypothesis. A metric can be there twice.
func (h Hypothesis) Metrics() (names []string) {
	if h.Law != nil {
		return []string{h.Law.X, h.Law.Y}
	}
	names = []string{h.Comparison.Metric}
	if h.Comparison.At.Metric != "" {
		names = append(names, h.Comparison.At.Metric)
	}
	if h.Comparison.Choose != nil {
		names = append(names, h.Comparison.Choose.Metric)
	}
	return names
}

// Comparison claims that a metric of Higher is greater than that of Lower by more than By. Runs are
// paired by base and seed.
type Comparison struct {
	Metric string `json:"metric"` // of package eval's dictionary, or cost/NAME
	Higher Side   `json:"higher"`
	Lower  Side   `json:"lower"`
	// Ratio means that Higher's value is divided by Lower's; otherwise Lower's is subtracted.
	Ratio bool    `json:"ratio,omitempty"`
	By    float64 `json:"by"`

	At     Point   `json:"at"`               // where along its run an arm is looked at
	Choose *Choice `json:"choose,omitempty"` // which config counts; nil if every arm has only one

	// Budget is the reason why the arms have different numbers of configs. It is empty if they have
	// the same number.
	Budget string `json:"budget,omitempty"`
}

// Side is one side of a comparison: an arm, the base before any training, or a number.
type Side struct {
	Arm   *ArmName `json:"arm,omitempty"`
	Base  bool     `json:"base,omitempty"`
	Value float64  `json:"value,omitempty"` // if Arm is nil and Base is false
}

// Where says at which point of its run an arm is looked at.
type Where string

// The points of a run.
const (
	// End is the end of the run.
	End Where = "end"
	// Reach is the first point at which a metric is at least a value, interpolated between
	// measurements. A run may never get there.
	Reach Where = "reach"
	// Spend is the point at which a cost has grown to a value, interpolated between measurements;
	// or the end of a run that costs less.
	Spend Where = "spend"
)

// Point is a point of a run.
type Point struct {
	Where  Where   `json:"where"`
	Metric string  `json:"metric,omitempty"` // a cost for Spend; "" for End
	Value  float64 `json:"value,omitempty"`
}

// Choice says which config of an arm counts: the one whose mean of a metric, at the point of the
// comparison, is the highest on the tuning part, or the lowest. With [Reach] configs come first
// that get there in more runs.
type Choice struct {
	Metric string `json:"metric"`
	Lowest bool   `json:"lowest,omitempty"`
}

// Law claims that two metrics go together over all judged runs of some arms, in all configs. It is
// about Spearman's rank correlation of X and Y at the ends of the runs on one base, averaged over
// bases.
type Law struct {
	X    string    `json:"x"`
	Y    string    `json:"y"`
	Arms []ArmName `json:"arms"`
	// The claim is that the correlation is less than Bound if Below is true, and greater otherwise.
	Below bool    `json:"below,omitempty"`
	Bound float64 `json:"bound"`
}
