// Package vocabulary has the names that lessons can use on the page.
package vocabulary

import (
	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/staging"
)

// Of returns the vocabulary of lessons about the recipes of a catalogue.
func Of(c *recipe.Catalogue) lesson.Vocabulary {
	return lesson.Vocabulary{Links: c, Panels: staging.PanelNames(), Scenes: staging.Scenes}
}
