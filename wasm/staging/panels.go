package staging

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Panels returns the names of the lab's panels, which the key hide of links and lessons can name.
func Panels() []string {
	return []string{"intro", "stage", "predict", "dials", "annotate", "verdict", "signals",
		"score", "try", "shelf", "share", "answers", "cost", "field", "slowly", "recipe"}
}

// Scenes returns the names of the scenes that have something to show of a recipe.
func Scenes(r *recipe.Recipe) (names []string) {
	for _, s := range scene.Of(Of(r)) {
		names = append(names, s.Name)
	}
	return names
}
