package scene

import (
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// The scenes that exhibits name exist.
func TestExhibitsNameScenes(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		if _, err := Lookup(e.Scene); err != nil {
			t.Errorf("exhibit %s: %v", e.Name, err)
		}
	}
}
