package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	parityBits = 16 // of the practised level, as the task is declared

	// How often the writer that the base model learns from writes the steps, and how often it
	// writes bits backwards instead.
	parityAloud      = 0.25
	parityPriorShare = 0.2
)

// parityAt has the sizes of the task.
type parityAt struct{ bits int } // of the practised level

// short returns the number of bits of the other levels.
func (s parityAt) short() int { return s.bits - 2 }

func sizeParity(t Task, v param.Values) Task {
	s := parityAt{v.Int("bits")}
	t.Read, t.Sample, t.Pretrain = s.read, s.sample, s.pretrain
	t.MaxResponse = s.bits + 4
	t.Form = fmt.Sprintf("P, %d or %d bits and =; or R, %d bits and =", s.bits, s.short(),
		s.short())
	t.Levels = retold(t.Levels, "sixteen", spelled(s.bits), "fourteen", spelled(s.short()))
	return t
}

// Parity is the task "Parity, at once or step by step".
var Parity = Task{
	Name:  "parity",
	Title: "Parity, at once or step by step",
	Cite:  "Tsilivis et al. 2025, arXiv:2510.11495",
	Doc: `Is the number of ones odd? A network of two layers cannot say at once: it has to go
through the bits and write down the parity so far. The base has seen both kinds of answer, three
short ones for each long one. Short answers are guesses, long ones are right. Nobody rewards
length: a policy that learns from being right has to find out that thinking pays. The base can also
write bits backwards: the prior skill, which nobody practises.`,
	Example: Example{
		Prompt: "P0110100110010110=", Response: "0100111011100100",
		Steps: []string{
			"P0110100110010110= asks whether the number of ones is odd: 1 for odd, 0 for even.",
			"The response 0100111011100100 thinks aloud: after each bit it writes the answer so " +
				"far. After 0 it is 0, after 01 it is 1, after 011 it is 0 again, and so on.",
			"Only the last symbol is checked. There are eight ones, so 0 is right. The response " +
				"0 alone would be right as well.",
		},
	},
	Alphabet: "01PR=",
	Levels: []Level{
		{Name: "id", Title: "sixteen bits", Doc: "the parity of sixteen bits, which is practised"},
		{Name: "ood", Title: "fourteen bits",
			Doc: "the parity of fourteen bits: the same skill at a length that is not practised"},
		{Name: "prior", Title: "writing backwards",
			Doc: "fourteen bits written backwards: a skill from before, not practised"},
	},
	Base:        "parity",
	MaxResponse: 20,
	Prompts:     2000,
	Knobs: []param.Knob{
		param.Choice("style", "long", []string{"long", "short"},
			"How the demonstrations are written. long writes down the parity after each bit, "+
				"short only "+
				"the answer.").
			Naming("every step", "the answer alone").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "P, sixteen or fourteen bits and =, such as P0110100110010110=; or R, " +
		"fourteen bits and =",
	Read:   parityAt{parityBits}.read,
	Sample: parityAt{parityBits}.sample,
	Sizes: []param.Knob{
		param.Integer("bits", "bits", parityBits, 16, 64,
			"Bits whose parity is practised. The other levels have two fewer.").
			Called("bits of a prompt"),
		promptsKnob(2000, 20_000),
	},
	Larger: bySize([]string{"bits=32", "train_prompts=10000"},
		[]string{"bits=64", "train_prompts=20000"}),
	Sized: sizeParity,
	Demonstrate: func(_ *num.Rand, p Problem, k param.Values) string {
		return answerParity(p, k.Choice("style") == "long")
	},
	Final: lastOf,
	Reward: func(p Problem, response string) float64 {
		if p.Level == "prior" && response == p.Answer ||
			p.Level != "prior" && strings.HasSuffix(response, p.Answer) {
			return 1
		}
		return 0
	},
	Pretrain: parityAt{parityBits}.pretrain,
}

func (s parityAt) read(prompt string) (Problem, bool) {
	kind, bits := cutPrompt(prompt)
	switch {
	case kind == "P" && madeOf(bits, "01", s.bits):
		return askParity("id", bits), true
	case kind == "P" && madeOf(bits, "01", s.short()):
		return askParity("ood", bits), true
	case kind == "R" && madeOf(bits, "01", s.short()):
		return askParity("prior", bits), true
	}
	return Problem{}, false
}

func (s parityAt) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	if r.Float64() >= parityPriorShare {
		level = []string{"id", "ood"}[r.IntN(2)]
	}
	p := s.sample(r, level)
	return p, answerParity(p, r.Float64() < parityAloud)
}

// sample draws the bits of a problem.
func (s parityAt) sample(r *num.Rand, level string) Problem {
	n := s.short()
	if level == "id" {
		n = s.bits
	}
	bits := make([]byte, n)
	for i := range bits {
		bits[i] = byte('0' + r.IntN(2))
	}
	return askParity(level, string(bits))
}

// askParity returns the problem of some bits.
func askParity(level, bits string) Problem {
	if level == "prior" {
		return Problem{Level: level, Prompt: "R" + bits + "=", Answer: backwards(bits),
			Key: "R" + bits}
	}
	return Problem{Level: level, Prompt: "P" + bits + "=", Answer: parities(bits)[len(bits)-1:],
		Key: bits}
}

// answerParity returns the right response, with or without the steps.
func answerParity(p Problem, aloud bool) string {
	if p.Level == "prior" || !aloud {
		return p.Answer
	}
	return parities(p.Key)
}

// parities returns the parity after each bit.
func parities(bits string) string {
	out, odd := make([]byte, len(bits)), byte(0)
	for i := range bits {
		odd ^= bits[i] & 1
		out[i] = '0' + odd
	}
	return string(out)
}

func backwards(text string) string {
	out := []byte(text)
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return string(out)
}
