package recipe

import (
	"strings"
	"testing"
)

// A link carries any position of the dials. One that cannot be trained opens, and says why it is
// not run.
func TestPositionsInLinks(t *testing.T) {
	for _, c := range []struct{ link, missing string }{
		{"cards?lane=dials,advantage=leave_one_out,limit=cap", ""},
		{"cards?lane=dials,source=demos,advantage=one,demos=20,style=y", ""},
		{"cards?lane=sft~dials,source=demos", `lane "sft~dials,source=demos": method dials: ` +
			"advantage=z_score compares sampled answers by their rewards"},
		{"cards?lane=dials,advantage=teacher", ""},
		{"lock?lane=dials,advantage=teacher", `lane "dials,advantage=teacher": method dials ` +
			"learns from a teacher, a base that was pretrained without mistakes, and task lock " +
			"has no such base"},
	} {
		r := parsed(t, c.link)
		if _, lane, _ := strings.Cut(c.link, "?"); !strings.HasSuffix(r.Link(), lane) {
			t.Errorf("%s has become %s", c.link, r.Link())
		}
		got := r.Describe().Missing
		if !strings.HasPrefix(got, c.missing) || (got == "") != (c.missing == "") {
			t.Errorf("%s: missing is %q, want %q", c.link, got, c.missing)
		}
		if _, err := r.Plan(); (err == nil) != (c.missing == "") {
			t.Errorf("%s: its plan gives %v", c.link, err)
		}
	}
	if lanes, err := parsed(t, "cards?lane=dials,advantage=teacher").Plan(); err != nil ||
		lanes[0].Teacher == nil {
		t.Errorf("the lane has no teacher: %v", err)
	}
	if lanes, err := parsed(t, "cards?lane=dials").Plan(); err != nil || lanes[0].Teacher != nil {
		t.Errorf("a lane that learns from no teacher loads one: %v", err)
	}
}
