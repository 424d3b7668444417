package task

import (
	"slices"
	"strings"
)

// readStories returns the problem of a prompt.
func readStories(prompt string) (Problem, bool) {
	if s, ok := readStory(prompt); ok {
		return s.ask(), true
	}
	words := strings.Fields(prompt)
	if len(words) != storiesSorted+2 || words[0] != "sort" || words[len(words)-1] != "?" {
		return Problem{}, false
	}
	var numbers []int
	for _, word := range words[1 : len(words)-1] {
		n, ok := readNumeral(word)
		if !ok {
			return Problem{}, false
		}
		numbers = append(numbers, n)
	}
	p := askSort(numbers)
	return p, p.Prompt == prompt
}

// readStory returns the story of a prompt. It takes from each sentence what it can: the prompt is
// one of the task's if the story, told again, is the prompt.
func readStory(prompt string) (s story, ok bool) {
	sentences := strings.SplitAfter(prompt, " .")
	told := 0 // sentences that matter
	for i, text := range sentences[:len(sentences)-1] {
		if s.hear(strings.Fields(text), told) {
			told++
		} else {
			s.aside, s.asideAt = strings.TrimSpace(text), i
		}
	}
	ok = (len(s.events) == storiesEvents || len(s.events) == storiesMore) &&
		s.held >= storiesFewHeld && s.held <= storiesMostHeld && s.asideIsKnown() &&
		s.possible() && s.prompt() == prompt
	return s, ok
}

// hear takes in a sentence of a story, of which some that matter were told before. It reports
// whether the sentence matters.
func (s *story) hear(words []string, told int) bool {
	if told == 0 {
		return s.begin(words)
	}
	switch {
	case len(words) == 6 && words[0] == "a" && s.held == 0:
		n, ok := readNumeral(words[3])
		s.held, s.heldLast = n, len(s.events) > 0
		return ok
	case len(words) == 5 && words[0] == "she":
		n, ok := readNumeral(words[2])
		ok = ok && (words[1] == "buys" || slices.Contains(storiesGains, words[1]) ||
			slices.Contains(storiesLosses, words[1]))
		if ok {
			s.events = append(s.events, event{words[1], n})
		}
		return ok
	}
	return false
}

// begin takes in the first sentence.
func (s *story) begin(words []string) bool {
	if len(words) != 5 || !slices.Contains(storiesNames, words[0]) ||
		!slices.Contains(storiesThings, words[3]) {
		return false
	}
	n, ok := readNumeral(words[2])
	s.name, s.start, s.things = words[0], n, words[3]
	return ok
}

// asideIsKnown reports whether the sentence that does not matter is one that the task may tell, or
// missing.
func (s story) asideIsKnown() bool {
	words := strings.Fields(s.aside)
	switch {
	case s.aside == "":
		return true
	case len(words) != 5 || s.asideAt == 0:
		return false
	case words[2] == "are":
		_, ok := readNumeral(words[0])
		return ok && slices.Contains(storiesThings, words[1]) &&
			slices.Contains(storiesKinds, words[3])
	}
	_, ok := readNumeral(words[2])
	return ok && words[1] == "has" && words[0] != s.name && words[3] != s.things &&
		slices.Contains(storiesNames, words[0]) && slices.Contains(storiesThings, words[3])
}

// readNumeral returns the number that a word is.
func readNumeral(word string) (n int, ok bool) {
	for n := range storiesMost + 1 {
		if numeral(n) == word {
			return n, true
		}
	}
	return 0, false
}
