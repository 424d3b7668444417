package task

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	composeNames   = "stuvwxyz"
	composeSymbols = "abcdef"
	composeLength  = 4 // symbols in a string, as the task is declared
	composeDepth   = 2 // functions that are practised, as the task is declared

	// How often the writer that the base model learns from applies another function than it names,
	// if there are several.
	composeConfused   = 0.4
	composePriorShare = 0.5
	// of composeRare other examples, one has three functions, one four and one five
	composeRare = 100
)

// composeAt has the sizes of the task.
type composeAt struct {
	depth  int // functions that are practised
	length int // symbols in a string, an even number
}

// of returns the number of functions of a level.
func (c composeAt) of(level string) int {
	if level == "prior" {
		return 1
	}
	return c.depth + map[string]int{"ood": 1, "four": 2, "five": 3}[level]
}

func sizeCompose(t Task, v param.Values) Task {
	length, _ := strconv.Atoi(v.Choice("length")) // which is one of the choices
	c := composeAt{v.Int("depth"), length}
	t.Read, t.Sample, t.Pretrain, t.Demonstrate = c.read, c.sample, c.pretrain, c.demonstrate
	t.MaxResponse = c.of("five")*(c.length+1) + 1
	t.Form = fmt.Sprintf("one or %s to %s different letters of s-z, a colon, %s of a-f and =",
		spelled(c.depth), spelled(c.of("five")), spelled(c.length))
	t.Levels = retold(t.Levels, "two functions", spelled(c.depth)+" functions",
		"three functions", spelled(c.of("ood"))+" functions",
		"four functions", spelled(c.of("four"))+" functions",
		"five functions", spelled(c.of("five"))+" functions")
	return t
}

// Compose is the task "Functions of functions".
var Compose = Task{
	Name:  "compose",
	Title: "Functions of functions",
	Cite:  "after Yuan et al. 2025, arXiv:2509.25123",
	Doc: `Eight functions with meaningless names turn a string of four symbols into another.
Several different functions are applied one after the other, the first name first. Two are
practised, and only the final string counts. The base knows each function alone, which is the prior
skill. Where there are more, it names the right function and in four cases of ten applies any; it
was pretrained on two, and has seen three, four and five in one example of two hundred each.
Learning to apply the function that is named carries over to more functions; learning what two of
them give together does not. The claim is that reward teaches to compose and imitation of filtered
answers does not.`,
	Example: Example{
		Prompt: "sv:dacb=", Response: "sbcadvadbc",
		Steps: []string{
			"In sv:dacb= the letters s and v name two functions, to be applied to dacb one " +
				"after the other.",
			"s writes a string backwards: dacb becomes bcad. v swaps its halves: bcad " +
				"becomes adbc.",
			"The response sbcadvadbc writes each name and what the function makes. Only the last " +
				"four letters are checked: adbc is right.",
		},
	},
	Alphabet: composeNames + composeSymbols + ":=",
	Levels: []Level{
		{Name: "id", Title: "two functions",
			Doc: "two functions, one after the other: what is practised"},
		{Name: "ood", Title: "three functions",
			Doc: "three functions: the same skill at a depth that is not practised and that the " +
				"base has hardly seen"},
		{Name: "four", Title: "four functions", Doc: "four functions, one more still"},
		{Name: "five", Title: "five functions", Doc: "five functions, the deepest level"},
		{Name: "prior", Title: "one function",
			Doc: "one function alone: a skill from before, of which the others are made, " +
				"not practised"},
	},
	Base:        "compose",
	MaxResponse: 26,
	Prompts:     2000,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, names each function "+
				"before the "+
				"string that it makes. y, a foreign style, writes the strings alone.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "one to five different letters of s-z, a colon, four of a-f and =, such as " +
		"sv:dacb=",
	Read:        composeAt{composeDepth, composeLength}.read,
	Sample:      composeAt{composeDepth, composeLength}.sample,
	Demonstrate: composeAt{composeDepth, composeLength}.demonstrate,
	Pretrain:    composeAt{composeDepth, composeLength}.pretrain,
	Sizes: []param.Knob{
		param.Integer("depth", "functions", composeDepth, 2, 5,
			"Functions one after the other in what is practised. The other levels have one, two "+
				"and three more.").Called("functions of a prompt"),
		param.Choice("length", "4", []string{"4", "6", "8", "10", "12"},
			"Symbols in a string.").Called("symbols of a string"),
		promptsKnob(2000, 20_000),
	},
	Larger: bySize([]string{"depth=3", "length=6", "train_prompts=10000"},
		[]string{"depth=4", "length=8", "train_prompts=20000"}),
	Sized: sizeCompose,
	Final: func(p Problem, response string) string {
		return response[max(0, len(response)-len(p.Answer)):]
	},
	Reward: func(p Problem, response string) float64 {
		if strings.HasSuffix(response, p.Answer) {
			return 1
		}
		return 0
	},
}

func (c composeAt) read(prompt string) (Problem, bool) {
	names, word, _ := strings.Cut(strings.TrimSuffix(prompt, "="), ":")
	level := ""
	for _, l := range []string{"prior", "id", "ood", "four", "five"} {
		if c.of(l) == len(names) {
			level = l
		}
	}
	if level == "" || !strings.HasSuffix(prompt, "=") ||
		!madeOf(names, composeNames, len(names)) || !madeOf(word, composeSymbols, c.length) {
		return Problem{}, false
	}
	for i := range names {
		if strings.IndexByte(names[:i], names[i]) >= 0 {
			return Problem{}, false
		}
	}
	return askCompose(level, names, word), true
}

func (c composeAt) demonstrate(_ *num.Rand, p Problem, k param.Values) string {
	return composeSteps(p, k.Choice("style") == "x", func(name byte) byte { return name })
}

func (c composeAt) sample(r *num.Rand, level string) Problem {
	names, word := make([]byte, c.of(level)), make([]byte, c.length)
	for i := range names {
		for {
			names[i] = composeNames[r.IntN(len(composeNames))]
			if strings.IndexByte(string(names[:i]), names[i]) < 0 {
				break
			}
		}
	}
	for i := range word {
		word[i] = composeSymbols[r.IntN(len(composeSymbols))]
	}
	return askCompose(level, string(names), string(word))
}

// askCompose returns the problem of applying named functions to a string.
func askCompose(level, names, word string) Problem {
	key := names + ":" + word
	p := Problem{Level: level, Prompt: key + "=", Key: key}
	steps := composeSteps(p, false, func(name byte) byte { return name })
	p.Answer = steps[len(steps)-len(word):]
	return p
}

// composeSteps returns the string after each function, after the function's name if named is set.
// does returns the function that is applied in place of the named one.
func composeSteps(p Problem, named bool, does func(name byte) byte) string {
	names, word, _ := strings.Cut(strings.TrimSuffix(p.Prompt, "="), ":")
	var b strings.Builder
	for i := range names {
		word = composeApply(does(names[i]), word)
		if named {
			b.WriteByte(names[i])
		}
		b.WriteString(word)
	}
	return b.String()
}

// composeApply returns the result of a function for a string.
func composeApply(name byte, word string) string {
	moved := func(by int) string {
		return strings.Map(func(symbol rune) rune {
			n := len(composeSymbols)
			return rune(composeSymbols[(strings.IndexRune(composeSymbols, symbol)+by+n)%n])
		}, word)
	}
	switch name {
	case 's': // backwards
		return backwards(word)
	case 't': // round to the left
		return word[1:] + word[:1]
	case 'u': // neighbours change places
		out := []byte(word)
		for i := 0; i < len(out); i += 2 {
			out[i], out[i+1] = out[i+1], out[i]
		}
		return string(out)
	case 'v': // halves change places
		return word[len(word)/2:] + word[:len(word)/2]
	case 'w': // each symbol becomes the next
		return moved(1)
	case 'x': // each symbol becomes the one before
		return moved(-1)
	case 'y': // the first half twice
		return word[:len(word)/2] + word[:len(word)/2]
	default: // z: the first symbol takes the last one's place too
		return word[:len(word)-1] + word[:1]
	}
}

// pretrain applies a single function correctly. If there are several, it names the right one
// and may apply any.
func (c composeAt) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	if r.Float64() >= composePriorShare {
		level = "id"
		if beyond, rare := []string{"ood", "four",
			"five"}, r.IntN(composeRare); rare < len(beyond) {
			level = beyond[rare]
		}
	}
	p := c.sample(r, level)
	return p, composeSteps(p, true, func(name byte) byte {
		if level != "prior" && r.Float64() < composeConfused {
			return composeNames[r.IntN(len(composeNames))]
		}
		return name
	})
}
