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
	starts, err := starts()
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Menu   recipe.Menu        `json:"menu"`
		Starts map[string]start   `json:"starts"` // by exhibit
		Scenes []entry            `json:"scenes"`
		Axes   []scene.Axis       `json:"axes"`
		Recipe recipe.Description `json:"recipe"`
	}{recipe.Choices(), starts, scenes, scene.Axes, r.Describe()})
}

// start is what a lab says of an exhibit before it is started, when nobody has read its link yet.
type start struct {
	Question string   `json:"question"`
	Lanes    []string `json:"lanes"`
}

func starts() (map[string]start, error) {
	all := map[string]start{}
	for _, e := range recipe.Exhibits() {
		r, err := recipe.Parse(e.Name)
		if err != nil {
			return nil, err
		}
		s := start{Question: e.Question}
		for _, l := range r.Describe().Lanes {
			s.Lanes = append(s.Lanes, l.Name)
		}
		all[e.Name] = s
	}
	return all, nil
}
