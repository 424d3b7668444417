//go:build verify

package e2e

import (
	"testing"
	"time"

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

// Every lesson leads to the setting that it wants changed, and takes note when that is done. The
// steps before are skipped, so nothing is trained.
func TestVerifyLessonsLeadToTheirSettings(t *testing.T) {
	for _, name := range lesson.Names() {
		t.Run(name, func(t *testing.T) {
			l, p := lessonNamed(t, name), openLesson(t, name)
			for _, s := range l.Steps {
				p.Wait(time.Minute, "document.querySelector('#lesson h2').innerText === "+
					quote(s.Title))
				if s.Goal != nil && s.Goal.Kind == lesson.GoalChange {
					visitor{p, false}.changes(s.Goal)
					p.Wait(time.Minute, "document.querySelector('"+next+"')?.disabled === false")
					return
				}
				p.Run(`(document.querySelector("[data-way=next]:not(:disabled)") ??
					document.querySelector("#lesson .turn-page .quiet")).click()`)
			}
			t.Error("no step wants a setting changed")
		})
	}
}
