package main

import (
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// explainLane explains the stages of a lane, such as dials,advantage=mean.
func explainLane(c *recipe.Catalogue, text string) (article, error) {
	lane, err := parseLane(c, text)
	if err != nil {
		return article{}, err
	}
	a := article{name: lane.String()}
	for _, stage := range lane {
		paragraphs := aboutStage(c.Methods(), stage)
		if len(lane) > 1 {
			paragraphs[0].heading = stage.Method.Name + " maximises"
		}
		a.paragraphs = append(a.paragraphs, paragraphs...)
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
func aboutStage(methods []method.Method, s train.Stage) []paragraph {
	position, err := s.Method.Position(s.Values)
	if err != nil {
		return []paragraph{
			{heading: "Maximises", text: s.Method.Formula},
			{heading: "On the dial board", text: "no position: " + err.Error()},
		}
	}
	if err := s.Method.CheckSettings(s.Values); err != nil {
		return []paragraph{{heading: "Cannot be trained", text: err.Error()}}
	}
	all := []paragraph{
		{heading: "Maximises", text: method.FormulaAt(position)},
		{heading: "On the dial board", text: positionOf(position), code: true},
		{heading: "Besides", text: s.Method.Besides},
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
func nearest(near []method.Neighbour) (p paragraph) {
	p.heading = "Nearest"
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
		p.items = append(p.items, item{n.Method.Name, strings.Join(differs, "; ")})
	}
	return p
}

// onTheBoard says where a method is on the dial board at its defaults.
func onTheBoard(m method.Method) string {
	position, err := m.Position(m.Defaults())
	switch {
	case m.Name == method.Dials.Name:
		return ""
	case err != nil:
		return "no position: " + err.Error()
	case m.Besides != "":
		return positionOf(position) + "; besides, " + m.Besides
	}
	return positionOf(position)
}
