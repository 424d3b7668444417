package lesson

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// writer writes the steps of a lesson.
type writer struct {
	vocabulary Vocabulary
	source     []byte // the text behind the front matter, at the lines that it has in the file
	markdown   goldmark.Markdown
	lesson     *Lesson
	recipe     *recipe.Recipe // that the step is about
	unlocked   bool           // whether settings can be changed
}

// section is a heading with the blocks below it.
type section struct {
	heading *ast.Heading
	blocks  []ast.Node
}

// steps reads all steps.
func (w *writer) steps() error {
	w.markdown = markdown()
	document := w.markdown.Parser().Parse(text.NewReader(w.source))
	var intro []ast.Node
	var sections []section
	for n := document.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			sections = append(sections, section{heading: h})
		} else if last := len(sections) - 1; last >= 0 {
			sections[last].blocks = append(sections[last].blocks, n)
		} else {
			intro = append(intro, n)
		}
	}
	switch {
	case len(sections) == 0:
		return errors.New("the lesson has no steps: want headings that begin with ##")
	case len(sections) > maxSteps:
		return fmt.Errorf("line %d: the lesson has %d steps: want at most %d",
			w.line(sections[maxSteps].heading), len(sections), maxSteps)
	}
	for i, s := range sections {
		if i == 0 {
			s.blocks = append(intro, s.blocks...)
		}
		if err := w.step(s); err != nil {
			return err
		}
	}
	return nil
}

// step reads a step and adds it to the lesson.
func (w *writer) step(s section) error {
	at := func(err error) error {
		return fmt.Errorf("line %d: step %s: %w", w.line(s.heading),
			param.Quote(w.plain(s.heading)), err)
	}
	out := Step{Title: w.plain(s.heading)}
	goal, err := w.attributes(&out, s.heading)
	if err != nil {
		return at(err)
	}
	if out.ID == "" {
		out.ID = slug(out.Title)
	}
	if slices.ContainsFunc(w.lesson.Steps, func(other Step) bool { return other.ID == out.ID }) {
		return at(fmt.Errorf("another step has the ID %s too: want other words in the heading, or "+
			"an ID of its own, as in {#%s-2}", out.ID, out.ID))
	}
	if out.Link != "" {
		if w.recipe, err = readLink(out.Link, w.vocabulary); err != nil {
			return at(fmt.Errorf("link: %w", err))
		}
	}
	if out.Unlock {
		if w.lesson.Lock == "" {
			return at(errors.New("unlock has no effect: want lock: in the front matter"))
		}
		w.unlocked = true
	}
	if goal != "" {
		if out.Goal, err = w.goal(goal, w.recipe); err != nil {
			return at(err)
		}
	}
	if err := w.blocks(&out, s.blocks); err != nil {
		return err
	}
	w.lesson.Steps = append(w.lesson.Steps, out)
	return nil
}

// attributes reads the attributes of a step's heading. The goal is "" if there is none.
func (w *writer) attributes(out *Step, h *ast.Heading) (goal string, err error) {
	for n := h.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindText && n.Kind() != ast.KindString {
			return "", errors.New("the heading has formatting: want plain words")
		}
	}
	form := `{goal="GOAL" link="LINK" unlock=true}, with what it needs of that`
	if strings.HasSuffix(out.Title, "}") {
		return "", fmt.Errorf("its attributes cannot be read: want %s", form)
	}
	if out.Title == "" {
		return "", errors.New("the heading has no words")
	}
	for _, a := range h.Attributes() {
		name := string(a.Name)
		value, isText := a.Value.([]byte)
		switch {
		case name == "id" && isText:
			out.ID = string(value)
			if slug(out.ID) != out.ID {
				return "", fmt.Errorf("its ID is %s: want small letters, digits and single -",
					param.Quote(out.ID))
			}
		case name == "goal" && isText:
			goal = string(value)
			if strings.TrimSpace(goal) == "" {
				return "", fmt.Errorf("goal is empty: want one of %s", goalForms)
			}
		case name == "link" && isText && len(value) > 0:
			out.Link = string(value)
		case name == "unlock" && a.Value == true:
			out.Unlock = true
		case slices.Contains([]string{"id", "goal", "link", "unlock"}, name):
			return "", fmt.Errorf("%s has the wrong form: want %s", name, form)
		default:
			return "", fmt.Errorf("%w; %s", param.Unknown("attribute", name,
				[]string{"goal", "link", "unlock"}), "an ID is written {#id}")
		}
	}
	return goal, nil
}

// slug returns the words of a heading as an ID.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title),
		func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) == 0 {
		return "step"
	}
	return strings.Join(words, "-")
}

// blocks sets the texts of a step, and its choices.
func (w *writer) blocks(out *Step, blocks []ast.Node) (err error) {
	answers := out.Goal != nil && out.Goal.Kind == GoalAnswer
	before, after := blocks, []ast.Node(nil)
	if at := slices.IndexFunc(blocks, isTaskList); at >= 0 && answers {
		before, after = blocks[:at], blocks[at+1:]
		if out.Choices, err = w.choices(blocks[at]); err != nil {
			return err
		}
	} else if last := len(blocks) - 1; answers && last >= 0 &&
		blocks[last].Kind() == ast.KindList {
		return fmt.Errorf("line %d: the list has no boxes: want - [ ] or - [x] before each "+
			"choice; a step that is answered in one's own words ends with the question",
			w.line(blocks[last]))
	}
	for _, n := range slices.Concat(before, after) {
		if err := w.refine(n, w.recipe); err != nil {
			return err
		}
	}
	if answers {
		out.Question = out.Title
		for _, n := range before {
			if n.Kind() == ast.KindParagraph {
				out.Question = w.plain(n)
			}
		}
	}
	if out.HTML, err = w.html(before...); err != nil {
		return err
	}
	out.After, err = w.html(after...)
	return err
}

// isTaskList reports whether a block is a list with choices.
func isTaskList(n ast.Node) bool {
	if n.Kind() != ast.KindList {
		return false
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if box(item) != nil {
			return true
		}
	}
	return false
}

// box returns the box of an item of a list, or nil.
func box(item ast.Node) *extensionast.TaskCheckBox {
	if item.FirstChild() == nil {
		return nil
	}
	b, _ := item.FirstChild().FirstChild().(*extensionast.TaskCheckBox)
	return b
}

// choices reads a list with choices.
func (w *writer) choices(list ast.Node) (all []Choice, err error) {
	right := 0
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		b := box(item)
		at := func(format string, args ...any) error {
			return fmt.Errorf("line %d: %s", w.line(item), fmt.Sprintf(format, args...))
		}
		if b == nil {
			return nil, at("this entry of the list has no box: want - [ ] or - [x] before each")
		}
		words := item.FirstChild()
		if words.NextSibling() != nil {
			return nil, at("a choice is one paragraph: want text after the list to be separated " +
				"from it by a line with a text that does not begin with blanks")
		}
		words.RemoveChild(words, b)
		if err := w.refine(words, w.recipe); err != nil {
			return nil, err
		}
		c := Choice{Text: w.plain(words), Right: b.IsChecked}
		var inline []ast.Node
		for n := words.FirstChild(); n != nil; n = n.NextSibling() {
			if n.Kind() == kindPlace {
				return nil, at("a choice has no place for a measured value: want words alone")
			}
			inline = append(inline, n)
		}
		if c.HTML, err = w.html(inline...); err != nil {
			return nil, err
		}
		same := func(other Choice) bool { return other.Text == c.Text }
		if c.Text == "" || slices.ContainsFunc(all, same) {
			return nil, at("the choice %s is empty or there twice", param.Quote(c.Text))
		}
		if c.Right {
			right++
		}
		all = append(all, c)
	}
	if len(all) < 2 || len(all) > maxChoices || right == 0 {
		return nil, fmt.Errorf("line %d: the list has %d choices, and %d of them right: want 2 to "+
			"%d choices, and [x] before the right one", w.line(list), len(all), right, maxChoices)
	}
	return all, nil
}
