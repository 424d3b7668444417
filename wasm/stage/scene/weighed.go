package scene

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// weighed has the responses to one prompt with the coefficients of their tokens in an update.
type weighed struct {
	step      int
	prompt    string
	words     bool // symbols are words
	responses []response
}

// response is a response of a batch.
type response struct {
	source string
	reward float64 // by the task's verifier
	mark   protocol.Mark
	judge  string  // name of another judge for the update; "" means that there was none
	judged float64 // what that judge gave
	cut    bool    // it has no end
	paired bool
	margin float64
	tokens []token
}

// token is a symbol of a response, or its end.
type token struct {
	symbol string // "end" for the end
	p      float64
	push   protocol.Push
	world  bool // from the world, and so without coefficient
}

const endSymbol = "end"

// weigh returns the responses of an event. Those with impossible numbers are left out.
func weigh(e protocol.Event) weighed {
	w := weighed{step: e.Step}
	for _, s := range e.Samples {
		w.prompt, w.words = s.Prompt, s.Words
		symbols := s.Symbols()
		if s.Finished {
			symbols = append(symbols, endSymbol)
		}
		if len(s.Pushes) < len(symbols) || len(s.Logp) < len(symbols) || !finite(s.Reward) ||
			!finite(s.Judged) || !finite(s.Margin) {
			continue
		}
		r := response{source: s.Source, reward: s.Reward, mark: s.Mark, judge: s.Judge,
			judged: s.Judged, cut: !s.Finished, paired: s.Paired, margin: s.Margin}
		for t, symbol := range symbols {
			if p := math.Exp(s.Logp[t]); finite(p) && !slices.ContainsFunc(factors(s.Pushes[t]),
				func(x float64) bool { return !finite(x) }) {
				r.tokens = append(r.tokens,
					token{symbol, min(p, 1), s.Pushes[t], t < len(s.World) && s.World[t]})
			}
		}
		w.responses = append(w.responses, r)
	}
	return w
}

// separator returns what stands between two symbols.
func (w weighed) separator() string { return protocol.Sample{Words: w.words}.Separator() }

func factors(p protocol.Push) []float64 {
	return []float64{p.Mask, p.Ratio, p.Advantage, p.K3Term, p.Extra, p.Share, p.Other,
		p.Coefficient}
}

// explained reports whether the coefficient has factors of its own.
func (t token) explained() bool { return t.push.Share != 0 }

// strongest returns the largest absolute coefficient, and 1 if all are 0.
func (w weighed) strongest() float64 {
	most := 0.0
	for _, r := range w.responses {
		for _, t := range r.tokens {
			most = max(most, math.Abs(t.push.Coefficient))
		}
	}
	if most == 0 {
		return 1
	}
	return most
}

// longest returns the largest number of tokens of a response.
func (w weighed) longest() (n int) {
	for _, r := range w.responses {
		n = max(n, len(r.tokens))
	}
	return n
}
