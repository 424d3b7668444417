package script

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"io"

	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
)

// Starlark reads scripts for a catalogue of recipes, see [recipe.Catalogue.WithScripts].
type Starlark struct{}

// Reward is [Reward].
func (Starlark) Reward(file, text string) (*reward.Own, error) { return Reward(file, text) }

// Task is [Task].
func (Starlark) Task(file, text string) (task.Task, error) { return Task(file, text) }

// mostPacked is the number of symbols that a script may have in a link.
const mostPacked = 4 << 10

// Pack returns the text of a script for a link: compressed, in letters, digits, - and _. It returns
// "" if that would be too long.
func (Starlark) Pack(text string) string {
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	letters := base64.RawURLEncoding.EncodeToString(packed.Bytes())
	if err != nil || len(letters) > mostPacked {
		return ""
	}
	return letters
}

// Unpack returns the text that Pack has packed.
func (Starlark) Unpack(packed string) (string, error) {
	compressed, err := base64.RawURLEncoding.DecodeString(packed)
	var text []byte
	if err == nil {
		r := io.LimitReader(flate.NewReader(bytes.NewReader(compressed)), longest+1)
		text, err = io.ReadAll(r)
	}
	if err != nil {
		return "", errors.New("it cannot be unpacked, so a part of the link is missing or was " +
			"changed: want it as it was copied")
	}
	return string(text), nil
}
