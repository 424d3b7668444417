// Package dataset makes sets of demonstrations, preference pairs and rollouts, in the columns in
// which the field's trainers read them. Start with [Demonstrations] and [Row.JSON].
package dataset

import (
	"bytes"
	"encoding/json"
)

// Row is a row of a data set: a demonstration, a preference pair or a rollout.
type Row struct {
	Prompt     string
	Completion string // "" for a preference pair

	Chosen, Rejected string // both "" unless it is a preference pair

	// Rollout has the verifier's judgement of a rollout. nil means that the row is no rollout.
	Rollout *Rollout
}

// Rollout is the verifier's judgement of a rollout.
type Rollout struct {
	Reward   float64 `json:"reward"`
	Finished bool    `json:"finished"` // false when it was cut off
}

// Format is the form of a row in JSON.
type Format string

// The formats. Both have the columns of Hugging Face's TRL, which calls them standard and
// conversational.
const (
	// Completion has texts in the columns prompt and completion, or prompt, chosen and rejected.
	Completion Format = "completion"

	// Messages has conversations: a column messages with a user's and an assistant's message, or
	// such messages in the columns prompt, chosen and rejected.
	Messages Format = "messages"
)

// message is a part of a conversation.
type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

func user(text string) message      { return message{"user", text} }
func assistant(text string) message { return message{"assistant", text} }

// JSON returns the row as a line of JSON.
func (r Row) JSON(f Format) []byte {
	paired := r.Chosen != "" || r.Rejected != ""
	switch {
	case paired && f == Messages:
		return line(struct {
			Prompt   []message `json:"prompt"`
			Chosen   []message `json:"chosen"`
			Rejected []message `json:"rejected"`
		}{[]message{user(r.Prompt)}, []message{assistant(r.Chosen)},
			[]message{assistant(r.Rejected)}})
	case paired:
		return line(struct {
			Prompt   string `json:"prompt"`
			Chosen   string `json:"chosen"`
			Rejected string `json:"rejected"`
		}{r.Prompt, r.Chosen, r.Rejected})
	case f == Messages:
		return line(struct {
			Messages []message `json:"messages"`
			*Rollout
		}{[]message{user(r.Prompt), assistant(r.Completion)}, r.Rollout})
	default:
		return line(struct {
			Prompt     string `json:"prompt"`
			Completion string `json:"completion"`
			*Rollout
		}{r.Prompt, r.Completion, r.Rollout})
	}
}

// line returns v as a line of JSON in which < and > are not escaped.
func line(v any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(err) // a row is always JSON: the verifier's rewards are finite
	}
	return out.Bytes()
}
