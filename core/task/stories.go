package task

import (
	"slices"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// The sizes of stories.
const (
	storiesMost       = 20 // largest number; the smallest is 0
	storiesEvents     = 2  // in a story, but
	storiesMore       = 3  // in the long stories of level more
	storiesFewHeld    = 2  // things in a bag, but
	storiesMostHeld   = 4  // up to so many at level ood
	storiesMostStart  = 12 // things at the start of a story, at least 1
	storiesMostBags   = 6  // bags in one event, at least 2
	storiesMostThings = 9  // things in one event, at least 1
	storiesPractised  = 5  // the first names and things; the others are those of level names
	storiesSorted     = 4  // numbers to sort
)

const (
	// The share of stories in which the writer that the base model learns from puts down a number
	// at random once.
	storiesSloppy     = 0.5
	storiesPriorShare = 0.2
)

var (
	storiesNames  = []string{"Ann", "Bea", "Eva", "Ida", "Joy", "Mia", "Pia", "Zoe"}
	storiesThings = []string{"cards", "pens", "cups", "eggs", "coins", "nuts", "toys", "shells"}
	storiesGains  = []string{"finds", "wins", "makes"}
	storiesLosses = []string{"drops", "loses", "sells"}
	storiesKinds  = []string{"red", "blue", "new"}
)

// Stories is the task "Arithmetic in stories".
var Stories = Task{
	Name:  "stories",
	Title: "Arithmetic in stories",
	Cite: "after GSM8K, arXiv:2110.14168; GSM-Symbolic and GSM-NoOp, arXiv:2410.05229; " +
		"iGSM, arXiv:2407.20311",
	Doc: `A short story in plain English says how many things somebody has, how many a bag holds,
and what happens: bags are bought, things are found, dropped or sold. The answer is how many there
are at the end, reasoned step by step. Every word is one symbol. Stories of two events with bags of
two are practised. Other stories have larger bags, one more event, a sentence that does not matter,
the size of a bag told last, or other names and things: they show whether the skill was learned or
only a habit. The base can do all of these, but in half of its stories it once writes a number at
random. It can also sort four numbers, the prior skill, which nobody practises. The verifier judges
the last sentence, which must be that of the last event, or say how many things there are.`,
	Example: Example{
		Prompt: "Ann has 6 cards . a bag holds 2 cards . she buys 4 bags . she drops 8 cards . " +
			"how many cards ?",
		Response: "4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .",
		Steps: []string{
			"The story is \"Ann has 6 cards . a bag holds 2 cards . she buys 4 bags . she drops " +
				"8 cards . how many cards ?\" Each word, number and full stop is one symbol.",
			"The response is \"4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .\" Four bags of 2 are 8 " +
				"cards. With the 6 that she has these are 14. Without the 8 that she drops, 6 " +
				"are left.",
			"Only the last sentence is checked: 14 - 8 = 6 is right. So would \"she has 6 .\" be.",
		},
	},
	Words: storiesWords(),
	Levels: []Level{
		{Name: "id", Title: "bags of two",
			Doc: "two events, and a bag holds two things: what is practised"},
		{Name: "ood", Title: "larger bags",
			Doc: "a bag holds three or four: the same skill with products that are not practised"},
		{Name: "more", Title: "one more event",
			Doc: "three events: longer stories than those that are practised"},
		{Name: "noop", Title: "a sentence too many",
			Doc: "a sentence in the story does not matter, such as: 3 cards are red"},
		{Name: "order", Title: "bag told last",
			Doc: "how many a bag holds is told last, after what happens"},
		{Name: "names", Title: "new names",
			Doc: "people and things that are not in the stories that are practised"},
		{Name: "prior", Title: "sorting",
			Doc: "four numbers in order: a skill from before, not practised"},
	},
	Base:        "stories",
	MaxResponse: 37,
	Prompts:     500,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, writes an equation for "+
				"each step: 4 * 2 = 8 . 6 + 8 = 14 . y, a foreign style, says in words what there "+
				"is after each step: she gets 8 . she has 14 .").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form: "a story of two or three events, such as Ann has 6 cards . a bag holds 2 cards . " +
		"she buys 4 bags . she drops 8 cards . how many cards ?; a bag holds 2 to 4, no number " +
		"is above 20, and one sentence may be there that does not matter; or sort and four " +
		"numbers, as in sort 4 12 15 2 ?",
	Read:   readStories,
	Sample: sampleStories,
	Demonstrate: func(_ *num.Rand, p Problem, k param.Values) string {
		s, ok := readStory(p.Prompt)
		switch {
		case !ok:
			return p.Answer
		case k.Choice("style") == "y":
			return inWords(s.steps())
		}
		return inEquations(s.steps())
	},
	Pretrain: pretrainStories,
	Reward:   rewardStories,
}

// storiesWords returns the vocabulary.
func storiesWords() []string {
	var numbers []string
	for n := range storiesMost + 1 {
		numbers = append(numbers, numeral(n))
	}
	return slices.Concat(numbers,
		[]string{"+", "-", "*", "=", ".", "?", "a", "bag", "bags", "holds", "has", "she", "buys",
			"gets", "how", "many", "sort", "are"},
		storiesGains, storiesLosses, storiesKinds, storiesNames, storiesThings)
}
