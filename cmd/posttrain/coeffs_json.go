package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// maxMagnitude bounds the numbers of a decoded batch, so that no sum or square of them overflows.
const maxMagnitude = 1e30

// decodeBatch reads a batch from JSON:
//
//	{"groups":[[{"source":"rollout","reward":1,"given":0,"logp":[-0.5,-1.2],"old_logp":[..],"ref_logp":[..],"teacher_logp":[..],
//	  "value":[..],"old_value":[..],"entropy":[..],"dist":[[..],..],"ref_dist":[[..],..],"teacher_dist":[[..],..]}, ...], ...]}
//
// Every field of a completion may be left out or null; source is then "rollout", reward 0 and given
// 0. The arrays of a completion have one entry per token; an entry of the three distributions is a
// list over the vocabulary. The error about malformed JSON names the place, such as
// groups[0][1].old_logp, and what would be accepted.
func decodeBatch(r io.Reader) ([]objective.Group, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	top, err := object(data, "the batch", []string{"groups"})
	if err != nil {
		return nil, err
	}
	groups, err := list(top["groups"], "groups", "a list of groups")
	if err != nil {
		return nil, err
	}
	batch := make([]objective.Group, len(groups))
	for g, raw := range groups {
		at := fmt.Sprintf("groups[%d]", g)
		completions, err := list(raw, at, "a list of completions")
		if err != nil {
			return nil, err
		}
		batch[g] = make(objective.Group, len(completions))
		for i, raw := range completions {
			if batch[g][i], err = decodeCompletion(raw, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return nil, err
			}
		}
	}
	return batch, checkVocab(batch)
}

// encodeCoeffs writes coefficients as JSON on one line:
//
//	{"groups":[[{"logp":[..],"entropy":[..],"kl":[..],"value":[..]}, ...], ...]}
//
// All four arrays are always present, with one entry per token. "dense", with a list over the
// vocabulary per token, is present if the objective wrote it.
func encodeCoeffs(w io.Writer, c objective.Coeffs) error {
	type completion struct {
		Logp    []float64   `json:"logp"`
		Entropy []float64   `json:"entropy"`
		KL      []float64   `json:"kl"`
		Value   []float64   `json:"value"`
		Dense   [][]float64 `json:"dense,omitempty"`
	}
	out := struct {
		Groups [][]completion `json:"groups"`
	}{make([][]completion, len(c))}
	for g, group := range c {
		out.Groups[g] = make([]completion, len(group))
		for i, x := range group {
			to := completion{some(x.Logp), some(x.Entropy), some(x.ExactKL), some(x.Value), nil}
			if n := len(x.Logp); n > 0 && len(x.Dense) >= n {
				to.Dense = slices.Collect(slices.Chunk(x.Dense, len(x.Dense)/n))
			}
			out.Groups[g][i] = to
		}
	}
	return json.NewEncoder(w).Encode(out)
}

// some returns x, or an empty list if x is nil.
func some(x []float64) []float64 {
	if x == nil {
		return []float64{}
	}
	return x
}

func decodeCompletion(raw json.RawMessage, at string) (*objective.Completion, error) {
	c := &objective.Completion{}
	accepted := []string{"source", "reward", "given"}
	for _, f := range c.Fields() {
		accepted = append(accepted, f.Name)
	}
	object, err := object(raw, at, accepted)
	if err != nil {
		return nil, err
	}
	if c.Source, err = decodeSource(object["source"], at+".source"); err != nil {
		return nil, err
	}
	if raw := object["reward"]; !absent(raw) {
		if c.Reward, err = decodeNumber(raw, at+".reward"); err != nil {
			return nil, err
		}
	}
	tokens, first := -1, ""
	for _, f := range c.Fields() {
		raw := object[f.Name]
		if absent(raw) {
			continue
		}
		n, err := decodeField(f, raw, at+"."+f.Name)
		if err != nil {
			return nil, err
		}
		if tokens < 0 {
			tokens, first = n, f.Name
		}
		if n != tokens {
			return nil, fmt.Errorf("%s.%s: %d tokens, but %s has %d; the arrays of a completion "+
				"have one entry per token", at, f.Name, n, first, tokens)
		}
	}
	if tokens > 0 && c.Len() == 0 {
		return nil, fmt.Errorf("%s.%s: needs logp or another array with one number per "+
			"token beside it", at, first)
	}
	c.HintLen, err = decodeGiven(object["given"], c.Len(), at+".given")
	return c, err
}

// decodeGiven reads the number of a completion's given tokens.
func decodeGiven(raw json.RawMessage, tokens int, at string) (n int, err error) {
	if absent(raw) {
		return 0, nil
	}
	if err := json.Unmarshal(raw, &n); err != nil || n < 0 || n > tokens {
		return 0, fmt.Errorf("%s: expected how many of its tokens were given, 0 to %d", at, tokens)
	}
	return n, nil
}

// decodeField reads the field's numbers and returns the number of tokens that they are for.
func decodeField(f objective.Field, raw json.RawMessage, at string) (tokens int, err error) {
	rows, err := list(raw, at, "a list with one entry per token")
	if err != nil {
		return 0, err
	}
	values := make([]float64, 0, len(rows))
	for t, raw := range rows {
		here := fmt.Sprintf("%s[%d]", at, t)
		entries := []json.RawMessage{raw}
		if f.Need&(objective.Dist|objective.RefDist|objective.TeacherDist) != 0 {
			if entries, err = list(raw, here, "a list over the vocabulary"); err != nil {
				return 0, err
			}
			if first := len(values) / max(t, 1); len(entries) == 0 ||
				t > 0 && len(entries) != first {
				return 0, fmt.Errorf("%s: %d entries; every token has the same number, "+
					"at least one", here, len(entries))
			}
		}
		for _, raw := range entries {
			x, err := decodeNumber(raw, here)
			if err != nil {
				return 0, err
			}
			values = append(values, x)
		}
	}
	*f.Values = values
	return len(rows), nil
}

func decodeSource(raw json.RawMessage, at string) (objective.Source, error) {
	if absent(raw) {
		return objective.Rollout, nil
	}
	var name string
	if err := json.Unmarshal(raw, &name); err != nil {
		name = ""
	}
	var names []string
	for _, s := range objective.Sources() {
		if s.String() == name {
			return s, nil
		}
		names = append(names, s.String())
	}
	return 0, fmt.Errorf("%s: %s is not a source; accepted: %s", at, raw, strings.Join(names, ", "))
}

func decodeNumber(raw json.RawMessage, at string) (float64, error) {
	var x *float64
	if err := json.Unmarshal(raw, &x); err != nil || x == nil || math.Abs(*x) > maxMagnitude {
		return 0, fmt.Errorf("%s: expected a number between -1e30 and 1e30", at)
	}
	return *x, nil
}

// list splits a JSON array.
func list(raw json.RawMessage, at, expected string) ([]json.RawMessage, error) {
	var out []json.RawMessage
	if err := json.Unmarshal(raw, &out); err != nil || out == nil {
		return nil, fmt.Errorf("%s: expected %s", at, expected)
	}
	return out, nil
}

// object splits a JSON object. A field that is not accepted is an error.
func object(raw json.RawMessage, at string, accepted []string) (map[string]json.RawMessage, error) {
	var out map[string]json.RawMessage
	err := json.Unmarshal(raw, &out)
	if what := notJSON(raw); what != "" {
		return nil, fmt.Errorf("%s is not JSON: %s", at, what)
	}
	if err != nil || out == nil {
		return nil, fmt.Errorf("%s: expected an object with %s", at, strings.Join(accepted, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(out)) {
		if !slices.Contains(accepted, name) {
			return nil, fmt.Errorf("%s: unknown field %q: did you mean %s? accepted: %s", at, name,
				param.Nearest(name, accepted), strings.Join(accepted, ", "))
		}
	}
	return out, nil
}

// notJSON returns what keeps a text from being one value in JSON, and "" if it is one.
func notJSON(text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var value json.RawMessage
	err := decoder.Decode(&value)
	syntax, wrong := errors.AsType[*json.SyntaxError](err)
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("it ends in the middle of a value, at byte %d", len(text))
	case wrong:
		at := min(max(syntax.Offset, 1), int64(len(text)))
		rest := []rune(string(text[at-1:]))
		return fmt.Sprintf("%q cannot stand there, at byte %d", rest[0], at)
	case err != nil:
		return err.Error()
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Sprintf("something follows the value, after byte %d", decoder.InputOffset())
	}
	return ""
}

func absent(raw json.RawMessage) bool { return raw == nil || string(raw) == "null" }

// checkVocab returns an error unless all distributions of a batch are over vocabularies of one
// size.
func checkVocab(batch []objective.Group) error {
	vocab, first := 0, ""
	for g, group := range batch {
		for i, c := range group {
			for _, f := range c.Fields() {
				if f.Need&(objective.Dist|objective.RefDist|objective.TeacherDist) == 0 ||
					len(*f.Values) == 0 {
					continue
				}
				at := fmt.Sprintf("groups[%d][%d].%s", g, i, f.Name)
				n := len(*f.Values) / c.Len()
				if vocab == 0 {
					vocab, first = n, at
				}
				if n != vocab {
					return fmt.Errorf("%s: a vocabulary of %d, but %s has one of %d", at, n, first,
						vocab)
				}
			}
		}
	}
	return nil
}
