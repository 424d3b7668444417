package studies

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
)

// Every study can be computed, is named after its file, and is as it was registered.
func TestStudies(t *testing.T) {
	c := recipe.Standard()
	if len(Names()) < 3 {
		t.Fatalf("only %v", Names())
	}
	for _, name := range Names() {
		text, lock, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := design.Parse(c, text, design.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Name != name {
			t.Errorf("the file %s has the study %s", name, s.Name)
		}
		if s.Doc == "" || len(s.Hypotheses) == 0 {
			t.Errorf("%s: it does not say what is matched, or claims nothing", name)
		}
		if lock == nil {
			continue
		}
		entries, err := design.ParseLock(lock)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := s.Standing(entries, nil).Study; got != design.Unproved {
			t.Errorf("%s is %s: posttrain study register studies/%s.yaml --again", name, got, name)
		}
	}
}

// The study to try the tools with takes about a minute of one core.
func TestQuickIsQuick(t *testing.T) {
	text, _, err := Read("quick")
	if err != nil {
		t.Fatal(err)
	}
	c := recipe.Standard()
	s, err := design.Parse(c, text, design.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const most = 1.5e12
	if o, err := s.Outlay(c); err != nil || o.FLOPs() > most {
		t.Errorf("it takes %.3g FLOPs, want at most %g (%v)", o.FLOPs(), most, err)
	}
}

func TestReadNamesTheNearest(t *testing.T) {
	_, _, err := Read("quik")
	if err == nil || !strings.Contains(err.Error(), "did you mean quick?") {
		t.Error(err)
	}
}
