package site

import (
	"bytes"
	"html/template"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// A panel is a part of the lab that a link can hide.
type panel struct{ Name, Doc string }

// panels has the parts that have a data-panel in parts/lab.html, in reading order.
var panels = []panel{
	{"intro", "the title and what the experiment is about"},
	{"predict", "the question before the run"},
	{"stage", "the picture, with Run, Step, Rewind and the seed"},
	{"dials", "the dial board"},
	{"annotate", "judging pairs of answers, where a lane has a reward model"},
	{"answers", "the latest answers of each lane"},
	{"recipe", "the settings"},
	{"verdict", "what happened, in words"},
	{"signals", "warning signs, if there are any"},
	{"score", "the score"},
	{"try", "a prompt of the visitor's own"},
	{"cost", "what it cost"},
	{"field", "what research says about it"},
	{"shelf", "the runs that are kept"},
	{"slowly", "one step, slowly, with its button"},
	{"share", "the link, the command and the files"},
}

// course fills the page for courses with the names that a link can use.
func course(c *recipe.Catalogue, page []byte) ([]byte, error) {
	t, err := template.New("course.html").Parse(string(page))
	if err != nil {
		return nil, err
	}
	r, err := c.Parse("cards?lane=sft") // no exhibit, so that all series have their usual order
	if err != nil {
		return nil, err
	}
	taught, err := lessons(c)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, struct {
		Exhibits []recipe.Exhibit
		Lessons  []*lesson.Lesson
		Panels   []panel
		Scenes   []scene.Scene
		Axes     []scene.Axis
		Series   []scene.Series
	}{c.Exhibits(), taught, panels, scene.All(), scene.Axes(), staging.Of(r).Series})
	return out.Bytes(), err
}
