package task

import (
	"slices"
	"strings"
)

// read returns the problem of a prompt.
func (z storySizes) read(prompt string) (Problem, bool) {
	if s, ok := z.readStory(prompt); ok {
		return z.ask(s), true
	}
	words := strings.Fields(prompt)
	if len(words) != z.sorted+2 || words[0] != "sort" || words[len(words)-1] != "?" {
		return Problem{}, false
	}
	var numbers []int
	for _, word := range words[1 : len(words)-1] {
		n, ok := z.number(word)
		if !ok {
			return Problem{}, false
		}
		numbers = append(numbers, n)
	}
	p := askSort(numbers)
	return p, p.Prompt == prompt
}

// readStory returns the story of a prompt. It takes from each sentence what it can. The prompt is
// one of the task's if the story that was read has the same prompt.
func (z storySizes) readStory(prompt string) (s story, ok bool) {
	sentences := strings.SplitAfter(prompt, " .")
	said := 0 // sentences that matter
	for i, text := range sentences[:len(sentences)-1] {
		if z.add(&s, strings.Fields(text), said) {
			said++
		} else {
			s.aside, s.asideAt = strings.TrimSpace(text), i
		}
	}
	ok = (len(s.events) == z.events || len(s.events) == z.more) &&
		s.held >= z.held && s.held <= z.mostHeld && z.knowsAside(s) &&
		z.possible(s) && s.prompt() == prompt
	return s, ok
}

// add adds to a story what its next sentence says; before is the number of sentences that said
// something. It reports whether this one did.
func (z storySizes) add(s *story, words []string, before int) bool {
	if before == 0 {
		return z.begin(s, words)
	}
	switch {
	case len(words) == 6 && words[0] == "a" && s.held == 0:
		n, ok := z.number(words[3])
		s.held, s.heldLast = n, len(s.events) > 0
		return ok
	case len(words) == 5 && words[0] == "she":
		n, ok := z.number(words[2])
		ok = ok && (words[1] == "buys" || slices.Contains(storiesGains, words[1]) ||
			slices.Contains(storiesLosses, words[1]))
		if ok {
			s.events = append(s.events, event{words[1], n, words[3] == s.second})
		}
		return ok
	}
	return false
}

// begin adds what the first sentence says.
func (z storySizes) begin(s *story, words []string) bool {
	if len(words) != 2+3*z.questions || !slices.Contains(z.names, words[0]) ||
		!slices.Contains(z.things, words[3]) {
		return false
	}
	n, ok := z.number(words[2])
	s.name, s.start, s.things = words[0], n, words[3]
	if z.questions == 2 {
		n, known := z.number(words[5])
		s.secondStart, s.second = n, words[6]
		ok = ok && known && s.second != s.things && slices.Contains(z.things, s.second)
	}
	return ok
}

// knowsAside reports whether the sentence that does not matter is one that the task may tell, or
// missing.
func (z storySizes) knowsAside(s story) bool {
	words := strings.Fields(s.aside)
	switch {
	case s.aside == "":
		return true
	case len(words) != 5 || s.asideAt == 0:
		return false
	case words[2] == "are":
		_, ok := z.number(words[0])
		return ok && slices.Contains(z.things, words[1]) &&
			slices.Contains(storiesKinds, words[3])
	}
	_, ok := z.number(words[2])
	return ok && words[1] == "has" && words[0] != s.name && !s.has(words[3]) &&
		slices.Contains(z.names, words[0]) && slices.Contains(z.things, words[3])
}

// number returns the number that a word is.
func (z storySizes) number(word string) (n int, ok bool) {
	for n := range z.most + 1 {
		if numeral(n) == word {
			return n, true
		}
	}
	return 0, false
}
