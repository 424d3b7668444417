package site

import (
	"encoding/json"

	"github.com/posttrain/posttrain/core/glossary"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
	"github.com/posttrain/posttrain/wasm/staging"
)

// firstRecipe is the recipe that the page opens with.
const firstRecipe = "whose_words"

// still is a picture of the first recipe without any events of its lanes.
type still struct {
	Width   float64       `json:"width"`
	Height  float64       `json:"height"`
	Picture scene.Picture `json:"picture"`
}

// welcome returns what the page shows before the trainer is there, as JSON: the menu, the scenes,
// and the first recipe with pictures of it for a wide page and for a narrow one.
func welcome(c *recipe.Catalogue) ([]byte, error) {
	r, err := c.Parse(firstRecipe)
	if err != nil {
		return nil, err
	}
	type entry struct {
		Name  string `json:"name"`
		Title string `json:"title"`
		Doc   string `json:"doc"`
		Lanes bool   `json:"lanes"`
	}
	var scenes []entry
	for _, s := range scene.All() {
		scenes = append(scenes, entry{s.Name, s.Title, s.Doc, s.Lanes})
	}
	description, staged := staging.Describe(r), staging.Of(r)
	drawn, err := scene.Lookup(description.First.Scene)
	if err != nil {
		return nil, err
	}
	var stills []still
	for _, size := range [][2]float64{{690, 440}, {350, 440}} {
		stills = append(stills, still{size[0], size[1],
			drawn.Picture(scene.NewRecord(staged), description.First, size[0], size[1])})
	}
	starts, err := starts(c)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Menu     recipe.Menu         `json:"menu"`
		Glossary []glossary.Entry    `json:"glossary"`
		Ledger   []protocol.Entry    `json:"ledger"` // what is counted, and how it is called
		Starts   map[string]start    `json:"starts"` // by exhibit
		Scenes   []entry             `json:"scenes"`
		Axes     []scene.Axis        `json:"axes"`
		Series   []scene.Series      `json:"series"`
		Recipe   staging.Description `json:"recipe"`
		Stills   []still             `json:"stills"`
	}{
		c.Menu(), glossary.Entries(), protocol.Ledger(),
		starts, scenes, scene.Axes(), staged.Series, description, stills,
	})
}

// start is what a lab says of an exhibit before it is started, when nobody has read its link yet.
type start struct {
	Question string      `json:"question"`
	Lanes    []startLane `json:"lanes"`
}

// startLane is a lane with its name and as a link writes it.
type startLane struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func starts(c *recipe.Catalogue) (map[string]start, error) {
	all := map[string]start{}
	for _, e := range c.Exhibits() {
		r, err := c.Parse(e.Name)
		if err != nil {
			return nil, err
		}
		s := start{Question: e.Question}
		for i, l := range r.Describe().Lanes {
			s.Lanes = append(s.Lanes, startLane{l.Name, r.Lanes[i].String()})
		}
		all[e.Name] = s
	}
	return all, nil
}
