package lesson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

const (
	maxSheet   = 512 << 10 // bytes
	maxRuns    = 40        // of a sheet
	sheetMark  = "sheet"
	sheetIsNow = 1 // version
)

// Sheet is what a student hands in after a lesson: the answers, and the numbers that the runs gave.
// Since a link gives the same numbers everywhere, they can be checked, see [Sheet.Compare].
type Sheet struct {
	Posttrain    string     `json:"posttrain"` // "sheet"
	Version      int        `json:"version"`   // of this format
	Engine       int        `json:"engine"`    // version of the numerics
	Lesson       string     `json:"lesson"`    // its name
	LessonDigest string     `json:"lesson_digest"`
	Student      string     `json:"student"`
	Prediction   Guess      `json:"prediction"`
	Steps        []Progress `json:"steps"`
	Answers      []Answer   `json:"answers"`
	Runs         []Run      `json:"runs"` // those that reached their end
}

// Guess is the answer to the question before the run. It is empty if there was none.
type Guess struct {
	Question string `json:"question"`
	Guess    string `json:"guess"`
}

// Progress reports whether the goal of a step was reached.
type Progress struct {
	ID   string `json:"id"`
	Done bool   `json:"done"`
}

// Answer is the answer to the question of a step.
type Answer struct {
	Step     string `json:"step"` // its ID
	Question string `json:"question"`
	Answer   string `json:"answer"` // the text of a choice, or the student's own words
	Right    *bool  `json:"right"`  // nil for an answer in one's own words
}

// Run is what the lanes of a link gave in the end.
type Run struct {
	Link  string `json:"link"`
	Lanes []Lane `json:"lanes"`
}

// Lane is what a lane gave in the end.
type Lane struct {
	Label   string             `json:"label"`
	Updates int                `json:"updates"`
	Digest  string             `json:"digest"`  // of its weights
	Metrics map[string]float64 `json:"metrics"` // by their names, see [Short]
}

// ReadSheet reads a sheet from JSON. An error says what is wrong and what is expected.
func ReadSheet(text []byte) (*Sheet, error) {
	if len(text) > maxSheet {
		return nil, fmt.Errorf("the sheet has %d bytes: want at most %d", len(text), maxSheet)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	var mark struct {
		Posttrain string `json:"posttrain"`
		Version   int    `json:"version"`
	}
	if err := json.Unmarshal(text, &mark); err != nil {
		return nil, fmt.Errorf("this is not the JSON of a sheet: %w", located(err, text))
	}
	switch {
	case mark.Posttrain != sheetMark:
		return nil, fmt.Errorf("this is no sheet: want a file that begins with "+
			`{"posttrain":"%s", as the page writes at the end of a lesson`, sheetMark)
	case mark.Version != sheetIsNow:
		return nil, fmt.Errorf("the sheet has version %d: this program reads version %d",
			mark.Version, sheetIsNow)
	}
	var s Sheet
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return nil, located(err, text)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("something follows the sheet: want one JSON object")
	}
	return &s, s.check()
}

// located adds the line to an error about JSON.
func located(err error, text []byte) error {
	var wrong *json.SyntaxError
	var kind *json.UnmarshalTypeError
	at := int64(-1)
	switch {
	case errors.As(err, &wrong):
		at = wrong.Offset
	case errors.As(err, &kind):
		at = kind.Offset
	}
	if at < 0 || at > int64(len(text)) {
		return err
	}
	return fmt.Errorf("line %d: %w", 1+bytes.Count(text[:at], []byte("\n")), err)
}

var fullDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check returns an error if a part of the sheet does not have the right form.
func (s *Sheet) check() error {
	if len(s.Runs) > maxRuns {
		return fmt.Errorf("the sheet has %d runs: want at most %d", len(s.Runs), maxRuns)
	}
	if s.Lesson == "" {
		return errors.New("lesson is empty: want the name of a lesson")
	}
	for i, run := range s.Runs {
		at := fmt.Sprintf("runs[%d]", i)
		if run.Link == "" || len(run.Lanes) == 0 {
			return fmt.Errorf("%s has no link or no lanes: want both", at)
		}
		for _, lane := range run.Lanes {
			if lane.Label == "" || lane.Updates < 0 || !fullDigest.MatchString(lane.Digest) {
				return fmt.Errorf("%s: lane %s wants a label, updates of at least 0, and a digest "+
					"of 64 hexadecimal digits", at, param.Quote(lane.Label))
			}
		}
	}
	for i, a := range s.Answers {
		if a.Step == "" || strings.TrimSpace(a.Answer) == "" {
			return fmt.Errorf("answers[%d] has no step or no answer: want both", i)
		}
	}
	return nil
}
