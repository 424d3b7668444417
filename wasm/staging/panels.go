package staging

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/stage/scene"
)

// Panel is a part of the lab that the key hide of links and lessons can name.
type Panel struct{ Name, Doc string }

// Panels returns the parts that have a data-panel in site/parts/lab.html, in reading order.
func Panels() []Panel {
	return []Panel{
		{"intro", "the title and what the experiment is about"},
		{"predict", "the question before the run"},
		{"stage", "the picture, with Run, Step, Rewind and the seed"},
		{"dials", "the dial board"},
		{"annotate", "judging pairs of answers, where a lane has a reward model"},
		{"own", "writing a reward or a task of one's own"},
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
}

// PanelNames returns the names of the panels.
func PanelNames() (names []string) {
	for _, p := range Panels() {
		names = append(names, p.Name)
	}
	return names
}

// Scenes returns the names of the scenes that have something to show of a recipe.
func Scenes(r *recipe.Recipe) (names []string) {
	for _, s := range scene.Of(Of(r)) {
		names = append(names, s.Name)
	}
	return names
}
