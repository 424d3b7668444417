package task

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/param"
)

// storySizes says how long and how various stories are.
type storySizes struct {
	most         int // largest number; the smallest is 0
	events, more int // events of a story, and of the longer ones of level more
	questions    int // 1 or 2: about how many kinds of things a story is
	// things in a bag, and the largest number of them at level ood
	held, mostHeld int
	mostStart      int      // largest number of things at the start; the smallest is 2
	mostBags       int      // largest number of bags in an event; the smallest is 2
	mostThings     int      // largest number of things in an event; the smallest is 2
	names, things  []string // of which the first are practised; the others are those of level names
	practised      int
	sorted         int // numbers to sort
}

// storiesOf returns the sizes of stories with so many events, the largest number that there is, and
// 1 or 2 questions.
func storiesOf(events, largest, questions int) storySizes {
	part := func(of20 int) int { return of20 * largest / 20 }
	return storySizes{
		most: largest, events: events, more: events + 1, questions: questions,
		held: 2, mostHeld: 4, mostStart: part(12), mostBags: part(6), mostThings: part(9),
		names:     []string{"Ann", "Bea", "Eva", "Ida", "Joy", "Mia", "Pia", "Zoe"},
		things:    []string{"cards", "pens", "cups", "eggs", "coins", "nuts", "toys", "shells"},
		practised: 5, sorted: 4,
	}
}

// storiesOnPage are the sizes that a model of 0.1M weights learns.
var storiesOnPage = storiesOf(2, 20, 1)

func sizeStories(t Task, v param.Values) Task {
	z := storiesOf(v.Int("events"), v.Int("largest"), v.Int("questions"))
	t.Words, t.MaxResponse, t.Form = z.words(), z.longest(), z.form()
	t.Read, t.Sample, t.Pretrain, t.Demonstrate = z.read, z.sample, z.pretrain, z.demonstrate
	t.Levels = retold(t.Levels, "two events", spelled(z.events)+" events", "three events",
		spelled(z.more)+" events")
	return t
}

const (
	// The share of stories in which the writer that the base model learns from puts down a number
	// at random once.
	storiesSloppy     = 0.5
	storiesPriorShare = 0.2
)

var (
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
	Words: storiesOnPage.words(),
	Levels: []Level{
		{Name: "id", Title: "bags of two",
			Doc: "two events, and a bag holds two things: what is practised"},
		{Name: "ood", Title: "larger bags",
			Doc: "a bag holds three or four: the same skill with products that are not practised"},
		{Name: "more", Title: "one more event",
			Doc: "three events: longer stories than those that are practised"},
		{Name: "noop", Title: "red herring",
			Doc: "a sentence in the story does not matter, such as: 3 cards are red"},
		{Name: "order", Title: "bag told last",
			Doc: "how many a bag holds is told last, after what happens"},
		{Name: "names", Title: "new names",
			Doc: "people and things that are not in the stories that are practised"},
		{Name: "prior", Title: "sorting",
			Doc: "four numbers in order: a skill from before, not practised"},
	},
	Base:        "stories",
	MaxResponse: storiesOnPage.longest(),
	Prompts:     500,
	Knobs: []param.Knob{
		param.Choice("style", "x", []string{"x", "y"},
			"How the demonstrations are written. x, the base's own style, writes an equation for "+
				"each step: 4 * 2 = 8 . 6 + 8 = 14 . y, a foreign style, says in words what comes "+
				"or goes and what there is then: she gets 8 . she has 14 .").
			Naming("own style", "foreign style").
			Called("style of the demonstrations").ShownFirst(),
	},
	Form:        storiesOnPage.form(),
	Read:        storiesOnPage.read,
	Sample:      storiesOnPage.sample,
	Demonstrate: storiesOnPage.demonstrate,
	Pretrain:    storiesOnPage.pretrain,
	Sizes: []param.Knob{
		param.Integer("events", "events", 2, 2, 5,
			"Events of a story that is practised. Stories of level more have one more.").
			Called("events of a story"),
		param.Integer("largest", "things", 20, 20, 99,
			"The largest number that there is. Each number is a symbol of its own."),
		param.Integer("questions", "questions", 1, 1, 2,
			"How many questions a story asks. With 2 it is about two kinds of things, and asks "+
				"how many there are of each."),
		promptsKnob(500, 10_000),
	},
	Larger: bySize([]string{"events=3", "largest=50", "questions=2", "train_prompts=5000"},
		[]string{"events=4", "largest=99", "questions=2", "train_prompts=10000"}),
	Sized:  sizeStories,
	Reward: rewardStories,
	Final:  finalStories,
}

// words returns the vocabulary.
func (z storySizes) words() []string {
	var numbers []string
	for n := range z.most + 1 {
		numbers = append(numbers, numeral(n))
	}
	all := slices.Concat(numbers,
		[]string{"+", "-", "*", "=", ".", "?", "a", "bag", "bags", "holds", "has", "she", "buys",
			"gets", "how", "many", "sort", "are"},
		storiesGains, storiesLosses, storiesKinds, z.names, z.things)
	if z.questions == 2 {
		all = append(all, "and")
	}
	return all
}

// longest returns the number of tokens of the longest response, End included.
func (z storySizes) longest() int {
	const perEvent, both = 12, 4 // two equations; "6 and 1 ."
	if z.questions == 2 {
		return perEvent*z.more + both + 1
	}
	return perEvent*z.more + 1
}

// form describes the prompts to users who write one.
func (z storySizes) form() string {
	example := "Ann has 6 cards . a bag holds 2 cards . she buys 4 bags . she drops 8 cards . " +
		"how many cards ?"
	if z.questions == 2 {
		example = "Ann has 6 cards and 3 pens . a bag holds 2 cards . she buys 4 bags . she " +
			"drops 2 pens . she finds 8 cards . how many cards and pens ?"
	}
	return fmt.Sprintf("a story of %s or %s events, such as %s; a bag holds 2 to 4, no number is "+
		"above %d, and one sentence may be there that does not matter; or sort and four numbers, "+
		"as in sort 4 12 15 2 ?", spelled(z.events), spelled(z.more), example, z.most)
}
