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
	start        int    // things at the start
	second       string // the other kind of things; "" where a story asks one question
	secondStart  int
	held         int // things in a bag
	heldLast     bool
	events       []event
	aside        string // a sentence that does not matter; "" means there is none
	asideAt      int    // number of sentences before it
}

// event is something that happens in a story. The verb buys is about bags, the others are about
// things.
type event struct {
	verb   string
	n      int
	second bool // it is about the second kind of things
}

// step is a step of arithmetic.
type step struct {
	a, b, result int
	sign         string
	verb         string // says what happens to the things; "" for the things in bags
	second       bool   // it is about the second kind of things
}

// counts are the numbers of things of the first and of the second kind.
type counts struct{ first, second int }

// of returns the number of things of the second kind, or of the first.
func (c *counts) of(second bool) *int {
	if second {
		return &c.second
	}
	return &c.first
}

// sample draws a problem.
func (z storySizes) sample(r *num.Rand, level string) Problem {
	if level == "prior" {
		numbers := make([]int, z.sorted)
		for i := range numbers {
			numbers[i] = r.IntN(z.most + 1)
		}
		return askSort(numbers)
	}
	for {
		if s := z.story(r, level); z.possible(s) && s.buysBags() {
			return z.ask(s)
		}
	}
}

// story draws a story, which may be impossible.
func (z storySizes) story(r *num.Rand, level string) story {
	names, things := z.names[:z.practised], z.things[:z.practised]
	if level == "names" {
		names, things = z.names[z.practised:], z.things[z.practised:]
	}
	s := story{name: pick(r, names), things: pick(r, things), start: 2 + r.IntN(z.mostStart-1),
		held: z.held, heldLast: level == "order"}
	if level == "ood" {
		s.held += 1 + r.IntN(z.mostHeld-z.held)
	}
	if z.questions == 2 {
		s.second, s.secondStart = another(r, things, s.things), 2+r.IntN(z.mostStart-1)
	}
	count := z.events
	if level == "more" {
		count = z.more
	}
	s.events = make([]event, 0, count)
	for range count {
		s.events = append(s.events, z.event(r))
	}
	if level == "noop" {
		z.addAside(r, &s, names, things)
	}
	return s
}

func (z storySizes) event(r *num.Rand) event {
	if r.IntN(2) == 0 {
		return event{"buys", 2 + r.IntN(z.mostBags-1), false}
	}
	verbs := storiesGains
	if r.IntN(2) == 0 {
		verbs = storiesLosses
	}
	e := event{pick(r, verbs), 2 + r.IntN(z.mostThings-1), false}
	e.second = z.questions == 2 && r.IntN(2) == 0
	return e
}

// addAside adds a sentence that does not matter: about the things themselves, anywhere after the
// first sentence, or about what somebody else has, at the end.
func (z storySizes) addAside(r *num.Rand, s *story, names, things []string) {
	n, sentences := 2+r.IntN(z.mostThings-1), s.sentences()
	if r.IntN(2) == 0 {
		s.aside = sentence(numeral(n), s.things, "are", pick(r, storiesKinds))
		s.asideAt = 1 + r.IntN(sentences)
		return
	}
	s.aside = sentence(another(r, names, s.name), "has", numeral(n),
		another(r, things, s.things, s.second))
	s.asideAt = sentences
}

// another draws one of some words, without some of them.
func another(r *num.Rand, among []string, without ...string) string {
	return pick(r, slices.DeleteFunc(slices.Clone(among), func(word string) bool {
		return slices.Contains(without, word)
	}))
}

// pick draws one of some words.
func pick(r *num.Rand, among []string) string { return among[r.IntN(len(among))] }

// numeral returns a number as a word.
func numeral(n int) string { return strconv.Itoa(n) }

// sentence returns words with a full stop.
func sentence(words ...string) string { return strings.Join(words, " ") + " ." }

// about returns the things of the first or of the second kind.
func (s story) about(second bool) string {
	if second {
		return s.second
	}
	return s.things
}

// has reports whether the story is about these things.
func (s story) has(things string) bool { return things == s.things || things == s.second }

// sentences returns the number of sentences that matter.
func (s story) sentences() int { return 2 + len(s.events) }

// prompt returns the story as it is told.
func (s story) prompt() string {
	var text strings.Builder
	text.Grow(256) // room for most stories
	told := 0
	tell := func(words ...string) {
		for _, word := range words {
			text.WriteString(word)
			text.WriteByte(' ')
		}
		text.WriteString(". ")
		if told++; s.aside != "" && told == s.asideAt {
			text.WriteString(s.aside + " ")
		}
	}
	holds := func() { tell("a bag holds", numeral(s.held), s.things) }
	if s.second == "" {
		tell(s.name, "has", numeral(s.start), s.things)
	} else {
		tell(s.name, "has", numeral(s.start), s.things, "and", numeral(s.secondStart), s.second)
	}
	if !s.heldLast {
		holds()
	}
	for _, e := range s.events {
		what := s.about(e.second)
		if e.verb == "buys" {
			what = "bags"
		}
		tell("she", e.verb, numeral(e.n), what)
	}
	if s.heldLast {
		holds()
	}
	text.WriteString("how many " + s.things)
	if s.second != "" {
		text.WriteString(" and " + s.second)
	}
	text.WriteString(" ?")
	return text.String()
}

// steps returns the arithmetic of the story.
func (z storySizes) steps(s story) []step {
	return z.stepsWith(s, func(_, right int) int { return right })
}

// stepsWith returns the steps with the result that write gives for step i where right would be
// right. Later steps go on from it, and stay within the numbers that there are.
func (z storySizes) stepsWith(s story, write func(i, right int) int) (all []step) {
	has := counts{s.start, s.secondStart}
	all = make([]step, 0, 2*len(s.events))
	do := func(t step, right int) int {
		t.result = write(len(all), min(max(right, 0), z.most))
		all = append(all, t)
		return t.result
	}
	for _, e := range s.events {
		now := has.of(e.second)
		n, verb, before := e.n, e.verb, *now
		if verb == "buys" {
			n, verb = do(step{a: n, sign: "*", b: s.held}, n*s.held), "gets"
		}
		t := step{a: before, sign: "+", b: n, verb: verb, second: e.second}
		after := before + n
		if slices.Contains(storiesLosses, verb) {
			t.sign, after = "-", before-n
		}
		*now = do(t, after)
	}
	return all
}

// possible reports whether all numbers of the story and of its steps are among those that there
// are.
func (z storySizes) possible(s story) bool {
	has := counts{s.start, s.secondStart}
	for _, e := range s.events {
		now, n := has.of(e.second), e.n
		switch {
		case e.verb == "buys":
			n *= s.held
			*now += n
		case slices.Contains(storiesLosses, e.verb):
			*now -= n
		default:
			*now += n
		}
		if n > z.most || *now < 0 || *now > z.most {
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
func (z storySizes) level(s story) string {
	things := z.things[:z.practised]
	known := slices.Contains(z.names[:z.practised], s.name) && slices.Contains(things, s.things) &&
		(s.second == "" || slices.Contains(things, s.second))
	switch {
	case s.aside != "":
		return "noop"
	case s.held > z.held:
		return "ood"
	case len(s.events) > z.events:
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
func (z storySizes) ask(s story) Problem {
	steps := z.steps(s)
	p := Problem{Level: z.level(s), Prompt: s.prompt(), Key: s.key(steps),
		Answer: s.inEquations(steps[len(steps)-1:])}
	if s.second != "" {
		p.Answer = s.both(steps)
	}
	return p
}

// key returns the arithmetic of the story.
func (s story) key(steps []step) string {
	var text strings.Builder
	text.Grow(64)
	text.WriteString(numeral(s.start))
	if s.second != "" {
		text.WriteString(" and " + numeral(s.secondStart))
	}
	for _, t := range steps {
		text.WriteByte(' ')
		if t.second {
			text.WriteString("and ")
		}
		text.WriteString(t.sign)
		text.WriteString(numeral(t.b))
		if t.sign == "*" {
			text.WriteString("*")
			text.WriteString(numeral(t.a))
		}
	}
	return text.String()
}

// askSort returns the problem of sorting numbers.
func askSort(numbers []int) Problem {
	given, sorted := numerals(numbers), slices.Clone(numbers)
	slices.Sort(sorted)
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
