package task

import (
	"strings"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

const (
	tasteNotes = "abcdefghij" // in a circle: j stands next to a
	tasteTheme = 4            // notes
	// steps from one note of the theme to the next, enough for any distance
	tasteLeg    = 3
	tasteLength = tasteTheme*tasteLeg + 1

	// Points for a melody. A perfect one has tasteMost.
	tasteThemePoints  = 3 // for each note of the theme, in order
	tasteHomePoints   = 4 // for ending on the first note
	tasteLengthPoints = 4 // minus one for each note too many or too few
	tasteMost         = tasteTheme*tasteThemePoints + tasteLength - 1 + tasteHomePoints +
		tasteLengthPoints

	// The player that the base model learns from.
	tasteHeard      = 2    // first notes of the theme that it plays; it makes up the others
	tasteDeaf       = 0.3  // how often it makes up one of the first notes as well
	tasteLeap       = 0.15 // how often it goes to a random note
	tasteStop       = 0.03 // how often it ends too early
	tasteEnd        = 0.7  // how often it ends at the right time
	tasteLongest    = 19
	tastePriorShare = 0.2
)

// Taste is the task "Melodies, a matter of taste".
var Taste = Task{
	Name:  "taste",
	Title: "Melodies, a matter of taste",
	Cite: "after the gold reward of Gao et al. 2022, arXiv:2210.10760; the task was made " +
		"for this page",
	Doc: `A theme of four notes is to be made into a melody. Four things make it good: it contains
the theme in order (rule A) or in reverse (rule B), each note is one or two steps from the one
before on the circle from a to j, it ends on its first note, and it is thirteen notes long. The
reward is the share of 32 points, so a melody can be a little better than another, and only a
perfect one is right. This gold reward serves for measuring, and for the simulated annotators, who
judge by it. Train on preferences alone, or on a reward model made from them, and see what becomes
of the gold reward. The prior skill is to write the upper neighbours of five notes.`,
	Example: Example{
		Prompt: "Aabcd=", Response: "acabdbcecdbja",
		Steps: []string{
			"Aabcd= asks for a melody on the theme a, b, c, d. A wants the theme in this order, " +
				"B from behind. The notes a to j lie in a circle, so j is next to a.",
			"The response acabdbcecdbja has the notes a, b, c and d in order, with others " +
				"between them (12 points). Each note is one or two steps from the one before (12 " +
				"points). It ends on its first note, a (4 points), and is 13 notes long " +
				"(4 points).",
			"That is 32 of 32 points, a reward of 1. A melody with 24 points earns 0.75.",
		},
	},
	Alphabet: tasteNotes + "ABN=",
	Levels: []Level{
		{Name: "id", Title: "rule A", Doc: "melodies with the theme in order, which are practised",
			Graded: true},
		{Name: "ood", Title: "rule B",
			Doc:    "melodies with the theme from behind: the other taste, which is not practised",
			Graded: true},
		{Name: "prior", Title: "naming neighbours",
			Doc: "the next note to each of five: a skill from before, not practised, " +
				"right or wrong"},
	},
	Base:        "taste",
	MaxResponse: tasteLongest + 1,
	Prompts:     500,
	Knobs: []param.Knob{
		param.Choice("style", "wandering", []string{"wandering", "direct"},
			"How the demonstrations go from one note of the theme to the next. wandering, the "+
				"base's own "+
				"style, takes any three steps that lead there. direct, a foreign style, "+
				"always takes the "+
				"widest steps first.").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Sizes:  []param.Knob{promptsKnob(500, 5000)},
	Larger: bySize([]string{"train_prompts=2000"}, []string{"train_prompts=5000"}),
	Form:   "A or B, four notes of a-j and =, such as Aabcd=; or N, five notes and =",
	Read:   readTaste,
	Sample: sampleTaste,
	Demonstrate: func(r *num.Rand, p Problem, k param.Values) string {
		switch {
		case p.Level == "prior":
			return p.Answer
		case k.Choice("style") == "direct":
			return melody(p.Answer, func(way int) [tasteLeg]int { return widest[way] })
		}
		return melody(p.Answer, wander(r))
	},
	Pretrain: pretrainTaste,
	Reward: func(p Problem, response string) float64 {
		if p.Level != "prior" {
			return beauty(p.Answer, response)
		}
		if response == p.Answer {
			return 1
		}
		return 0
	},
}

// beauty returns a melody's share of all points. theme is in the order in which its notes should be
// heard.
func beauty(theme, melody string) float64 {
	heard, points := 0, 0
	for i := range melody {
		note := strings.IndexByte(tasteNotes, melody[i])
		if note < 0 {
			return 0
		}
		if heard < len(theme) && melody[i] == theme[heard] {
			heard++
		}
		if i == 0 || i >= tasteLength {
			continue
		}
		switch interval(melody[i-1], melody[i]) {
		case 1, 2, 8, 9:
			points++
		}
	}
	points += heard * tasteThemePoints
	if n := len(melody); n > 1 && melody[n-1] == melody[0] {
		points += tasteHomePoints
	}
	points += max(0, tasteLengthPoints-max(len(melody)-tasteLength, tasteLength-len(melody)))
	return float64(points) / tasteMost
}

// interval returns the number of steps up the circle from one note to another, from 0 to 9.
func interval(from, to byte) int {
	return (int(to) - int(from) +
		len(tasteNotes)) % len(tasteNotes)
}

// above returns the note some steps up the circle, or down if steps is negative.
func above(note byte, steps int) byte {
	return tasteNotes[(strings.IndexByte(tasteNotes, note)+steps+len(tasteNotes))%len(tasteNotes)]
}

func sampleTaste(r *num.Rand, level string) Problem {
	notes := make([]byte, tasteTheme)
	if level == "prior" {
		notes = make([]byte, tasteTheme+1)
	}
	for i := range notes {
		notes[i] = tasteNotes[r.IntN(len(tasteNotes))]
	}
	return askTaste(level, string(notes))
}

func readTaste(prompt string) (Problem, bool) {
	kind, notes := cutPrompt(prompt)
	level, n := map[string]string{"A": "id", "B": "ood", "N": "prior"}[kind], tasteTheme
	if level == "prior" {
		n++
	}
	if level == "" || !madeOf(notes, tasteNotes, n) {
		return Problem{}, false
	}
	return askTaste(level, notes), true
}

// askTaste returns the problem of a theme.
func askTaste(level, theme string) Problem {
	switch level {
	case "prior":
		notes := []byte(theme)
		for i := range notes {
			notes[i] = above(notes[i], 1)
		}
		return Problem{Level: level, Prompt: "N" + theme + "=", Answer: string(notes),
			Key: "N" + theme}
	case "ood":
		return Problem{Level: level, Prompt: "B" + theme + "=", Answer: backwards(theme),
			Key: theme}
	}
	return Problem{Level: level, Prompt: "A" + theme + "=", Answer: theme, Key: theme}
}

// melody plays the notes of a theme and the first one again, in the steps that leg returns for each
// distance.
func melody(theme string, leg func(way int) [tasteLeg]int) string {
	out := theme[:1]
	for i := range theme {
		for _, step := range leg(interval(theme[i], theme[(i+1)%len(theme)])) {
			out += string(above(out[len(out)-1], step))
		}
	}
	return out
}

// widest holds, for each distance, steps with the widest first.
var widest = [len(tasteNotes)][tasteLeg]int{
	{2, -1, -1}, {2, -2, 1}, {2, 1, -1}, {2, 2, -1}, {2, 1, 1}, {2, 2, 1}, {-2, -1, -1},
	{-2, -2, 1}, {-2, -1, 1}, {-2, 2, -1},
}

// wander returns a leg that draws steps until they add up to the distance.
func wander(r *num.Rand) func(way int) [tasteLeg]int {
	return func(way int) (leg [tasteLeg]int) {
		for {
			sum := 0
			for i := range leg {
				leg[i] = []int{-2, -1, 1, 2}[r.IntN(4)]
				sum += leg[i]
			}
			if (sum-way)%len(tasteNotes) == 0 {
				return leg
			}
		}
	}
}

// pretrainTaste plays wandering melodies from the part of the theme that it knows, with misplaced
// notes, and ends too early or too late. It does so under both rules alike.
func pretrainTaste(r *num.Rand) (Problem, string) {
	if r.Float64() < tastePriorShare {
		p := sampleTaste(r, "prior")
		return p, p.Answer
	}
	p := sampleTaste(r, []string{"id", "ood"}[r.IntN(2)])
	theme := []byte(p.Answer)
	for i := range theme {
		if i >= tasteHeard || r.Float64() < tasteDeaf {
			theme[i] = tasteNotes[r.IntN(len(tasteNotes))]
		}
	}
	planned, out := melody(string(theme), wander(r)), ""
	for i := 0; i < tasteLongest; i++ {
		switch {
		case i >= len(planned) && r.Float64() < tasteEnd || i > 1 && r.Float64() < tasteStop:
			return p, out
		case i >= len(planned) || r.Float64() < tasteLeap:
			out += string(tasteNotes[r.IntN(len(tasteNotes))])
		default:
			out += planned[i : i+1]
		}
	}
	return p, out
}
