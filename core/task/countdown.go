package task

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	countdownSigns = "+-*"
	countdownUsual = 3  // numbers that are practised, as the task is declared
	countdownMost  = 99 // largest result of a step; the smallest is 0

	// How often the writer that the base model learns from looks ahead before its last step.
	countdownAhead      = 0.2
	countdownPriorShare = 0.2
)

// countdownSizes has the sizes of the task.
type countdownSizes struct{ numbers int } // of the practised level

// of returns the number of numbers of a level.
func (s countdownSizes) of(level string) int {
	if level == "id" {
		return s.numbers
	}
	return s.numbers + 1
}

func sizeCountdown(t Task, v param.Values) Task {
	s := countdownSizes{v.Int("numbers")}
	t.Read, t.Sample, t.Pretrain = s.read, s.sample, s.pretrain
	t.MaxResponse = 5*s.of("ood") - 3
	t.Form = fmt.Sprintf("N, %s or %s digits of 1-9, a colon, a target of two digits that they "+
		"lead to and =; or C, such digits with signs between them and =", spelled(s.numbers),
		spelled(s.of("ood")))
	t.Levels = retold(t.Levels, "three numbers", spelled(s.numbers)+" numbers", "four numbers",
		spelled(s.of("ood"))+" numbers")
	return t
}

// Countdown is the task "Countdown: reach the number".
var Countdown = Task{
	Name:  "countdown",
	Title: "Countdown: reach the number",
	Cite: "after the Countdown task of Gandhi et al. 2024, arXiv:2404.03683, and of TinyZero " +
		"(Pan et al. 2025)",
	Doc: `A few numbers and a target are given: use every number once, with plus, minus and times,
to reach the target. One calculates from left to right, as on a pocket calculator, and no step may
go below 0 or above 99. Every way to the target is right, so reward accepts them all, and a
demonstration shows one of many; results that are written down must be true. Three numbers are
practised. The base calculates well, but four times in five it thinks of the target only at the
last step: what can be learned is to look ahead. It can also write the results of every step of an
expression, the prior skill.`,
	Example: Example{
		Prompt: "N345:17=", Response: "3*4=12+5=17",
		Steps: []string{
			"N345:17= asks to make 17 of the numbers 3, 4 and 5, each used once, with plus, " +
				"minus and times.",
			"The response 3*4=12+5=17 goes from left to right: 3 times 4 makes 12, and 12 plus 5 " +
				"makes 17. Results have two digits.",
			"Every number is used, every result is true and the last one is the target, so it is " +
				"right. So are other ways to 17, such as 4*5-3.",
		},
	},
	Alphabet: "0123456789+-*=:NC",
	Levels: []Level{
		{Name: "id", Title: "three numbers", Doc: "three numbers, which are practised"},
		{Name: "ood", Title: "four numbers",
			Doc: "four numbers: one more step to look ahead, not practised"},
		{Name: "prior", Title: "calculating",
			Doc: "the result of every step of an expression with four numbers: a skill from " +
				"before, not practised"},
	},
	Base:        "countdown",
	MaxResponse: 17,
	Prompts:     2000,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, writes the result of "+
				"every step. "+
				"y, a foreign style, writes the expression alone.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "N, three or four digits of 1-9, a colon, a target of two digits that they lead to " +
		"and =, such as N345:17=; or C, such digits with signs between them and =",
	Read:   countdownSizes{countdownUsual}.read,
	Sample: countdownSizes{countdownUsual}.sample,
	Demonstrate: func(r *num.Rand, p Problem, k param.Values) string {
		if p.Level == "prior" {
			return p.Answer
		}
		way := countdownWalk(r, p, func(int) bool { return true })
		if k.Choice("style") == "x" {
			return way
		}
		expression, _ := countdownParts(way)
		return expression
	},
	Pretrain: countdownSizes{countdownUsual}.pretrain,
	Sizes: []param.Knob{
		param.Integer("numbers", "numbers", countdownUsual, 3, 4,
			"Numbers in what is practised. The other levels have one more.").
			Called("numbers of a prompt"),
		promptsKnob(2000, 4000),
	},
	Larger: bySize([]string{"numbers=4", "train_prompts=4000"},
		[]string{"numbers=4", "train_prompts=4000"}),
	Sized: sizeCountdown,
	Reward: func(p Problem, response string) float64 {
		if p.Level == "prior" && response == p.Answer ||
			p.Level != "prior" && countdownReaches(p, response) {
			return 1
		}
		return 0
	},
}

// countdownAt is a state of the search: what is written, its value, and the numbers that are left.
type countdownAt struct {
	text  string
	value int
	left  string
}

// next returns the states after one more step: each number that is left, with each sign if there is
// a number before it.
func (at countdownAt) next() []countdownAt {
	var all []countdownAt
	for i := range at.left {
		number, left := at.left[i:i+1], at.left[:i]+at.left[i+1:]
		if at.text == "" {
			all = append(all, countdownAt{number, int(number[0] - '0'), left})
			continue
		}
		for _, sign := range []byte(countdownSigns) {
			if value := countdownResult(at.value, sign, number[0]); value >= 0 {
				all = append(all,
					countdownAt{at.text + string(sign) + number + "=" + twoDigits(value), value,
						left})
			}
		}
	}
	return all
}

// reaches reports whether the target can still be reached.
func (at countdownAt) reaches(target string) bool {
	if at.left == "" {
		return twoDigits(at.value) == target
	}
	for _, next := range at.next() {
		if next.reaches(target) {
			return true
		}
	}
	return false
}

// countdownResult returns the result of a step, or -1 if the step is not allowed.
func countdownResult(value int, sign, number byte) int {
	n := int(number - '0')
	switch sign {
	case '+':
		value += n
	case '-':
		value -= n
	case '*':
		value *= n
	default:
		return -1
	}
	if value > countdownMost {
		return -1
	}
	return value
}

// countdownWalk uses up a problem's numbers at random. Where aims returns true for how many numbers
// are left, the next step is one from which the target can be reached, if there is one.
func countdownWalk(r *num.Rand, p Problem, aims func(left int) bool) string {
	numbers, target, _ := strings.Cut(p.Prompt[1:len(p.Prompt)-1], ":")
	at := countdownAt{left: numbers}
	for at.left != "" {
		ways := at.next()
		if aims(len(at.left)) {
			var good []countdownAt
			for _, way := range ways {
				if way.reaches(target) {
					good = append(good, way)
				}
			}
			if good != nil {
				ways = good
			}
		}
		at = ways[r.IntN(len(ways))]
	}
	return at.text
}

// countdownParts splits a response into the expression and the results of its steps.
func countdownParts(way string) (expression, results string) {
	expression, way, more := strings.Cut(way, "=")
	for more {
		results += way[:2]
		step := ""
		step, way, more = strings.Cut(way[2:], "=")
		expression += step
	}
	return expression, results
}

// countdownReaches reports whether a response uses every number once, makes only allowed steps,
// states no wrong result, and reaches the target.
func countdownReaches(p Problem, response string) bool {
	left, target, _ := strings.Cut(p.Prompt[1:len(p.Prompt)-1], ":")
	value := 0
	for start := true; response != ""; start = false {
		sign := byte('+')
		if !start {
			sign, response = response[0], response[1:]
		}
		if response == "" {
			return false
		}
		i := strings.IndexByte(left, response[0])
		if i < 0 {
			return false
		}
		if value = countdownResult(value, sign, response[0]); value < 0 {
			return false
		}
		left, response = left[:i]+left[i+1:], response[1:]
		if claim, ok := strings.CutPrefix(response, "="); ok {
			if response, ok = strings.CutPrefix(claim, twoDigits(value)); !ok {
				return false
			}
		}
	}
	return left == "" && twoDigits(value) == target
}

func twoDigits(n int) string { return digit(n/10) + digit(n) }

// sample combines random numbers and returns the problem of reaching their result, or of
// telling it.
func (s countdownSizes) sample(r *num.Rand, level string) Problem {
	numbers := make([]byte, s.of(level))
	for i := range numbers {
		numbers[i] = byte('1' + r.IntN(9))
	}
	way := countdownWalk(r, Problem{Prompt: "N" + string(numbers) + ":="},
		func(int) bool { return false })
	expression, results := countdownParts(way)
	if level == "prior" {
		return askCalculation(expression, results)
	}
	return askCountdown(level, numbers, results[len(results)-2:], expression)
}

// askCountdown returns the problem of reaching a target from numbers, with one solution.
func askCountdown(level string, numbers []byte, target, way string) Problem {
	p := Problem{Level: level, Prompt: "N" + string(numbers) + ":" + target + "=", Answer: way}
	slices.Sort(numbers)
	p.Key = string(numbers) + ":" + target
	return p
}

func askCalculation(expression, results string) Problem {
	return Problem{Level: "prior", Prompt: "C" + expression + "=", Answer: results,
		Key: "C" + expression}
}

func (s countdownSizes) read(prompt string) (Problem, bool) {
	const digits = "123456789"
	kind, body := cutPrompt(prompt)
	numbers, target, _ := strings.Cut(body, ":")
	level := map[int]string{s.of("id"): "id", s.of("ood"): "ood"}[len(numbers)]
	switch {
	case kind == "N" && level != "" && madeOf(numbers, digits, len(numbers)) &&
		(countdownAt{left: numbers}).reaches(target):
		r := num.NewRand(0, "read", "countdown/"+prompt)
		expression, _ := countdownParts(countdownWalk(&r, Problem{Prompt: prompt},
			func(int) bool { return true }))
		return askCountdown(level, []byte(numbers), target, expression), true
	case kind == "C" && len(body) == 2*s.of("prior")-1 && madeOf(body[:1], digits, 1):
		results, value := "", int(body[0]-'0')
		for i := 1; i < len(body); i += 2 {
			if value = countdownResult(value, body[i], body[i+1]); value < 0 ||
				!madeOf(body[i+1:i+2], digits, 1) {
				return Problem{}, false
			}
			results += twoDigits(value)
		}
		return askCalculation(body, results), true
	}
	return Problem{}, false
}

// pretrain aims at the target in the last step, and rarely before it.
func (s countdownSizes) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	if r.Float64() >= countdownPriorShare {
		level = []string{"id", "ood"}[r.IntN(2)]
	}
	p := s.sample(r, level)
	if level == "prior" {
		return p, p.Answer
	}
	ahead := r.Float64() < countdownAhead
	return p, countdownWalk(r, p, func(left int) bool { return ahead || left == 1 })
}
