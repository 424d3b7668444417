package lesson

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

const (
	maxFront   = 8 << 10 // bytes; the parser is recursive, so this bounds its depth too
	maxMinutes = 600
	maxChoices = 12
)

// frontKeys returns the keys of the front matter.
func frontKeys() []string {
	return []string{"title", "link", "hide", "lock", "minutes", "predict", "choices", "cite"}
}

// entry is the value of a key in the front matter.
type entry struct {
	line  int
	texts []string // more than one only for a list in brackets
	list  bool
}

// front is the front matter by its keys.
type front map[string]entry

// readFront reads the front matter, which begins with an empty line in the place of the fence.
func readFront(text string) (front, error) {
	if len(text) > maxFront {
		return nil, fmt.Errorf("line 1: the front matter has %d bytes: want at most %d", len(text),
			maxFront)
	}
	if strings.ContainsAny(text, "\t\r") {
		return nil, errors.New("line 1: the front matter has a tab or another control character: " +
			"want blanks")
	}
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, notYAML(err)
	}
	f := front{}
	for _, doc := range file.Docs {
		if err := f.add(doc.Body); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// notYAML returns the error for a text that is not YAML.
func notYAML(err error) error {
	line, message := 1, err.Error()
	var wrong *yaml.SyntaxError
	if errors.As(err, &wrong) {
		message = wrong.Message
		if wrong.Token != nil && wrong.Token.Position != nil {
			line = wrong.Token.Position.Line
		}
	}
	message = strings.Join(strings.Fields(message), " ")
	if strings.HasPrefix(message, "mapping value is not allowed") {
		message += "; a text with a colon and a blank in it wants quotation marks"
	}
	return fmt.Errorf("line %d: this is not KEY: VALUE: %s", line, message)
}

// add adds the entries of a document.
func (f front) add(body ast.Node) error {
	var values []*ast.MappingValueNode
	switch n := body.(type) {
	case nil, *ast.CommentGroupNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return fmt.Errorf("line %d: want lines of KEY: VALUE with the keys %s", lineOfYAML(n),
			strings.Join(frontKeys(), ", "))
	}
	for _, v := range values {
		key, line := v.Key.GetToken().Value, lineOfYAML(v.Key)
		if !slices.Contains(frontKeys(), key) {
			return fmt.Errorf("line %d: %w", line, param.Unknown("key", key, frontKeys()))
		}
		if _, twice := f[key]; twice {
			return fmt.Errorf("line %d: %s is there twice: want it once", line, key)
		}
		e := entry{line: line}
		if n, ok := v.Value.(*ast.SequenceNode); ok {
			e.list = true
			for _, item := range n.Values {
				text, ok := scalar(item)
				if !ok {
					return fmt.Errorf("line %d: %s wants a list of texts", line, key)
				}
				e.texts = append(e.texts, text)
			}
		} else if text, ok := scalar(v.Value); ok {
			e.texts = []string{text}
		} else {
			return fmt.Errorf("line %d: %s wants a text; one that begins with a special "+
				"character wants quotation marks", line, key)
		}
		f[key] = e
	}
	return nil
}

// lineOfYAML returns the line of a node.
func lineOfYAML(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

// scalar returns the text of a node, and false if it is none.
func scalar(n ast.Node) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		if n.Value != nil {
			text = n.Value.Value
		}
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		text = n.GetToken().Value
	case *ast.NullNode:
	default:
		return "", false
	}
	return strings.Join(strings.Fields(text), " "), true
}

// text returns the value of a key, and "" without one.
func (f front) text(key string) (string, error) {
	e, ok := f[key]
	if !ok {
		return "", nil
	}
	if e.list {
		return "", fmt.Errorf("line %d: %s wants one text and not a list", e.line, key)
	}
	return e.texts[0], nil
}

// list returns the value of a key that has a list, in brackets or with commas.
func (f front) list(key string) (all []string) {
	e := f[key]
	if e.list {
		return e.texts
	}
	for _, text := range e.texts {
		for part := range strings.SplitSeq(text, ",") {
			if part = strings.TrimSpace(part); part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

// fill sets the fields of a lesson from its front matter, and returns the recipe of its link.
func (f front) fill(l *Lesson, v Vocabulary) (*recipe.Recipe, error) {
	for _, field := range []struct {
		key  string
		text *string
		must bool
	}{
		{"title", &l.Title, true}, {"link", &l.Link, true}, {"lock", &l.Lock, false},
		{"cite", &l.Cite, false},
	} {
		text, err := f.text(field.key)
		if err != nil {
			return nil, err
		}
		if text == "" && field.must {
			return nil, fmt.Errorf("line %d: the front matter has no %s: want both title and link",
				max(1, f[field.key].line), field.key)
		}
		*field.text = text
	}
	r, err := readLink(l.Link, v)
	if err != nil {
		return nil, fmt.Errorf("line %d: link: %w", f["link"].line, err)
	}
	l.Hide = []string{}
	for _, panel := range f.list("hide") {
		if !slices.Contains(v.Panels, panel) {
			return nil, fmt.Errorf("line %d: hide: %w", f["hide"].line,
				param.Unknown("panel", panel, v.Panels))
		}
		l.Hide = append(l.Hide, panel)
	}
	locks := []string{LockSettings, LockSeed}
	if l.Lock != "" && !slices.Contains(locks, l.Lock) {
		return nil, fmt.Errorf("line %d: lock: %w", f["lock"].line,
			param.Unknown("lock", l.Lock, locks))
	}
	l.Minutes, err = f.minutes()
	return r, err
}

// minutes returns how long the lesson takes, and 0 if it does not say so.
func (f front) minutes() (int, error) {
	text, err := f.text("minutes")
	if text == "" || err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxMinutes {
		return 0, fmt.Errorf("line %d: minutes is %s: want a whole number from 1 to %d",
			f["minutes"].line, param.Quote(text), maxMinutes)
	}
	return n, nil
}

// readLink returns the recipe of a link that a page can open without anything else.
func readLink(link string, v Vocabulary) (*recipe.Recipe, error) {
	r, err := v.Links.Parse(link)
	if err == nil {
		err = r.Ready()
	}
	return r, err
}

// predict sets the question before the run.
func (w *writer) predict(f front, r *recipe.Recipe) error {
	question, err := f.text("predict")
	if err != nil {
		return err
	}
	asked := slices.ContainsFunc(w.lesson.Steps, func(s Step) bool {
		return s.Goal != nil && s.Goal.Kind == GoalPredict
	})
	if !asked {
		for _, key := range []string{"predict", "choices"} {
			if e, ok := f[key]; ok {
				return fmt.Errorf("line %d: %s is not used: want a step with {goal=\"%s\"}",
					e.line, key, GoalPredict)
			}
		}
		return nil
	}
	if e, ok := r.Exhibit(); ok && question == "" {
		question = e.Question
	}
	if question == "" {
		return fmt.Errorf("line %d: a step has goal=\"%s\", and %s is no exhibit with a question "+
			"of its own: want predict: in the front matter", f["link"].line, GoalPredict,
			param.Quote(w.lesson.Link))
	}
	choices := f.list("choices")
	if _, given := f["choices"]; given && (len(choices) < 2 || len(choices) > maxChoices) {
		return fmt.Errorf("line %d: choices has %d entries: want 2 to %d, with commas between "+
			"them", f["choices"].line, len(choices), maxChoices)
	}
	if choices == nil {
		choices = append(r.LaneNames(), NoDifference)
	}
	w.lesson.Predict = &Prediction{question, choices}
	return nil
}
