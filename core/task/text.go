package task

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// Symbols returns the task's symbols. That at index i is token i+1.
func (t Task) Symbols() []string {
	if t.Words != nil {
		return slices.Clone(t.Words)
	}
	return strings.Split(t.Alphabet, "")
}

// Separator returns what stands between two symbols of a text: a blank between words, and nothing
// between runes.
func (t Task) Separator() string {
	if t.Words != nil {
		return " "
	}
	return ""
}

// Join returns the text of a prompt and a response, or of any texts that follow one another.
func (t Task) Join(texts ...string) string {
	var all []string
	for _, text := range texts {
		if text != "" {
			all = append(all, text)
		}
	}
	return strings.Join(all, t.Separator())
}

// Canonical returns a text as the task itself would write it. In a task of words there is one blank
// between words, also before a full stop or a question mark, however the text was typed. The text
// of any other task is returned as it is.
func (t Task) Canonical(text string) string {
	if t.Words == nil {
		return text
	}
	var words []string
	for _, piece := range strings.Fields(text) {
		words = append(words, t.split(piece)...)
	}
	return strings.Join(words, " ")
}

// split returns the words of a piece of text without blanks: the piece, or what stands before the
// symbol at its end and that symbol.
func (t Task) split(piece string) []string {
	_, size := utf8.DecodeLastRuneInString(piece)
	body, end := piece[:len(piece)-size], piece[len(piece)-size:]
	if body == "" || slices.Contains(t.Words, piece) || !slices.Contains(t.Words, body) ||
		!slices.Contains(t.Words, end) {
		return []string{piece}
	}
	return []string{body, end}
}

// Vocab returns the number of tokens, End included.
func (t Task) Vocab() int {
	if t.Words != nil {
		return len(t.Words) + 1
	}
	return utf8.RuneCountInString(t.Alphabet) + 1
}

// Encode returns the tokens of text. The error names the first symbol that the task does not have.
func (t Task) Encode(text string) ([]int32, error) {
	if t.Words != nil {
		return t.encodeWords(text)
	}
	alphabet := []rune(t.Alphabet)
	tokens := make([]int32, 0, len(text))
	for _, r := range text {
		i := slices.Index(alphabet, r)
		if i < 0 {
			return nil, fmt.Errorf("task %s has no symbol %q: its alphabet is %q", t.Name, r,
				t.Alphabet)
		}
		tokens = append(tokens, int32(i+1))
	}
	return tokens, nil
}

func (t Task) encodeWords(text string) ([]int32, error) {
	pieces := strings.Fields(text)
	tokens := make([]int32, 0, len(pieces))
	for _, piece := range pieces {
		if i := slices.Index(t.Words, piece); i >= 0 {
			tokens = append(tokens, int32(i+1))
			continue
		}
		for _, word := range t.split(piece) {
			i := slices.Index(t.Words, word)
			if i < 0 {
				return nil, fmt.Errorf("task %s has no word %s: did you mean %s? its words are %s",
					t.Name, param.Quote(word), param.Nearest(word, t.Words),
					strings.Join(t.Words, " "))
			}
			tokens = append(tokens, int32(i+1))
		}
	}
	return tokens, nil
}

// MustEncode is [Task.Encode] for text that the task itself wrote. It panics on an error.
func (t Task) MustEncode(text string) []int32 {
	tokens, err := t.Encode(text)
	if err != nil {
		panic(err)
	}
	return tokens
}

// Decode returns the text of the tokens up to the first End, and whether there is an End.
func (t Task) Decode(tokens []int32) (text string, finished bool) {
	if i := slices.Index(tokens, End); i >= 0 {
		tokens, finished = tokens[:i], true
	}
	var b strings.Builder
	if t.Words != nil {
		for i, token := range tokens {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(t.Words[token-1])
		}
		return b.String(), finished
	}
	alphabet := []rune(t.Alphabet)
	for _, token := range tokens {
		b.WriteRune(alphabet[token-1])
	}
	return b.String(), finished
}

// lastOf returns the last symbols of a response, as many as the answer has, and of a response of
// the prior skill all of it.
func lastOf(p Problem, response string) string {
	if p.Level == "prior" {
		return response
	}
	return response[max(0, len(response)-len(p.Answer)):]
}
