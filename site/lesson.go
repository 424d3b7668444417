package site

import (
	"encoding/json"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

// lessons returns the lessons that are part of the program, in the order of their exhibits.
func lessons(c *recipe.Catalogue) (all []*lesson.Lesson, err error) {
	has := map[string]bool{}
	for _, name := range lesson.Names() {
		has[name] = true
	}
	for _, e := range c.Exhibits() {
		if !has[e.Name] {
			continue
		}
		l, err := lesson.Lookup(e.Name, vocabulary.Of(c))
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// addLessons adds every lesson as lessons/NAME.json.
func addLessons(c *recipe.Catalogue, files map[string][]byte) error {
	all, err := lessons(c)
	if err != nil {
		return err
	}
	for _, l := range all {
		if files["lessons/"+l.Name+".json"], err = json.Marshal(l); err != nil {
			return err
		}
	}
	return nil
}
