package task

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	lockLetters = "abcdefghijkl" // the base knows the meaning of the first half
	lockDials   = 4              // settings of a dial: what a step chooses among
	lockDepth   = 5              // dials that are practised, as the task is declared
	lockUnknown = 6              // the first letter whose meaning the base does not know

	// How often the writer that the base model learns from goes wrong at a step that it knows.
	lockSlip       = 0.05
	lockPriorShare = 0.2
)

// lockAt has the sizes of the task.
type lockAt struct{ depth int } // dials of the locks that are practised

// of returns the number of dials of a level.
func (l lockAt) of(level string) int {
	return l.depth + map[string]int{"shallow": -1, "ood": 2}[level]
}

func sizeLock(t Task, v param.Values) Task {
	l := lockAt{v.Int("dials")}
	t.Read, t.Sample, t.Pretrain = l.read, l.sample, l.pretrain
	t.MaxResponse = 2*l.of("ood") + 2
	t.Form = fmt.Sprintf("L, %s, %s or %s letters of a-l and =; or R, %s such letters and =",
		spelled(l.of("shallow")), spelled(l.depth), spelled(l.of("ood")), spelled(l.depth))
	t.Levels = retold(t.Levels, "four dials", spelled(l.of("shallow"))+" dials",
		"five dials", spelled(l.depth)+" dials", "five letters", spelled(l.depth)+" letters",
		"seven dials", spelled(l.of("ood"))+" dials")
	return t
}

// Lock is the task "A combination lock".
var Lock = Task{
	Name:  "lock",
	Title: "A combination lock",
	Cite: "after the search trees of Liu et al. 2025 (UFT), arXiv:2505.16984, and of Zhang et " +
		"al. 2025 (BREAD), arXiv:2506.17211",
	Doc: `A lock opens if every one of its dials is right, and nothing tells which of them was
wrong. The letters on the lock decide: each turns the setting of the dial before it on by zero to
three. The base knows what half of the letters mean and guesses the others. So it opens a lock with
two unknown letters in one of sixteen tries, and each further dial makes luck rarer. With reward
alone the meanings have to be found by opening locks; a demonstration gives them away. The base can
also write the letters backwards: the prior skill, which nobody practises.`,
	Example: Example{
		Prompt: "Lachbk=", Response: "02320",
		Steps: []string{
			"In Lachbk= the five letters achbk belong to five dials. Each letter turns the " +
				"setting of the dial before it on: a by 0, c by 2, h by 1, b by 3, k by 2. After " +
				"3 comes 0 again.",
			"The first dial is 0. Then 0+2 is 2, 2+1 is 3, 3+3 comes round to 2, and 2+2 comes " +
				"round to 0.",
			"So the response 02320 opens the lock. A single wrong dial earns nothing.",
		},
	},
	Alphabet: lockLetters + "0123LR=",
	Levels: []Level{
		{Name: "id", Title: "five dials", Doc: "locks of five dials, which are practised"},
		{Name: "ood", Title: "seven dials",
			Doc: "locks of seven dials: the same letters, a deeper lock than is practised"},
		{Name: "shallow", Title: "four dials",
			Doc: "locks of four dials, which luck opens more often"},
		{Name: "prior", Title: "writing backwards",
			Doc: "five letters written backwards: a skill from before, not practised"},
	},
	Base:        "lock",
	MaxResponse: 16,
	Prompts:     500,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, writes the "+
				"settings alone. "+
				"y, a foreign style, writes each letter before its setting.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "L, four, five or seven letters of a-l and =, such as Lachbk=; or R, five such " +
		"letters and =",
	Read:   lockAt{lockDepth}.read,
	Sample: lockAt{lockDepth}.sample,
	Demonstrate: func(_ *num.Rand, p Problem, k param.Values) string {
		if k.Choice("style") == "x" || p.Level == "prior" {
			return p.Answer
		}
		var b strings.Builder
		for i := range p.Answer {
			b.WriteString(p.Key[i+1:i+2] + p.Answer[i:i+1])
		}
		return b.String()
	},
	Pretrain: lockAt{lockDepth}.pretrain,
	Sizes: []param.Knob{
		param.Integer("dials", "dials", lockDepth, 5, 12,
			"Dials of the locks that are practised. Others have one fewer or two more.").
			Called("dials of a lock"),
		promptsKnob(500, 50_000),
	},
	Larger: bySize([]string{"dials=8", "train_prompts=5000"},
		[]string{"dials=12", "train_prompts=20000"}),
	Sized: sizeLock,
	Final: finalLock,
	Reward: func(p Problem, response string) float64 {
		if finalLock(p, response) == p.Answer {
			return 1
		}
		return 0
	},
}

// finalLock returns the settings of the dials in a response.
func finalLock(p Problem, response string) string {
	if p.Level == "prior" {
		return response
	}
	return strings.Map(setting, response)
}

// setting returns r if it is a setting of a dial, and drops it otherwise.
func setting(r rune) rune {
	if r >= '0' && r <= '3' {
		return r
	}
	return -1
}

func (l lockAt) sample(r *num.Rand, level string) Problem {
	letters := make([]byte, l.of(level))
	for i := range letters {
		letters[i] = lockLetters[r.IntN(len(lockLetters))]
	}
	return askLock(level, string(letters))
}

func (l lockAt) read(prompt string) (Problem, bool) {
	kind, letters := cutPrompt(prompt)
	levels := map[int]string{l.of("shallow"): "shallow", l.depth: "id", l.of("ood"): "ood"}
	level := levels[len(letters)]
	switch {
	case level == "" || !madeOf(letters, lockLetters, len(letters)):
	case kind == "L":
		return askLock(level, letters), true
	case kind == "R" && level == "id":
		return askLock("prior", letters), true
	}
	return Problem{}, false
}

// askLock returns the problem of a lock with these letters.
func askLock(level, letters string) Problem {
	if level == "prior" {
		return Problem{Level: level, Prompt: "R" + letters + "=", Key: "R" + letters,
			Answer: backwards(letters)}
	}
	answer := openLock(letters, func(dial int) int { return dial })
	return Problem{Level: level, Prompt: "L" + letters + "=", Key: "L" + letters, Answer: answer}
}

// openLock returns the settings of the dial that the letters lead to, one after another. change
// returns the setting to use in place of a right one.
func openLock(letters string, change func(dial int) int) string {
	settings, dial := make([]byte, len(letters)), 0
	for i := range letters {
		// The meanings have no order that could be guessed: 0 3 2 1 0 3, then 2 1 0 3 2 1.
		dial = change((dial + 3*strings.IndexByte(lockLetters, letters[i])) % lockDials)
		settings[i] = '0' + byte(dial)
	}
	return string(settings)
}

// pretrain sets a dial at random if it does not know the letter, and continues from there.
func (l lockAt) pretrain(r *num.Rand) (Problem, string) {
	level := "prior"
	if r.Float64() >= lockPriorShare {
		level = []string{"id", "ood", "shallow"}[r.IntN(3)]
	}
	p := l.sample(r, level)
	if level == "prior" {
		return p, p.Answer
	}
	letters, i := p.Key[1:], -1
	return p, openLock(letters, func(dial int) int {
		if i++; strings.IndexByte(lockLetters, letters[i]) >= lockUnknown ||
			r.Float64() < lockSlip {
			return r.IntN(lockDials)
		}
		return dial
	})
}
