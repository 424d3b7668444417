package task

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/param"
)

// This file takes JSON apart by itself, after encoding/json has checked that it is well-formed.
// Decoding with encoding/json would make the page's trainer larger by 27 kB in transfer; its check
// is in the trainer anyway.

// wantObjects is the end of errors about JSON.
const wantObjects = `want objects such as {"prompt":"...","answer":"..."}, each in a line of its own or all in a list`

// piece is a part of a JSON text and the line where it begins.
type piece struct {
	line int
	text string
}

// readJSON reads rows from objects, one on each line (JSON Lines) or all in one list, see
// [readObject]. It ignores other fields.
func readJSON(name, text string) (rows []row, err error) {
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		if err := wellFormed(name, piece{1, text}); err != nil {
			return nil, err
		}
		return readObjects(name, pieces(pieceOf(text, 1)))
	}
	var objects []piece
	for i, line := range strings.Split(text, "\n") {
		if blank(line) {
			continue
		}
		if err := wellFormed(name, piece{i + 1, line}); err != nil {
			return nil, err
		}
		objects = append(objects, pieceOf(line, i+1))
	}
	return readObjects(name, objects)
}

// wellFormed returns an error if a piece is not one value in JSON. The error names line and place.
func wellFormed(name string, p piece) error {
	// with a line's end behind it, what ends too early is wrong there, behind the text
	err := json.Indent(new(bytes.Buffer), []byte(p.text+"\n"), "", "")
	syntax, wrong := errors.AsType[*json.SyntaxError](err)
	if !wrong {
		return err
	}
	before := p.text[:syntax.Offset-1]
	line := p.line + strings.Count(before, "\n")
	what := "it ends in the middle of a value"
	if rest := p.text[len(before):]; rest != "" {
		character, _ := utf8.DecodeRuneInString(rest)
		column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
		what = fmt.Sprintf("%q cannot stand there, at character %d", character, column)
	}
	return fmt.Errorf("%s:%d: JSON: %s: %s", name, line, what, wantObjects)
}

// readObjects reads a row from each object.
func readObjects(name string, objects []piece) (rows []row, err error) {
	for _, o := range objects {
		r, err := readObject(o)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, o.line, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// readObject reads a row from a well-formed object: from its fields prompt and answer (or
// completion), or from its field messages. The answer may be missing only if there are no other
// fields.
func readObject(o piece) (row, error) {
	r := row{line: o.line}
	if o.text[0] != '{' {
		return r, fmt.Errorf("JSON: there is %s: %s", param.Quote(o.text), wantObjects)
	}
	names, values := members(o)
	prompt, prompts := find(names, "prompt")
	answer, answers := findAnswer(names)
	if messages, n := find(names, "messages"); n == 1 && prompts == 0 {
		return r.readMessages(values[messages])
	}
	if _, chosen := find(names, "chosen"); chosen > 0 && answers == 0 {
		return r, fmt.Errorf("chosen: there are preference pairs, and only demonstrations are "+
			"read, because methods such as dpo sample and label pairs of their own: %s",
			wantObjects)
	}
	for _, field := range []struct {
		times, at int
		to        *string
	}{{prompts, prompt, &r.prompt}, {answers, answer, &r.answer}} {
		if field.times != 1 {
			continue
		}
		value, ok := values[field.at].text, false
		if *field.to, ok = jsonText(value); !ok {
			return r, fmt.Errorf("%s: there is %s: want a text in quotes", names[field.at],
				param.Quote(value))
		}
	}
	r.exact = answers == 1 && values[answer].text[0] == '"'
	if prompts != 1 || answers != min(1, len(names)-1) {
		return r, fmt.Errorf("fields: there are %s: %s", param.Quote(strings.Join(names, ", ")),
			wantObjects)
	}
	return r, nil
}

// findAnswer returns the last index of the column or field with the answers, and how many there
// are: those called answer, or else those called completion.
func findAnswer(names []string) (at, times int) {
	if at, times = find(names, "answer"); times == 0 {
		return find(names, "completion")
	}
	return at, times
}

// members returns the names and the values of a well-formed object.
func members(o piece) (names []string, values []piece) {
	fields := pieces(o)
	for i := 0; i < len(fields); i += 2 {
		name, _ := jsonText(fields[i].text)
		names, values = append(names, name), append(values, fields[i+1])
	}
	return names, values
}

// content returns the content of a message with the role.
func content(message piece, role string) (text string, ok bool) {
	if message.text[0] != '{' {
		return "", false
	}
	names, values := members(message)
	who, roles := find(names, "role")
	what, contents := find(names, "content")
	if roles != 1 || contents != 1 || values[who].text != strconv.Quote(role) {
		return "", false
	}
	return jsonText(values[what].text)
}

// readMessages reads the row from a conversation: a message of the user, the prompt, and one of the
// assistant, the answer.
func (r row) readMessages(value piece) (row, error) {
	if value.text[0] == '[' {
		if all := pieces(value); len(all) == 2 {
			prompt, ok1 := content(all[0], "user")
			answer, ok2 := content(all[1], "assistant")
			if ok1 && ok2 {
				r.prompt, r.answer, r.exact = prompt, answer, true
				return r, nil
			}
		}
	}
	return r, fmt.Errorf(`messages: there is %s: want two, such as `+
		`[{"role":"user","content":"..."},{"role":"assistant","content":"..."}]`,
		param.Quote(value.text))
}

// pieces returns the elements of a well-formed list, or the names and values of an object in turn.
func pieces(of piece) (all []piece) {
	depth, quoted, start := 0, false, 1 // the bracket at 0 does not count
	for i := 1; i < len(of.text); i++ {
		switch c := of.text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			depth++
		case depth > 0 && (c == ']' || c == '}'):
			depth--
		case depth == 0 && strings.IndexByte(",:]}", c) >= 0:
			part := of.text[start:i]
			all, start = append(all, pieceOf(part, of.line)), i+1
			of.line += strings.Count(part, "\n")
		}
	}
	if len(all) == 1 && all[0].text == "" {
		return nil
	}
	return all
}

// pieceOf returns a text without the white space around it, and the line where it then begins.
func pieceOf(text string, line int) piece {
	inside := strings.TrimLeft(text, " \t\n")
	return piece{line + strings.Count(text[:len(text)-len(inside)], "\n"),
		strings.TrimSpace(inside)}
}

// jsonText returns the text of a value: a string without its quotes, nothing for null, and a number
// as it is written. A string that cannot be unquoted stays as it is, and the task refuses it,
// because no alphabet has a symbol that must be escaped.
func jsonText(value string) (text string, ok bool) {
	switch {
	case value == "null":
		return "", true
	case strings.IndexByte("-0123456789", value[0]) >= 0:
		return value, true
	case value[0] != '"':
		return "", false
	}
	text, err := strconv.Unquote(value)
	if err != nil {
		text = value
	}
	return strings.TrimSpace(text), true
}
