package report

import (
	"encoding/xml"
	"html"
	"io"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// A picture is well-formed, names every arm, and depends on nothing outside of it.
func TestPicture(t *testing.T) {
	f := findings(t, 0)
	e := f.Study.Experiments[0]
	svg, err := Picture(recipe.Standard(), f, e.Name, "cost/flops", "eval/id/accuracy")
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(strings.NewReader(string(svg))); err != io.EOF; {
		if _, err = d.Token(); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	for _, a := range e.Arms {
		if !strings.Contains(string(svg), ">"+html.EscapeString(a.Title)+"</text>") {
			t.Errorf("%s is not in the key", a.Title)
		}
	}
	if strings.Contains(string(svg), "href") {
		t.Error("there are links, which lead nowhere in a picture of its own")
	}
	for _, c := range []struct{ experiment, metric, want string }{
		{"x", "eval/id/accuracy", "accepted: " + e.Name},
		{e.Name, "eval/id/overlap", "is not measured"},
	} {
		_, err := Picture(recipe.Standard(), f, c.experiment, "cost/flops", c.metric)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %s: %v, want %q", c.experiment, c.metric, err, c.want)
		}
	}
}
