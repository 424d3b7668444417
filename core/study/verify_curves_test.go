//go:build verify && !page

package study

import (
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// The curves that come with every exhibit are what its link gives now.
func TestVerifyCurves(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		t.Run(e.Name, func(t *testing.T) { holdCurves(t, e) })
	}
}
