package site

import (
	"bytes"
	"html/template"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

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
		Lessons  []*lesson.Lesson
		Exhibits []recipe.Exhibit
		Panels   []staging.Panel
		Scenes   []scene.Scene
		Axes     []scene.Axis
		Series   []scene.Series
	}{taught, c.Exhibits(), staging.Panels(), scene.All(), scene.Axes(), staging.Of(r).Series})
	return out.Bytes(), err
}
