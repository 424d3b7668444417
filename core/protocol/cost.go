package protocol

import (
	"cmp"
	"reflect"
	"slices"
)

//go:generate go tool msgp -tests=false -io=false

// Cost is what a lane has used up so far: training alone, no evaluation.
//
// Each field is the one place where a cost is declared; [Ledger] reads its tags. Tables, pictures,
// the page, the dictionary of metrics and the documentation follow from those.
//
//	json    its name, behind "cost/" that of its metric
//	title   what it is called
//	unit    in which it is counted
//	amount  what stands behind a number of it, unless that is the title
//	head    what heads its column in a narrow table, unless that is the title
//	axis    its name as an axis of a picture, unless that is the name above
//	adds    "sum" if what follows needs more of it, "most" if what follows can use the same again
//	is      how it is counted
//	doc     what it tells
type Cost struct {
	Demonstrations  int     `msg:"demonstrations" json:"demonstrations" title:"demonstrations" unit:"demonstrations" adds:"sum" is:"different prompts whose demonstration training has seen" doc:"What experts had to write."`
	Labels          int     `msg:"labels" json:"labels" title:"preference labels" unit:"labels" head:"labels" adds:"sum" is:"preference labels, by whoever judges" doc:"What annotators had to decide."`
	VerifierCalls   int     `msg:"verifier_calls" json:"verifier_calls" title:"answers checked" unit:"answers" head:"checked" adds:"sum" is:"responses that the verifier has judged for training" doc:"How often right and wrong had to be told apart."`
	TokensGenerated int     `msg:"tokens_generated" json:"tokens_generated" title:"tokens sampled" unit:"tokens" head:"sampled" axis:"generated" adds:"sum" is:"tokens sampled for training, End included and given ones left out" doc:"What was written to learn from."`
	TokensTrained   int     `msg:"tokens_trained" json:"tokens_trained" title:"tokens trained on" unit:"tokens" head:"trained" axis:"tokens" adds:"sum" is:"response tokens that went through a backward pass, once for each update" doc:"What was learned from."`
	FLOPs           float64 `msg:"flops" json:"flops" title:"arithmetic" unit:"FLOPs" amount:"FLOPs" head:"GFLOP" adds:"sum" is:"2 per multiply-add of matrix products in sampling, scoring and training, counted from shapes; a backward pass is twice a forward one" doc:"The arithmetic of the algorithm, whatever machine it runs on."`
	Copies          int     `msg:"copies" json:"copies" title:"copies of the model" unit:"copies" adds:"most" is:"the most arrays at once that have the size of the model: weights, gradient, moments, reference model, teacher, critic, reward models" doc:"How many times the model has to fit into memory."`
	Bytes           float64 `msg:"bytes" json:"bytes" title:"memory" unit:"bytes" amount:"bytes" adds:"most" is:"memory of those in float32, with adapters and what belongs to them, activations left out" doc:"How much memory that is."`
	Seconds         float64 `msg:"seconds" json:"seconds" title:"time" unit:"seconds" amount:"seconds" head:"seconds" adds:"sum" is:"time on the machine that trained, measuring left out" doc:"How long it took here: the only number that differs from machine to machine."`
}

// Entry is one kind of cost.
type Entry struct {
	Name   string `json:"name"`   // as in JSON; behind "cost/" that of its metric
	Title  string `json:"title"`  // what it is called
	Unit   string `json:"unit"`   // in which it is counted
	Amount string `json:"amount"` // what stands behind a number of it
	Head   string `json:"-"`      // what heads its column in a narrow table
	Axis   string `json:"-"`      // its name as an axis of a picture
	Is     string `json:"-"`      // how it is counted
	Doc    string `json:"doc"`    // what it tells
	Sums   bool   `json:"-"`      // whether two costs add up; if not, the larger one counts
	field  int
}

// Ledger lists every kind of cost.
func Ledger() []Entry { return slices.Clone(ledger) }

// ledger is what Ledger returns a copy of: the fields of Cost.
var ledger = func() []Entry {
	fields := reflect.TypeFor[Cost]()
	all := make([]Entry, fields.NumField())
	for i := range all {
		tag := fields.Field(i).Tag
		title, name := tag.Get("title"), tag.Get("json")
		all[i] = Entry{
			Name: name, Title: title, Unit: tag.Get("unit"),
			Amount: cmp.Or(tag.Get("amount"), title),
			Head:   cmp.Or(tag.Get("head"), title), Axis: cmp.Or(tag.Get("axis"), name),
			Is: tag.Get("is"), Doc: tag.Get("doc"), Sums: tag.Get("adds") == "sum", field: i,
		}
	}
	return all
}()

// Of returns this entry of a cost.
func (e Entry) Of(c Cost) float64 {
	v := reflect.ValueOf(c).Field(e.field)
	if v.CanInt() {
		return float64(v.Int())
	}
	return v.Float()
}

// add adds this entry of one cost to another.
func (e Entry) add(to *Cost, c Cost) {
	sum := reflect.ValueOf(to).Elem().Field(e.field)
	v := reflect.ValueOf(c).Field(e.field)
	switch {
	case v.CanInt() && e.Sums:
		sum.SetInt(sum.Int() + v.Int())
	case v.CanInt():
		sum.SetInt(max(sum.Int(), v.Int()))
	case e.Sums:
		sum.SetFloat(sum.Float() + v.Float())
	default:
		sum.SetFloat(max(sum.Float(), v.Float()))
	}
}

// Entry returns the entry of a name; ok reports whether there is one.
func (c Cost) Entry(name string) (v float64, ok bool) {
	for _, e := range ledger {
		if e.Name == name {
			return e.Of(c), true
		}
	}
	return 0, false
}

// Plus returns the cost of one thing after another.
func (c Cost) Plus(o Cost) Cost {
	for _, e := range ledger {
		e.add(&c, o)
	}
	return c
}
