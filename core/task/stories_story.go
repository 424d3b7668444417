package task

import (
	"slices"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/num"
)

// story is what a prompt of the task stories tells.
type story struct {
	name, things string
	start        int // things at the start
	held         int // things in a bag
	heldLast     bool
	events       []event
	aside        string // a sentence that does not matter; "" means there is none
	asideAt      int    // number of sentences before it
}

// event is something that happens in a story. The verb buys is about bags, the others are about
// things.
type event struct {
	verb string
	n    int
}

// step is a step of arithmetic.
type step struct {
	a, b, result int
	sign         string
}

// sampleStories draws a problem.
func sampleStories(r *num.Rand, level string) Problem {
	if level == "prior" {
		numbers := make([]int, storiesSorted)
		for i := range numbers {
			numbers[i] = r.IntN(storiesMost + 1)
		}
		return askSort(numbers)
	}
	for {
		if s := sampleStory(r, level); s.possible() && s.buysBags() {
			return s.ask()
		}
	}
}

// sampleStory draws a story, which may be impossible.
func sampleStory(r *num.Rand, level string) story {
	names, things := storiesNames[:storiesPractised], storiesThings[:storiesPractised]
	if level == "names" {
		names, things = storiesNames[storiesPractised:], storiesThings[storiesPractised:]
	}
	s := story{name: pick(r, names), things: pick(r, things), start: 1 + r.IntN(storiesMostStart),
		held: storiesFewHeld, heldLast: level == "order"}
	if level == "ood" {
		s.held += 1 + r.IntN(storiesMostHeld-storiesFewHeld)
	}
	count := storiesEvents
	if level == "more" {
		count = storiesMore
	}
	for range count {
		s.events = append(s.events, sampleEvent(r))
	}
	if level == "noop" {
		s.addAside(r, names, things)
	}
	return s
}

func sampleEvent(r *num.Rand) event {
	if r.IntN(2) == 0 {
		return event{"buys", 2 + r.IntN(storiesMostBags-1)}
	}
	verbs := storiesGains
	if r.IntN(2) == 0 {
		verbs = storiesLosses
	}
	return event{pick(r, verbs), 1 + r.IntN(storiesMostThings)}
}

// addAside adds a sentence that does not matter: about the things themselves, anywhere after the
// first sentence, or about what somebody else has, at the end.
func (s *story) addAside(r *num.Rand, names, things []string) {
	n, sentences := 1+r.IntN(storiesMostThings), len(s.sentences())
	if r.IntN(2) == 0 {
		s.aside = sentence(numeral(n), s.things, "are", pick(r, storiesKinds))
		s.asideAt = 1 + r.IntN(sentences)
		return
	}
	another := func(among []string, one string) string {
		return pick(r, slices.DeleteFunc(slices.Clone(among), func(a string) bool {
			return a == one
		}))
	}
	s.aside = sentence(another(names, s.name), "has", numeral(n), another(things, s.things))
	s.asideAt = sentences
}

// pick draws one of some words.
func pick(r *num.Rand, among []string) string { return among[r.IntN(len(among))] }

// numeral returns a number as a word.
func numeral(n int) string { return strconv.Itoa(n) }

// sentence returns words with a full stop.
func sentence(words ...string) string { return strings.Join(words, " ") + " ." }

// sentences returns the story without its question.
func (s story) sentences() (all []string) {
	held := sentence("a bag holds", numeral(s.held), s.things)
	all = append(all, sentence(s.name, "has", numeral(s.start), s.things))
	if !s.heldLast {
		all = append(all, held)
	}
	for _, e := range s.events {
		what := s.things
		if e.verb == "buys" {
			what = "bags"
		}
		all = append(all, sentence("she", e.verb, numeral(e.n), what))
	}
	if s.heldLast {
		all = append(all, held)
	}
	if s.aside != "" {
		all = slices.Insert(all, s.asideAt, s.aside)
	}
	return all
}

// prompt returns the story as it is told.
func (s story) prompt() string {
	return strings.Join(s.sentences(), " ") + " how many " + s.things + " ?"
}

// steps returns the arithmetic of the story.
func (s story) steps() []step { return s.stepsWith(func(_, right int) int { return right }) }

// stepsWith returns the steps with the result that write gives for step i where right would be
// right. Later steps go on from it, and stay within the numbers that there are.
func (s story) stepsWith(write func(i, right int) int) (all []step) {
	has := s.start
	do := func(a int, sign string, b, right int) int {
		result := write(len(all), min(max(right, 0), storiesMost))
		all = append(all, step{a: a, b: b, result: result, sign: sign})
		return result
	}
	for _, e := range s.events {
		n := e.n
		if e.verb == "buys" {
			n = do(e.n, "*", s.held, e.n*s.held)
		}
		if slices.Contains(storiesLosses, e.verb) {
			has = do(has, "-", n, has-n)
		} else {
			has = do(has, "+", n, has+n)
		}
	}
	return all
}

// possible reports whether all numbers of the story and of its steps are among those that there
// are.
func (s story) possible() bool {
	has := s.start
	for _, e := range s.events {
		n := e.n
		switch {
		case e.verb == "buys":
			n *= s.held
			has += n
		case slices.Contains(storiesLosses, e.verb):
			has -= n
		default:
			has += n
		}
		if n > storiesMost || has < 0 || has > storiesMost {
			return false
		}
	}
	return true
}

// buysBags reports whether bags are bought, so that it matters what a bag holds.
func (s story) buysBags() bool {
	return slices.ContainsFunc(s.events, func(e event) bool { return e.verb == "buys" })
}

// level returns the level of the story.
func (s story) level() string {
	known := slices.Contains(storiesNames[:storiesPractised], s.name) &&
		slices.Contains(storiesThings[:storiesPractised], s.things)
	switch {
	case s.aside != "":
		return "noop"
	case s.held > storiesFewHeld:
		return "ood"
	case len(s.events) > storiesEvents:
		return "more"
	case s.heldLast:
		return "order"
	case !known:
		return "names"
	}
	return "id"
}

// ask returns the problem of the story. Its key is the arithmetic, so no story that is trained on
// has the numbers of one that is measured, in other words.
func (s story) ask() Problem {
	steps := s.steps()
	p := Problem{Level: s.level(), Prompt: s.prompt(), Key: numeral(s.start)}
	for _, t := range steps {
		p.Key += " " + t.sign + numeral(t.b)
		if t.sign == "*" {
			p.Key += "*" + numeral(t.a)
		}
	}
	p.Answer = inEquations(steps[len(steps)-1:])
	return p
}

// askSort returns the problem of sorting numbers.
func askSort(numbers []int) Problem {
	given, sorted := numerals(numbers), slices.Sorted(slices.Values(numbers))
	return Problem{Level: "prior", Prompt: "sort " + given + " ?", Key: given,
		Answer: numerals(sorted) + " ."}
}

// numerals returns numbers as words.
func numerals(numbers []int) string {
	var all []string
	for _, n := range numbers {
		all = append(all, numeral(n))
	}
	return strings.Join(all, " ")
}
