package article

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// OfLane returns the article of a lane, such as dials,advantage=mean.
func (l *Library) OfLane(text string) (Article, error) {
	lane, err := parseLane(l.c, text)
	if err != nil {
		return Article{}, err
	}
	a := Article{Name: lane.String()}
	for _, stage := range lane {
		paragraphs := aboutStage(l.c.Methods(), stage)
		if len(lane) > 1 {
			paragraphs[0].Heading = stage.Method.Name + " maximises"
		}
		a.Paragraphs = append(a.Paragraphs, paragraphs...)
	}
	return a, nil
}

// parseLane parses a lane on the first task that accepts its settings. If none does, it returns the
// error of the first task.
func parseLane(c *recipe.Catalogue, text string) (lane recipe.Lane, first error) {
	for _, t := range c.Tasks() {
		if t.HasPrompts() {
			lane, err := c.ParseLane(t, text)
			if err == nil {
				return lane, nil
			}
			if first == nil {
				first = err
			}
		}
	}
	return nil, first
}

// aboutStage says what a stage maximises and where it is on the dial board, and of one of dials
// which methods are near.
func aboutStage(methods []method.Method, s train.Stage) []Paragraph {
	position, err := s.Method.Position(s.Values)
	if err != nil {
		return []Paragraph{
			{Heading: "Maximises", Text: s.Method.Formula},
			{Heading: "On the dial board", Text: "no position: " + err.Error()},
		}
	}
	if err := s.Method.CheckSettings(s.Values); err != nil {
		return []Paragraph{{Heading: "Cannot be trained", Text: err.Error()}}
	}
	all := []Paragraph{
		{Heading: "Maximises", Text: method.FormulaAt(position)},
		{Heading: "On the dial board", Text: positionOf(position), Code: true},
		{Heading: "Besides", Text: s.Method.Besides},
	}
	if s.Method.Name == method.Dials.Name {
		all = append(all, nearest(method.Nearest(position, methods)))
	}
	return all
}

// positionOf returns a position as a lane of the method dials.
func positionOf(position param.Values) string {
	return strings.Join(append([]string{method.Dials.Name}, position.Changed()...), ",")
}

// nearest lists the methods near a position, each with what is otherwise there.
func nearest(near []method.Neighbour) (p Paragraph) {
	p.Heading = "Nearest"
	for _, n := range near {
		var differs []string
		for _, d := range n.Differs {
			differs = append(differs,
				fmt.Sprintf("%s is %s here and %s there", d.Name, d.Here, d.Of))
		}
		if n.Method.Besides != "" {
			differs = append(differs, "there, "+n.Method.Besides)
		}
		if differs == nil {
			differs = []string{"the same"}
		}
		p.Items = append(p.Items, Item{n.Method.Name, strings.Join(differs, "; ")})
	}
	return p
}
