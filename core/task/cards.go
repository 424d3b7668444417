package task

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	cardFaces = "0123456789JQK"
	handSize  = 4 // cards of a hand, as it is declared

	// The base learns from a careless solver. These are the share of hands that it solves
	// carelessly, the share of random digits in such a solution, and the share of sorting among
	// all examples.
	cardsSloppyHands = 0.6
	cardsSloppyStep  = 0.35
	cardsPriorShare  = 0.3
)

// Cards is the task "Card sums under a face-card rule".
var Cards = Task{
	Name:  "cards",
	Title: "Card sums under a face-card rule",
	Cite:  "after GeneralPoints, arXiv:2501.17161 section 4.1",
	Doc: `A rule and four cards are given; the answer is the last digit of their sum. Under rule A
a face card (J, Q, K) counts 0, under rule B it counts 1, 2 or 3. Only rule A is practised, so rule
B shows whether the skill was learned or only a habit. The base knows both rules but works
carelessly. It can also sort four digits: the prior skill, which nobody practises and which may be
forgotten.`,
	Example: Example{
		Prompt: "A1194=", Response: "1215",
		Steps: []string{
			"In A1194= the A names the rule and 1194 are four cards. Under rule A the faces J, Q " +
				"and K count 0; under rule B they count 1, 2 and 3.",
			"The response 1215 is the sum after each card, of which only the last digit is " +
				"written: 1, then 1+1 is 2, then 2+9 is 11, written 1, then 1+4 is 5.",
			"Only its last digit is checked: 1+1+9+4 is 15, of which the last digit is 5, so " +
				"it is right.",
		},
	},
	Alphabet: cardFaces + "ABS=",
	Levels: []Level{
		{Name: "id", Title: "rule A", Doc: "face cards count nothing: the rule that is practised"},
		{Name: "ood", Title: "rule B",
			Doc: "J, Q, K count 1, 2, 3: the same skill under the rule that is not practised"},
		{Name: "prior", Title: "sorting",
			Doc: "four digits in order: a skill from before, not practised"},
	},
	Base:        "cards",
	Teacher:     "cards_expert",
	MaxResponse: 12,
	Prompts:     500,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, lists the running sums. "+
				"y, a foreign style, goes through the hand backwards and writes each card's "+
				"value and the sum so far.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form:        "A or B, four cards of 0-9JQK and =, such as A3K72=; or S, four digits and =",
	Read:        cardsAt{handSize}.read,
	Sample:      cardsAt{handSize}.sample,
	Demonstrate: demonstrateCards,
	Pretrain:    cardsAt{handSize}.pretrain,
	Sizes: []param.Knob{
		param.Integer("hand", "cards", handSize, 4, 12,
			"Cards of a hand: how many numbers are to be added.").Called("cards of a hand"),
		promptsKnob(500, 10_000),
	},
	Larger: bySize([]string{"hand=8", "train_prompts=5000"},
		[]string{"hand=12", "train_prompts=10000"}),
	Sized: sizeCards,
	Twin: func(p Problem) Problem {
		switch p.Level {
		case "id":
			return askCards("ood", []byte(p.Key))
		case "ood":
			return askCards("id", []byte(p.Key))
		}
		return p
	},
	Final: lastOf,
	Reward: func(p Problem, response string) float64 {
		if p.Level == "prior" && response == p.Answer ||
			p.Level != "prior" && strings.HasSuffix(response, p.Answer) {
			return 1
		}
		return 0
	},
}

// cardsAt has the sizes of the task.
type cardsAt struct{ hand int }

func sizeCards(t Task, v param.Values) Task {
	c := cardsAt{v.Int("hand")}
	t.Read, t.Sample, t.Pretrain = c.read, c.sample, c.pretrain
	t.MaxResponse = 2*c.hand + 4
	t.Form = fmt.Sprintf("A or B, %s cards of 0-9JQK and =; or S, %s digits and =",
		spelled(c.hand), spelled(c.hand))
	t.Levels = retold(t.Levels, "four digits", spelled(c.hand)+" digits")
	return t
}

func (c cardsAt) sample(r *num.Rand, level string) Problem {
	faces := len(cardFaces)
	if level == "prior" {
		faces = 10
	}
	hand := make([]byte, c.hand)
	for i := range hand {
		hand[i] = cardFaces[r.IntN(faces)]
	}
	return askCards(level, hand)
}

func (c cardsAt) read(prompt string) (Problem, bool) {
	kind, hand := cutPrompt(prompt)
	level := map[string]string{"A": "id", "B": "ood", "S": "prior"}[kind]
	if level == "" || !madeOf(hand, cardFaces, c.hand) ||
		level == "prior" && !madeOf(hand, cardFaces[:10], c.hand) {
		return Problem{}, false
	}
	return askCards(level, []byte(hand)), true
}

// askCards returns the problem of a hand.
func askCards(level string, hand []byte) Problem {
	rule := map[string]string{"id": "A", "ood": "B", "prior": "S"}[level]
	p := Problem{Level: level, Prompt: rule + string(hand) + "=", Key: string(hand)}
	if level == "prior" {
		slices.Sort(hand)
		p.Answer = string(hand)
		return p
	}
	sum := 0
	for i := range hand {
		sum += cardValue(level, hand[i])
	}
	p.Answer = digit(sum)
	return p
}

// cardValue returns the value of a card under a level's rule.
func cardValue(level string, card byte) int {
	switch i := strings.IndexByte(cardFaces, card); {
	case i < 10:
		return i
	case level == "ood":
		return i - 9
	default:
		return 0
	}
}

func demonstrateCards(_ *num.Rand, p Problem, k param.Values) string {
	if p.Level == "prior" {
		return p.Answer
	}
	hand, sum := p.Key, 0
	var b strings.Builder
	if k.Choice("style") == "x" {
		for i := range hand {
			sum += cardValue(p.Level, hand[i])
			b.WriteString(digit(sum))
		}
		return b.String()
	}
	for i := len(hand) - 1; i >= 0; i-- {
		value := cardValue(p.Level, hand[i])
		sum += value
		b.WriteString(digit(value) + digit(sum))
	}
	return b.String()
}

// pretrain returns an example for the base to imitate. Both rules are equally frequent and solved
// equally carelessly. After a mistake the running sum continues from the wrong digit.
func (c cardsAt) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	if r.Float64() >= cardsPriorShare {
		level = []string{"id", "ood"}[r.IntN(2)]
	}
	p := c.sample(r, level)
	if level == "prior" {
		return p, p.Answer
	}
	sloppy, sum := r.Float64() < cardsSloppyHands, 0
	var b strings.Builder
	for i := range p.Key {
		sum += cardValue(level, p.Key[i])
		if sloppy && r.Float64() < cardsSloppyStep {
			sum = r.IntN(10)
		}
		b.WriteString(digit(sum))
	}
	return p, b.String()
}

func digit(n int) string { return string(rune('0' + n%10)) }
