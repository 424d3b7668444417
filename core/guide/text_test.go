package guide

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// An answer in words has the base first, then the rows, with the numbers of shares beside their
// texts, and a list of runs.
func TestTextHasWhatTheAnswerHas(t *testing.T) {
	planted := study("planted",
		arm("SFT", both(demos, ends{0.95, 0.7, 0.8, 6}, 0)),
		arm("GRPO", both(verifier, ends{0.9, 0.85, 0.9, 9}, 1),
			both(verifier, ends{0.6, 0.5, 0.9, 9}, 1)))
	a := ask(t, Asked{Need: "id,short", Application: "maths"}, planted)
	text := a.Text(map[string][]string{"cards": {"memorise"}, "maze": {"lost"}})
	if !strings.HasPrefix(text.Field, "For mathematics. ") ||
		!slices.Equal(text.Exhibits.Texts, []string{"memorise"}) || text.Reading != Reading {
		t.Errorf("field %q with exhibits %q, read as %q", text.Field, text.Exhibits.Texts,
			text.Reading)
	}
	if len(text.Tables) != 1 {
		t.Fatalf("%d tables, want 1", len(text.Tables))
	}
	table, found := text.Tables[0], only(t, a)
	same(t, "head", table.Head, "method", "id", "short", "updates", "GFLOP")
	same(t, "ranking", table.Ranking, found.Ranking()...)
	if len(table.Rows) != 3 || table.Rows[0].Link != "" || table.Runs == "" {
		t.Fatalf("rows %+v, runs under %q", table.Rows, table.Runs)
	}
	for i, line := range table.Rows {
		values := found.Base
		if i > 0 {
			row := found.Rows[i-1]
			values = row.Values
			if line.Title != row.Title || line.Link != row.Link || line.First != row.First {
				t.Errorf("line %d is %+v, want that of %s", i, line, row.Title)
			}
		}
		if len(line.Cells) != len(table.Head)-1 {
			t.Fatalf("%s has %d cells", line.Title, len(line.Cells))
		}
		if c := line.Cells[0]; c.Text != values[0].Text(found.Columns[0]) || c.Span == nil ||
			c.Span.Mean != values[0].Mean || c.Span.Low > c.Span.Mean || c.Span.High > 1 {
			t.Errorf("%s has %q with %+v", line.Title, c.Text, c.Span)
		}
		if c := line.Cells[1]; c.Span != nil {
			t.Errorf("a length of %s is drawn as a share: %+v", c.Text, c.Span)
		}
	}
	if got := table.Rows[2].Config; got != "grpo,lr=1e-4, the best of 2 on the tuning part" {
		t.Errorf("the config of GRPO is %q", got)
	}
}

// JSON has lists without anything as such, and not as null: the page goes through them.
func TestTextHasNoNull(t *testing.T) {
	planted := study("planted", arm("SFT", both(demos, ends{0.95, 0.7, 0.8, 6}, 0)))
	for _, q := range []Asked{{Need: "id"}, {Need: "id", Have: "nothing"}, {Need: "safety"},
		{Need: "ood", Budget: "1flops"}, {Need: "id,cheap", Application: "agents"}} {
		text := ask(t, q, planted).Text(nil)
		written, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		without := strings.ReplaceAll(string(written), `"span":null`, "")
		if strings.Contains(without, "null") {
			t.Errorf("%+v: %s", q, written)
		}
	}
}

// Data answers in words, or says what would be accepted.
func TestDataTells(t *testing.T) {
	d := Data{Studies: []Study{study("planted",
		arm("SFT", both(demos, ends{0.95, 0.7, 0.8, 6}, 0)))}}
	text, err := d.Tell(Asked{Need: "id"})
	if err != nil || len(text.Tables) != 1 {
		t.Errorf("%d tables (%v)", len(text.Tables), err)
	}
	_, err = d.Tell(Asked{Need: "idd"})
	if err == nil || !strings.Contains(err.Error(), "did you mean") {
		t.Errorf("an unknown need: %v", err)
	}
}
