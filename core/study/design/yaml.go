package design

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/posttrain/posttrain/core/param"
)

const (
	maxFile  = 256 << 10 // bytes of a file; the parser is recursive, so this bounds its depth too
	maxDepth = 100       // brackets that may be open at once
)

var errEmpty = errors.New("the file is empty")

// reader turns the nodes of a YAML file into values and keeps the first mistake. After a mistake
// its methods return zero values, so that callers need to look at err only once.
type reader struct{ err error }

// failAt keeps an error about a node, with its line and column.
func (r *reader) failAt(n ast.Node, format string, args ...any) {
	if r.err != nil {
		return
	}
	err := fmt.Errorf(format, args...)
	if p := position(n); p != nil {
		err = fmt.Errorf("line %d, column %d: %w", p.Line, p.Column, err)
	}
	r.err = err
}

// position returns where a node begins, or nil if that is unknown.
func position(n ast.Node) *token.Position {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if m, ok := n.(*ast.MappingValueNode); ok {
		n = m.Key
	}
	if n == nil || n.GetToken() == nil {
		return nil
	}
	return n.GetToken().Position
}

// document returns the root of a file of at most so many bytes.
func (r *reader) document(text []byte, most int) ast.Node {
	if len(text) > most {
		r.err = fmt.Errorf("the file has %d bytes: want at most %d", len(text), most)
		return nil
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as some editors write it
	if line := tabbed(text); line > 0 {
		r.err = fmt.Errorf("line %d, column 1: a tab stands before its text: YAML wants blanks",
			line)
		return nil
	}
	if isDeep(string(text)) {
		r.err = fmt.Errorf("its lists and keys are nested too deep: want at most %d in each other",
			maxDepth)
		return nil
	}
	file, err := parser.ParseBytes(text, 0)
	var wrong *yaml.SyntaxError
	switch {
	case errors.As(err, &wrong) && wrong.Token != nil && wrong.Token.Position != nil:
		p, message := wrong.Token.Position, oneLine(wrong.Message)
		if strings.HasPrefix(message, "mapping value is not allowed") {
			message += "; a text with a colon and a blank in it wants quotation marks"
		}
		r.err = fmt.Errorf("line %d, column %d: this is not YAML: %s", p.Line, p.Column, message)
	case err != nil:
		r.err = fmt.Errorf("this is not YAML: %s", oneLine(err.Error()))
	case len(file.Docs) > 1 && file.Docs[1].Body != nil:
		r.failAt(file.Docs[1].Body, "a second document begins here: want one in a file")
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		r.err = errEmpty
	default:
		return file.Docs[0].Body
	}
	return nil
}

// tabbed returns the number of the first line that has a tab before its text, or 0.
func tabbed(text []byte) int {
	number := 0
	for line := range bytes.Lines(text) {
		number++
		if before := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]; bytes.Contains(before,
			[]byte("\t")) && len(bytes.TrimSpace(line)) > 0 {
			return number
		}
	}
	return 0
}

// isDeep reports whether lists and keys are in each other deeper than any study needs: by brackets,
// by entries that begin in one line (- - -), or by blanks.
func isDeep(text string) bool {
	open := 0
	for line := range strings.Lines(text) {
		bare := strings.TrimLeft(line, " ")
		if strings.HasPrefix(bare, "#") {
			continue
		}
		entries := 0
		for words := strings.Fields(bare); len(words) > 0 && isEntry(words[0]); words = words[1:] {
			entries++
		}
		for _, c := range bare {
			switch c {
			case '[', '{':
				open++
			case ']', '}':
				open = max(0, open-1)
			}
			if open > maxDepth {
				return true
			}
		}
		if entries > maxDepth || len(line)-len(bare) > 10*maxDepth {
			return true
		}
	}
	return false
}

// isEntry reports whether a word begins an entry of a list or of a mapping.
func isEntry(word string) bool { return word == "-" || word == "?" || word == ":" }

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// fields are the values of a mapping.
type fields struct {
	*reader
	node   ast.Node
	what   string // such as "an arm", for errors
	values map[string]ast.Node
}

// fields reads a mapping that can have these keys. A mapping with another key is refused.
func (r *reader) fields(n ast.Node, what string, known ...string) fields {
	f := fields{r, n, what, map[string]ast.Node{}}
	m, ok := n.(ast.MapNode)
	if !ok {
		r.failAt(n, "want %s here, with the keys %s", what, strings.Join(known, ", "))
		return f
	}
	for each := m.MapRange(); r.err == nil && each.Next(); {
		key, ok := each.Key().(*ast.StringNode)
		switch {
		case !ok:
			r.failAt(each.Key(), "a key of %s is a word: want one of %s", what,
				strings.Join(known, ", "))
		case !slices.Contains(known, key.Value):
			r.failAt(key, "%s: %w", what, param.Unknown("key", key.Value, known))
		case f.values[key.Value] != nil:
			r.failAt(key, "%s has the key %s twice", what, key.Value)
		default:
			f.values[key.Value] = each.Value()
		}
	}
	return f
}

func (f fields) has(key string) bool { return f.values[key] != nil }

// fail keeps an error about the value of a key, or about the mapping if it lacks the key.
func (f fields) fail(key, format string, args ...any) {
	n := f.values[key]
	if n == nil {
		n = f.node
	}
	f.failAt(n, format, args...)
}

// want returns the value of a key that must be there.
func (f fields) want(key string) ast.Node {
	if !f.has(key) {
		f.failAt(f.node, "%s lacks the key %s", f.what, key)
	}
	return f.values[key]
}

// text returns the text of a key that must be there.
func (f fields) text(key string) string {
	n := f.want(key)
	if f.err != nil {
		return ""
	}
	return f.scalar(n, key)
}

// optional returns the text of a key, or "".
func (f fields) optional(key string) string {
	if !f.has(key) {
		return ""
	}
	return f.text(key)
}

// sentence is optional with all white space as single blanks.
func (f fields) sentence(key string) string { return oneLine(f.optional(key)) }

// name returns the name under the key "name".
func (f fields) name() string {
	name := f.text("name")
	if f.err == nil && !param.IsName(name) {
		f.fail("name", "%s cannot be the name of %s: want lower-case letters, digits and _, with "+
			"a letter first", param.Quote(name), f.what)
	}
	return name
}

// list returns the entries of a list that must be there and must not be empty.
func (f fields) list(key string) []ast.Node {
	n := f.want(key)
	if f.err != nil {
		return nil
	}
	list, ok := n.(*ast.SequenceNode)
	if !ok || len(list.Values) == 0 {
		f.failAt(n, "%s of %s: want a list, each entry on a line of its own that begins with -",
			key, f.what)
		return nil
	}
	return list.Values
}

// scalar returns the text of a scalar as the file has it.
func (r *reader) scalar(n ast.Node, key string) string {
	text := ""
	switch n := n.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		text = n.GetToken().Value
	case *ast.NullNode:
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode:
		r.failAt(n, "%s: anchors (&), aliases (*) and tags (!) are not read: want the text "+
			"itself, in quotation marks if it begins with such a sign", key)
		return ""
	default:
		r.failAt(n, "%s: want a text here, not a list or keys", key)
		return ""
	}
	text = strings.TrimSpace(text)
	if text == "" {
		r.failAt(n, "%s is empty", key)
	}
	return text
}
