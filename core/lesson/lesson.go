package lesson

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/recipe"
)

const (
	maxSource = 64 << 10 // bytes
	maxSteps  = 30
)

// Lesson is a lesson as the page shows it.
type Lesson struct {
	Name    string      `json:"name"` // for [Parse] the words of its title, for [Lookup] that of its file
	Own     bool        `json:"own"`  // somebody's own, and none of the program's
	Title   string      `json:"title"`
	Link    string      `json:"link"` // the experiment, as the lesson has it
	Hide    []string    `json:"hide"` // panels, beside those that the link hides
	Lock    string      `json:"lock"` // LockSettings, LockSeed or ""
	Minutes int         `json:"minutes"`
	Predict *Prediction `json:"predict"` // nil if no step asks for a prediction
	Cite    string      `json:"cite"`
	Steps   []Step      `json:"steps"`

	// Digest identifies the text: the first 16 hexadecimal digits of the SHA-256 of the source with
	// "\n" at the ends of lines.
	Digest string `json:"digest"`
}

// What students cannot change until a step unlocks it.
const (
	LockSettings = "settings" // all settings, the seed among them
	LockSeed     = "seed"
)

// Prediction is the question that a student answers before the run.
type Prediction struct {
	Question string   `json:"question"`
	Choices  []string `json:"choices"`
}

// NoDifference is the last choice of a prediction for which the lesson has no choices of its own.
const NoDifference = "no difference"

// Step is a part of a lesson that is shown at once.
type Step struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	HTML  string `json:"html"` // the text up to the choices
	// Link is the experiment that this step and those after it are about. "" means that of the step
	// before it.
	Link   string `json:"link"`
	Unlock bool   `json:"unlock"` // settings can be changed from here on
	Goal   *Goal  `json:"goal"`   // nil means that the step only has to be read

	// Question is for a step whose goal is an answer. It is the paragraph before the choices, or
	// the last one, without formatting, or the title if the step has no paragraph.
	Question string   `json:"question,omitempty"`
	Choices  []Choice `json:"choices,omitempty"` // nil means an answer in one's own words
	After    string   `json:"after,omitempty"`   // HTML that is shown after the answer
}

// Choice is one of the answers to choose from.
type Choice struct {
	HTML  string `json:"html"`
	Text  string `json:"text"` // the same without formatting, as a sheet has it
	Right bool   `json:"right"`
}

// Vocabulary is what lessons can name.
type Vocabulary struct {
	Links  *recipe.Catalogue
	Panels []string                      // of the page
	Scenes func(*recipe.Recipe) []string // the pictures that the page can show of a recipe
}

// Parse reads a lesson. An error names the line, and says what is accepted there.
func Parse(source []byte, v Vocabulary) (*Lesson, error) {
	text, err := normal(source)
	if err != nil {
		return nil, err
	}
	head, body, err := splitFront(text)
	if err != nil {
		return nil, err
	}
	l := &Lesson{Own: true, Digest: fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:16]}
	front, err := readFront(head)
	if err != nil {
		return nil, err
	}
	r, err := front.fill(l, v)
	if err != nil {
		return nil, err
	}
	l.Name = slug(l.Title)
	w := &writer{vocabulary: v, source: []byte(body), lesson: l, recipe: r}
	if err := w.steps(); err != nil {
		return nil, err
	}
	if err := w.predict(front, r); err != nil {
		return nil, err
	}
	return l, nil
}

// normal returns a source as text, without a byte order mark and with "\n" at the ends of lines.
func normal(source []byte) (string, error) {
	if len(source) > maxSource {
		return "", fmt.Errorf("the lesson has %d bytes: want at most %d", len(source), maxSource)
	}
	if !utf8.Valid(source) {
		return "", errors.New("the lesson is not in UTF-8: save it in this encoding")
	}
	if at := bytes.IndexByte(source, 0); at >= 0 {
		return "", fmt.Errorf("line %d: there is a zero byte: want text",
			1+bytes.Count(source[:at], []byte("\n")))
	}
	text := strings.TrimPrefix(string(source), "\ufeff")
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
}

// fence is the line before and after the front matter.
const fence = "---"

// splitFront returns the front matter and the text behind it. Both begin with empty lines, so that
// their lines have the numbers that they have in the source.
func splitFront(text string) (front, body string, err error) {
	lines := strings.Split(text, "\n")
	isFence := func(i int) bool { return strings.TrimRight(lines[i], " \t") == fence }
	if !isFence(0) {
		return "", "", fmt.Errorf("line 1: the lesson begins with %.40q: want a line of %s, then "+
			"the front matter, such as title: and link:, then another line of %s", lines[0], fence,
			fence)
	}
	for i := 1; i < len(lines); i++ {
		if isFence(i) {
			return "\n" + strings.Join(lines[1:i], "\n"),
				strings.Repeat("\n", i+1) + strings.Join(lines[i+1:], "\n"), nil
		}
	}
	return "", "", fmt.Errorf("line 1: the front matter does not end: want a line of %s after it",
		fence)
}
