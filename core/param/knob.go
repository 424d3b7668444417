package param

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Type says what kind of setting a knob takes.
type Type string

// The five types, as they appear in JSON. A setting is held as the Go type in brackets.
const (
	TypeNumber  Type = "number"  // a finite real number (float64)
	TypeInteger Type = "integer" // a whole number (int)
	TypeChoice  Type = "choice"  // one of a few names (string)
	TypeFlag    Type = "flag"    // yes or no (bool)
	TypeText    Type = "text"    // a row of given letters, which may be empty (string)
)

// maxInteger bounds integer knobs: beyond it JSON readers that use float64 would lose digits.
const maxInteger = 1 << 53

// Knob is one declared setting. Make one with [Number], [Integer], [Choice], [Flag] or [Text].
type Knob struct {
	Name     string   // lower_snake, unique among the knobs it is used with
	Type     Type     //
	Unit     string   // what a number counts or is measured in; "" when it is a plain ratio
	Default  any      // float64, int, string or bool, by Type
	Min, Max float64  // inclusive range of a number, an integer or a text's length; else 0
	Choices  []string // accepted names of a choice, or letters of a text; nil otherwise
	Log      bool     // whether a slider is logarithmic; if Min is 0, its lowest stop is 0 itself
	Doc      string   // what it does, for somebody who has never used it
	Words    string   // the label of its control; "" means the name
	Titles   []string // a title for each of Choices; nil means their names
	Usual    bool     // whether the page shows it at once; other knobs are folded away
}

// Number declares a real number in [min, max].
func Number(name, unit string, def, min, max float64, doc string) Knob {
	return Knob{Name: name, Type: TypeNumber, Unit: unit, Default: def, Min: min, Max: max,
		Doc: doc}
}

// Integer declares a whole number in [min, max].
func Integer(name, unit string, def, min, max int, doc string) Knob {
	return Knob{Name: name, Type: TypeInteger, Unit: unit, Default: def, Min: float64(min),
		Max: float64(max), Doc: doc}
}

// Choice declares a setting that is one of the given names.
func Choice(name, def string, choices []string, doc string) Knob {
	return Knob{Name: name, Type: TypeChoice, Default: def, Choices: slices.Clone(choices),
		Doc: doc}
}

// Flag declares a setting that is true or false.
func Flag(name string, def bool, doc string) Knob {
	return Knob{Name: name, Type: TypeFlag, Default: def, Doc: doc}
}

// Text declares a setting whose value is a string of at most most letters, each one of letters. The
// default is the empty string.
func Text(name string, most int, letters []string, doc string) Knob {
	return Knob{Name: name, Type: TypeText, Default: "", Max: float64(most),
		Choices: slices.Clone(letters), Doc: doc}
}

// Logarithmic returns the same knob with a logarithmic slider.
func (k Knob) Logarithmic() Knob {
	k.Log = true
	return k
}

// Called returns the same knob with a label for its control.
func (k Knob) Called(words string) Knob {
	k.Words = words
	return k
}

// Naming returns the same knob with a title for each of its choices.
func (k Knob) Naming(titles ...string) Knob {
	k.Titles = titles
	return k
}

// ShownFirst returns the same knob as one that the page shows at once, since it is often changed.
func (k Knob) ShownFirst() Knob {
	k.Usual = true
	return k
}

// Label returns the label of the knob's control.
func (k Knob) Label() string {
	return cmp.Or(k.Words, strings.ReplaceAll(k.Name, "_", " "))
}

// With returns the same knob with another default, for a method that shares the knob but not its
// default. For a knob of [TypeNumber], def may also be an int. [Knob.Check] reports a default that
// does not fit.
func (k Knob) With(def any) Knob {
	if i, ok := def.(int); ok && k.Type == TypeNumber {
		def = float64(i)
	}
	k.Default = def
	return k
}

// Accepts returns what the knob accepts, as a noun phrase such as "a number from 0 to 1".
func (k Knob) Accepts() string {
	switch k.Type {
	case TypeNumber:
		return "a number from " + number(k.Min) + " to " + number(k.Max)
	case TypeInteger:
		return "a whole number from " + strconv.Itoa(int(k.Min)) + " to " + strconv.Itoa(int(k.Max))
	case TypeChoice:
		return "one of " + strings.Join(k.Choices, ", ")
	case TypeText:
		return "at most " + strconv.Itoa(int(k.Max)) + " letters, each one of " +
			strings.Join(k.Choices, ", ")
	default:
		return "true or false"
	}
}

// Check returns an error if the declaration is malformed.
func (k Knob) Check() error {
	if !IsName(k.Name) {
		return fmt.Errorf("param: %q is not a knob name: lower-case letters, digits and _ only, "+
			"a letter first", k.Name)
	}
	if k.Doc == "" {
		return fmt.Errorf("param: knob %s has no doc", k.Name)
	}
	if err := k.checkRange(); err != nil {
		return err
	}
	if err := k.checkChoices(); err != nil {
		return err
	}
	if k.Titles != nil && len(k.Titles) != len(k.Choices) {
		return fmt.Errorf("param: knob %s: %d titles for %d choices",
			k.Name, len(k.Titles), len(k.Choices))
	}
	if !k.accepts(k.Default) {
		return fmt.Errorf("param: knob %s: default %v (%T) is not %s", k.Name, k.Default, k.Default,
			k.Accepts())
	}
	return nil
}

func (k Knob) checkRange() error {
	switch k.Type {
	case TypeNumber, TypeInteger, TypeText:
		if !(k.Min < k.Max) || math.IsInf(k.Min, 0) || math.IsInf(k.Max, 0) {
			return fmt.Errorf("param: knob %s: no finite range from %v to %v", k.Name, k.Min, k.Max)
		}
		if k.Type == TypeInteger && (k.Min < -maxInteger || k.Max > maxInteger) {
			return fmt.Errorf("param: knob %s: integers beyond 2^53 are not exact everywhere",
				k.Name)
		}
		if k.Log && k.Min < 0 {
			return fmt.Errorf("param: knob %s: a logarithmic slider cannot start at %v", k.Name,
				k.Min)
		}
	case TypeChoice, TypeFlag:
	default:
		return fmt.Errorf("param: knob %s: unknown type %q", k.Name, k.Type)
	}
	return nil
}

// checkChoices returns an error if the choices cannot be told apart in a link.
func (k Knob) checkChoices() error {
	for i, c := range k.Choices {
		if !isChoice(c) || slices.Contains(k.Choices[:i], c) {
			return fmt.Errorf("param: knob %s: choice %q is repeated or cannot be "+
				"written in a link", k.Name, c)
		}
		if k.Type == TypeText && len(c) != 1 {
			return fmt.Errorf("param: knob %s: %q is not a letter", k.Name, c)
		}
	}
	return nil
}

// accepts reports whether a setting is of the knob's type and within its range.
func (k Knob) accepts(setting any) bool {
	switch x := setting.(type) {
	case float64:
		return k.Type == TypeNumber && x >= k.Min && x <= k.Max // false for NaN
	case int:
		return k.Type == TypeInteger && float64(x) >= k.Min && float64(x) <= k.Max
	case string:
		if k.Type == TypeText {
			return len(x) <= int(k.Max) && strings.Trim(x, strings.Join(k.Choices, "")) == ""
		}
		return k.Type == TypeChoice && slices.Contains(k.Choices, x)
	case bool:
		return k.Type == TypeFlag
	}
	return false
}

// Declaration is a knob in JSON. It has all keys for every type, but not what only the page needs:
// Words, Titles and Usual.
type Declaration struct {
	Name    string   `json:"name"`
	Type    Type     `json:"type"`
	Default any      `json:"default"`
	Min     *float64 `json:"min"` // null for a choice or a flag
	Max     *float64 `json:"max"`
	Choices []string `json:"choices"` // [] for everything but a choice or a text
	Unit    string   `json:"unit"`
	Log     bool     `json:"log"`
	Doc     string   `json:"doc"`
}

// Declaration returns the knob as it is written in JSON.
func (k Knob) Declaration() Declaration {
	d := Declaration{
		Name: k.Name, Type: k.Type, Default: k.Default, Choices: []string{},
		Unit: k.Unit, Log: k.Log, Doc: k.Doc,
	}
	switch k.Type {
	case TypeNumber, TypeInteger, TypeText:
		d.Min, d.Max = &k.Min, &k.Max
	}
	switch k.Type {
	case TypeChoice, TypeText:
		d.Choices = append(d.Choices, k.Choices...)
	}
	return d
}

// MarshalJSON encodes the knob's [Declaration].
func (k Knob) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // the encoder of the value around it decides
	err := encoder.Encode(k.Declaration())
	return text.Bytes(), err
}

// number returns x with the fewest digits that are read back as the same float64.
func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// IsName reports whether s can name a knob, or anything else in a link: lower-case letters, digits
// and _, with a letter first.
func IsName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// isChoice reports whether s can be written in a link without quotation.
func isChoice(s string) bool {
	for _, r := range s {
		plain := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("_-.+", r)
		if !plain {
			return false
		}
	}
	return s != ""
}
