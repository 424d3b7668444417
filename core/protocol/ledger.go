package protocol

// Entry is one line of the ledger.
type Entry struct {
	Name string // the key in JSON
	Of   func(Cost) float64
}

// Ledger lists everything that is counted. With "cost/" before it, each name is a metric in eval's
// dictionary.
var Ledger = []Entry{
	{"demonstrations", func(c Cost) float64 { return float64(c.Demonstrations) }},
	{"labels", func(c Cost) float64 { return float64(c.Labels) }},
	{"verifier_calls", func(c Cost) float64 { return float64(c.VerifierCalls) }},
	{"tokens_generated", func(c Cost) float64 { return float64(c.TokensGenerated) }},
	{"tokens_trained", func(c Cost) float64 { return float64(c.TokensTrained) }},
	{"flops", func(c Cost) float64 { return c.FLOPs }},
	{"copies", func(c Cost) float64 { return float64(c.Copies) }},
	{"bytes", func(c Cost) float64 { return c.Bytes }},
	{"seconds", func(c Cost) float64 { return c.Seconds }},
}

// Entry returns the value of the ledger's entry with this name, and whether there is one.
func (c Cost) Entry(name string) (v float64, ok bool) {
	for _, e := range Ledger {
		if e.Name == name {
			return e.Of(c), true
		}
	}
	return 0, false
}
