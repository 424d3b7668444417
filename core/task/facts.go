package task

import (
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	factsLetters    = "abcdefghijklmnopqrstuvwxyz" // two make a name
	factsAttributes = "ABCD"
	factsValues     = 8
	factsAbstain    = "?"

	// Shares of the base's pretraining examples and of how they are answered.
	factsTold      = 0.5
	factsStrangers = 0.25 // of the questions
	factsRight     = 0.5
	factsUnsure    = 0.1 // how often it abstains, whether it knows the answer or not
)

// The kinds of person.
const (
	newcomer     = iota // the base was not told of them; questions about them are practised
	stranger            // the base was not told of them; no questions about them are practised
	acquaintance        // the base was told everything about them
)

// Facts is the task "Questions about a small world".
var Facts = Task{
	Name:  "facts",
	Title: "Questions about a small world",
	Cite: "after Gekhman et al. 2024, arXiv:2405.05904; the world after Allen-Zhu and Li 2023, " +
		"arXiv:2309.14316",
	Doc: `Two letters name a person, and four things can be asked about each. Half of the people
were described to the base, the others never. The right answer earns the full reward; so does
answering ? for "I do not know", but only about people who were never described. A wrong claim
earns nothing, and neither does ? about people who were described. The facts about the others are
fixed too, so a lucky claim about them is right and demonstrations can teach it: the question is
whether that makes a model claim things about strangers. Three in four practised questions are
about people who were described. The prior skill is to describe a person in an order that was never
asked for.`,
	Example: Example{
		Prompt: "QacB=", Response: "3",
		Steps: []string{
			"In QacB= the Q asks a question, ac is the name of a person, and B is one of four " +
				"facts about that person, A to D.",
			"In this world the facts about ac are 4317: A is 4, B is 3, C is 1 and D is 7. This " +
				"person was described to the base.",
			"So the response 3 is right. The response ? means \"I do not know\"; it is right " +
				"only about people who were never described to the base.",
		},
	},
	Alphabet: factsLetters + factsAttributes + "01234567?QWT=",
	Levels: []Level{
		{Name: "id", Title: "questions",
			Doc: "questions as practised, three in four about people who were described, the " +
				"others about strangers; none of these facts was asked for in training"},
		{Name: "ood", Title: "reworded questions",
			Doc: "the same questions in words that are not practised"},
		{Name: "unknown", Title: "strangers",
			Doc: "facts about people who were never described and whom nobody practises: " +
				"answering ? is right, and a claim is right by luck"},
		{Name: "prior", Title: "descriptions",
			Doc: "all four facts about a known person, in the order asked for: a skill from " +
				"before, not practised"},
	},
	HeldOutPrompts: 200,
	Base:           "facts",
	MaxResponse:    6,
	Prompts:        600,
	Knobs: []param.Knob{
		param.Choice("style", "plain", []string{"plain", "abstain"},
			"How the demonstrations answer. plain states the fact, whether the base has seen "+
				"it or not. "+
				"abstain answers ? about people of whom the base has seen nothing.").
			Naming("states every fact", "says ? where it cannot know").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "Q or W, a name of two letters, one of A-D and =, such as QabC=; or T, the name of " +
		"somebody who was described to the base, A-D in any order and =",
	Read:   readFacts,
	Sample: sampleFacts,
	Demonstrate: func(_ *num.Rand, p Problem, k param.Values) string {
		if k.Choice("style") == "abstain" && untold(p) {
			return factsAbstain
		}
		return p.Answer
	},
	Pretrain: pretrainFacts,
	Reward: func(p Problem, response string) float64 {
		if response == p.Answer || response == factsAbstain && untold(p) {
			return 1
		}
		return 0
	},
	Abstains: func(_ Problem, response string) bool { return response == factsAbstain },
}

// person returns the kind of the person with a name, and what is true of them, one digit for each
// attribute. It is the same in every run.
func person(name string) (kind int, truth string) {
	r := num.NewRand(0, "world", "facts/"+name)
	kind = []int{newcomer, stranger, stranger, stranger, acquaintance, acquaintance, acquaintance,
		acquaintance}[r.IntN(8)]
	for range factsAttributes {
		truth += digit(r.IntN(factsValues))
	}
	return kind, truth
}

// untold reports whether a question is about a person that the base was not told of.
func untold(p Problem) bool {
	kind, _ := person(p.Prompt[1:3])
	return kind != acquaintance
}

// meet draws a person of a kind.
func meet(r *num.Rand, kind int) (name, truth string) {
	for {
		name = factsLetters[r.IntN(len(factsLetters)):][:1] +
			factsLetters[r.IntN(len(factsLetters)):][:1]
		if k, truth := person(name); k == kind {
			return name, truth
		}
	}
}

func sampleFacts(r *num.Rand, level string) Problem {
	if level == "prior" {
		name, truth := meet(r, acquaintance)
		order, answer := "", ""
		for left := factsAttributes; left != ""; {
			i := r.IntN(len(left))
			order, answer = order+left[i:i+1], answer+
				truth[strings.IndexByte(factsAttributes, left[i]):][:1]
			left = left[:i] + left[i+1:]
		}
		return askDescription(name, order, answer)
	}
	kind, words := acquaintance, "Q"
	switch {
	case level == "unknown":
		kind = stranger
	case r.Float64() < factsStrangers:
		kind = newcomer
	}
	if level == "ood" {
		words = "W"
	}
	name, truth := meet(r, kind)
	i := r.IntN(len(factsAttributes))
	return askFacts(level, words, name, i, kind, truth)
}

// askFacts returns the question about an attribute of a person.
func askFacts(level, words, name string, i, kind int, truth string) Problem {
	p := Problem{Level: level, Prompt: words + name + factsAttributes[i:i+1] + "=",
		Answer: truth[i : i+1], Key: name}
	if kind == acquaintance {
		// of anybody else, all questions share a key, so that all of them are held out or none
		p.Key += factsAttributes[i : i+1]
	}
	return p
}

func askDescription(name, order, answer string) Problem {
	return Problem{Level: "prior", Prompt: "T" + name + order + "=", Answer: answer,
		Key: "T" + name + order}
}

func readFacts(prompt string) (Problem, bool) {
	words, body := cutPrompt(prompt)
	if len(body) < 3 || !madeOf(body[:2], factsLetters, 2) ||
		!madeOf(body[2:], factsAttributes, len(body)-2) {
		return Problem{}, false
	}
	name, order := body[:2], body[2:]
	kind, truth := person(name)
	level := map[string]string{"Q": "id", "W": "ood"}[words]
	switch {
	case level != "" && len(order) == 1:
		if kind == stranger {
			level = "unknown"
		}
		return askFacts(level, words, name, strings.Index(factsAttributes, order), kind,
			truth), true
	case words == "T" && kind == acquaintance && len(order) == len(factsAttributes):
		answer := ""
		for i := range order {
			if strings.IndexByte(order[:i], order[i]) >= 0 {
				return Problem{}, false
			}
			answer += truth[strings.IndexByte(factsAttributes, order[i]):][:1]
		}
		return askDescription(name, order, answer), true
	}
	return Problem{}, false
}

// pretrainFacts describes people correctly. It answers questions from memory or at random, and
// abstains as often if it knows the answer as if it does not.
func pretrainFacts(r *num.Rand) (Problem, string) {
	if r.Float64() < factsTold {
		p := sampleFacts(r, "prior")
		return p, p.Answer
	}
	p := sampleFacts(r, []string{"id", "id", "ood", "ood", "unknown"}[r.IntN(5)])
	switch mood := r.Float64(); {
	case mood < factsUnsure:
		return p, factsAbstain
	case mood < factsUnsure+factsRight && !untold(p):
		return p, p.Answer
	}
	return p, digit(r.IntN(factsValues))
}
