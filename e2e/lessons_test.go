//go:build verify

package e2e

import (
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
)

// Every lesson as a student goes through it, every third one with the keyboard alone, with the
// search for what keeps people out at every step.
func TestVerifyLessons(t *testing.T) {
	for i, name := range lesson.Names() {
		t.Run(name, func(t *testing.T) { isHandedIn(t, name, i%3 == 0, true) })
	}
}

// The builder begins a lesson with every exhibit.
func TestVerifyEveryExhibitBeginsALesson(t *testing.T) {
	for _, e := range recipe.Standard().Exhibits() {
		beginLessons(t, e.Name)
	}
}
