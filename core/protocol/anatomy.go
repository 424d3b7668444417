package protocol

//go:generate go tool msgp -tests=false -io=false

// Anatomy is how an update came about, seen from one group of its batch, and what it changed for
// the prompt of that group. The Samples of its event are the completions of the group with their
// coefficients, and the Metrics those of the update.
type Anatomy struct {
	Method  string  `msg:"method" json:"method"`   // its name
	Formula []Piece `msg:"formula" json:"formula"` // what the method maximises
	Gathers string  `msg:"gathers" json:"gathers"` // what a batch is made of, as a sentence
	Judges  string  `msg:"judges" json:"judges"`   // who judges completions, as a sentence

	Groups      int `msg:"groups" json:"groups"`           // in the batch
	Group       int `msg:"group" json:"group"`             // the one that is reported, from 0
	Strongest   int `msg:"strongest" json:"strongest"`     // the one that is pushed most
	Completions int `msg:"completions" json:"completions"` // of the group

	Epoch  int `msg:"epoch" json:"epoch"`   // which update with the batch, from 1
	Epochs int `msg:"epochs" json:"epochs"` // updates with each batch

	Rate float64 `msg:"rate" json:"rate"` // the learning rate of the update
	// Scale is the factor by which the gradient was shortened, 1 if it was not.
	Scale float64 `msg:"scale" json:"scale"`
	// Optimiser is the name of what made a step of the gradient: adamw, sgd, lion or muon.
	Optimiser string `msg:"optimiser" json:"optimiser"`
	// Moved is how far the update moved the weights, as a Euclidean length.
	Moved float64 `msg:"moved" json:"moved"`

	// Answers has likely answers to the prompt and those of the group, the likeliest first.
	Answers []Answer `msg:"answers" json:"answers"`
}

// Piece is a part of a formula.
type Piece struct {
	Text string `msg:"text" json:"text"`
	// Part says what the text itself is about: state, material, reward, advantage, ratio or policy.
	// "" means none of these.
	Part string `msg:"part,omitempty" json:"part,omitempty"`
	// Clause says what the clause around it is about: main for what is maximised, or the part that
	// it defines. "" means something else.
	Clause string `msg:"clause,omitempty" json:"clause,omitempty"`
}

// Answer is an answer to a prompt with its probability before and after an update.
type Answer struct {
	Response string  `msg:"response" json:"response"`
	Finished bool    `msg:"finished" json:"finished"` // false when it was cut off
	Reward   float64 `msg:"reward" json:"reward"`     // the task's verifier's
	Mark     Mark    `msg:"mark,omitempty" json:"mark,omitempty"`
	Learned  bool    `msg:"learned,omitempty" json:"learned,omitempty"` // it is one of the group
	// At temperature 1. What the world says in it counts as certain.
	Before float64 `msg:"before" json:"before"`
	After  float64 `msg:"after" json:"after"`
}

// Place is a token of a completion in an update: the coefficients that Push leaves out, and the
// distribution that the token is drawn from.
type Place struct {
	After float64 `msg:"after" json:"after"` // log-probability of the token after the update, nats

	// The coefficients of the policy's entropy, of the exact KL to the reference model, and of the
	// critic's value.
	Entropy float64 `msg:"entropy,omitempty" json:"entropy,omitempty"`
	KL      float64 `msg:"kl,omitempty" json:"kl,omitempty"`
	Critic  float64 `msg:"critic,omitempty" json:"critic,omitempty"`
	// Value is the critic's when the completion was sampled, 0 without a critic.
	Value float64 `msg:"value,omitempty" json:"value,omitempty"`

	// Symbols has the token itself and the likeliest and most pushed others, the likeliest first.
	Symbols []Symbol `msg:"symbols" json:"symbols"`
}

// Symbol is a possible token at a place, with its probability before and after an update. Both are
// at the temperature at which the method computes probabilities.
type Symbol struct {
	Text   string  `msg:"s" json:"symbol"` // "" means the end of the response
	Own    bool    `msg:"o,omitempty" json:"own,omitempty"`
	Before float64 `msg:"b" json:"before"`
	After  float64 `msg:"a" json:"after"`
	// Push is what all coefficients of the place amount to at the symbol's logit. It is the
	// direction of ascent that the backward pass starts from.
	Push float64 `msg:"p" json:"push"`
}
