package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	// How often the writer that the base model learns from forgets a carry, and how often it slips
	// at a digit.
	additionForgets    = 0.25
	additionSlip       = 0.03
	additionPriorShare = 0.2
	additionLongShare  = 0.01

	additionDigits = 4 // of the numbers that are practised, as the task is declared
)

// additionAt has the sizes of the task.
type additionAt struct{ digits int } // of the numbers that are practised

// of returns the number of digits of a level.
func (a additionAt) of(level string) int {
	return a.digits + map[string]int{"ood": 1, "long": 2}[level]
}

// places returns how many places a number is written with.
func (a additionAt) places() int { return a.of("long") }

func sizeAddition(t Task, v param.Values) Task {
	a := additionAt{v.Int("digits")}
	t.Read, t.Sample, t.Pretrain = a.read, a.sample, a.pretrain
	t.MaxResponse = 2*a.places() + 2
	t.Form = fmt.Sprintf("A and two numbers of %s places each, ones first, with + between them "+
		"and = behind; or W and the same of at most %s digits", spelled(a.places()),
		spelled(a.digits))
	t.Levels = retold(t.Levels, "four digits", spelled(a.digits)+" digits",
		"five digits", spelled(a.of("ood"))+" digits", "six digits", spelled(a.places())+" digits")
	return t
}

// Addition is the task "Adding with carries".
var Addition = Task{
	Name:  "addition",
	Title: "Adding with carries",
	Cite:  "after Lee et al. 2023, arXiv:2307.03381, and Lee et al. 2025, arXiv:2502.01612",
	Doc: `Two numbers are to be added. They and their sum are written backwards, ones first, so
that a carry is known when it is needed, and are filled up to six places with zeros. Four digits
are practised, but no sum in which every place carries. The base adds in a hurry: it forgets one
carry in four and gets three digits in a hundred wrong, so it is seldom right where there are many
digits or many carries, though it knows how to add. Of six digits it has seen one sum in a hundred,
and nobody practises them. It can also add without carrying, a prior skill that is spoiled when
carrying is practised too much.`,
	Example: Example{
		Prompt: "A472500+385100=", Response: "7586000",
		Steps: []string{
			"In A472500+385100= both numbers are written backwards, ones first, with noughts up " +
				"to six places: 472500 is 5274 and 385100 is 1583.",
			"Add place by place: 4+3 is 7. 7+8 is 15, so write 5 and carry 1. 2+5 and the " +
				"carried 1 is 8. 5+1 is 6. All else is 0.",
			"The response 7586000, read backwards, is 6857. That is 5274+1583, so it is right.",
		},
	},
	Alphabet: "0123456789+=AWc",
	Levels: []Level{
		{Name: "id", Title: "four digits",
			Doc: "numbers of four digits, not all places carry: what is practised"},
		{Name: "ood", Title: "five digits",
			Doc: "numbers of five digits: the same skill at a length that is not practised"},
		{Name: "carries", Title: "sums that carry",
			Doc: "numbers of four digits in which every place carries: none of those " +
				"practised is one"},
		{Name: "long", Title: "six digits",
			Doc: "numbers of six digits, which the base has hardly seen and nobody practises"},
		{Name: "prior", Title: "carry-free sums",
			Doc: "four digits, each place added for itself: a skill from before, not practised"},
	},
	Base:        "addition",
	MaxResponse: 14,
	Prompts:     1000,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, writes the sum alone. "+
				"y, a foreign style, marks each digit that carries with a c.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "A and two numbers of six places each, ones first, with + between them and = behind, " +
		"such as A472500+385100=; or W and the same of at most four digits",
	Read:   additionAt{additionDigits}.read,
	Sample: additionAt{additionDigits}.sample,
	Demonstrate: func(_ *num.Rand, p Problem, k param.Values) string {
		mark := ""
		if k.Choice("style") == "y" {
			mark = "c"
		}
		return addPlaces(p, mark, nil)
	},
	Pretrain: additionAt{additionDigits}.pretrain,
	Sizes: []param.Knob{
		param.Integer("digits", "digits", additionDigits, 3, 8,
			"Digits of the numbers that are practised. Others have one or two more.").
			Called("digits of a number"),
		promptsKnob(1000, 50_000),
	},
	Larger: bySize([]string{"digits=6", "train_prompts=10000"},
		[]string{"digits=8", "train_prompts=50000"}),
	Sized: sizeAddition,
	Final: finalAddition,
	Reward: func(p Problem, response string) float64 {
		if finalAddition(p, response) == p.Answer {
			return 1
		}
		return 0
	},
}

// finalAddition returns the digits of a response.
func finalAddition(p Problem, response string) string {
	if p.Level == "prior" {
		return response
	}
	return strings.Map(decimal, response)
}

// decimal returns r if it is a digit, and drops it otherwise.
func decimal(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	return -1
}

func (d additionAt) sample(r *num.Rand, level string) Problem {
	for {
		a, b, carry, carries := "", "", 0, 0
		for range d.of(level) {
			x, y := r.IntN(10), r.IntN(10)
			a, b = a+digit(x), b+digit(y)
			carry = (x + y + carry) / 10
			carries += carry
		}
		if all := carries == len(a); level == "id" && all || level == "carries" && !all {
			continue
		}
		return d.ask(level, a, b)
	}
}

// ask returns the problem of two numbers with as many digits as the level has.
func (d additionAt) ask(level, a, b string) Problem {
	kind := "A"
	if level == "prior" {
		kind = "W"
	}
	noughts := strings.Repeat("0", d.places()-len(a))
	p := Problem{Level: level, Prompt: kind + a + noughts + "+" + b + noughts + "=",
		Key: kind + min(a, b) + "+" + max(a, b)}
	p.Answer = addPlaces(p, "", nil)
	return p
}

// read reads numbers of at least as many digits as are practised as problems of the fewest digits
// that they fit into.
func (d additionAt) read(prompt string) (Problem, bool) {
	kind, sum := cutPrompt(prompt)
	a, b, _ := strings.Cut(sum, "+")
	if kind != "A" && kind != "W" || !madeOf(a, "0123456789", d.places()) ||
		!madeOf(b, "0123456789", d.places()) {
		return Problem{}, false
	}
	n := d.digits
	for a[n:]+b[n:] != strings.Repeat("0", 2*(d.places()-n)) {
		n++
	}
	level := []string{"id", "ood", "long"}[n-d.digits]
	a, b = a[:n], b[:n]
	switch {
	case kind == "W":
		return d.ask("prior", a, b), level == "id"
	case level == "id" && strings.Count(addPlaces(Problem{Prompt: prompt}, "c", nil), "c") == n:
		level = "carries"
	}
	return d.ask(level, a, b), true
}

// addPlaces writes the sum place by place, from the units on, as in school, with a mark wherever
// something is carried. If hasty is not nil, it forgets carries and slips at digits with random
// numbers from it.
func addPlaces(p Problem, mark string, hasty *num.Rand) string {
	a, b, _ := strings.Cut(p.Prompt[1:len(p.Prompt)-1], "+")
	var out strings.Builder
	carry := 0
	for i := range a {
		sum := int(a[i]-'0') + int(b[i]-'0') + carry
		written := digit(sum)
		carry = sum / 10
		if p.Level == "prior" {
			carry = 0
		} else if hasty != nil {
			if hasty.Float64() < additionSlip {
				written = digit(hasty.IntN(10))
			}
			if hasty.Float64() < additionForgets {
				carry = 0
			}
		}
		out.WriteString(written)
		if carry > 0 {
			out.WriteString(mark)
		}
	}
	if p.Level != "prior" {
		out.WriteString(digit(carry))
	}
	return out.String()
}

// pretrain draws a level, rarely that of the most digits, and adds hastily.
func (d additionAt) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	switch u := r.Float64(); {
	case u < additionLongShare:
		level = "long"
	case u >= additionLongShare+additionPriorShare:
		level = []string{"id", "ood", "carries"}[r.IntN(3)]
	}
	p := d.sample(r, level)
	return p, addPlaces(p, "", r)
}
