package site

import (
	"encoding/json"

	"posttrain/core/recipe"
	"posttrain/wasm/stage/scene"
)

// firstRecipe is what the page opens with.
const firstRecipe = "memorise"

// welcome is what the page shows before the trainer is there, as JSON: the menu, the scenes and the first recipe.
func welcome() ([]byte, error) {
	r, err := recipe.Parse(firstRecipe)
	if err != nil {
		return nil, err
	}
	type entry struct {
		Name  string `json:"name"`
		Title string `json:"title"`
		Doc   string `json:"doc"`
		Of    string `json:"of"` // a scene.Kind
	}
	var scenes []entry
	for _, s := range scene.All {
		scenes = append(scenes, entry{s.Name, s.Title, s.Doc, string(s.Of)})
	}
	return json.Marshal(struct {
		Menu   recipe.Menu        `json:"menu"`
		Scenes []entry            `json:"scenes"`
		Axes   []scene.Axis       `json:"axes"`
		Recipe recipe.Description `json:"recipe"`
	}{recipe.Choices(), scenes, scene.Axes, r.Describe()})
}
