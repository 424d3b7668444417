package design

import (
	"reflect"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// FuzzParse holds what is accepted to what a study promises, and what is refused to one line.
func FuzzParse(f *testing.F) {
	f.Add(sample)
	for _, m := range mistakes() {
		f.Add(strings.Replace(sample, m.was, m.is, 1))
	}
	c := recipe.Standard()
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(c, []byte(text), Options{})
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("an error of several lines: %q", err)
			}
			return
		}
		again, err := Parse(c, []byte(text), Options{})
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Fatalf("read twice, it differs (%v)", err)
		}
		seen := map[string]bool{}
		for _, cell := range s.Cells() {
			if seen[cell.Link] {
				t.Errorf("twice: %s", cell.Link)
			}
			seen[cell.Link] = true
		}
		for _, h := range s.Hypotheses {
			if h.Words() == "" || len(h.Arms()) == 0 {
				t.Errorf("%+v says nothing", h)
			}
		}
		lock := s.Lock()
		file, err := FormatLock([]Entry{{lock.Hash, "2026-11-29", 2, "0.1.0", lock.Text}})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := ParseLock(file)
		if err != nil || entries[0].Text != lock.Text {
			t.Fatalf("the lock is not read back: %v\n%s", err, file)
		}
		got := s.Standing(entries, func(string) Timing { return Before })
		if got.Study != Registered {
			t.Errorf("it is %s by its own lock", got.Study)
		}
	})
}

// FuzzParseLock looks for files that make the reader panic.
func FuzzParseLock(f *testing.F) {
	f.Add("- hash: a\n  registered: b\n  engine: 2\n  program: c\n  text: |\n    x\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ParseLock([]byte(text)); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("an error of several lines: %q", err)
		}
	})
}
