package annotation

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/protocol"
)

// Lane is a lane with a reward model, and what it has reported on [protocol.Examine].
type Lane struct {
	Name   string                `json:"name"`
	Judged string                `json:"judged"` // the labels of a person that it learned from
	Pairs  []protocol.Comparison `json:"pairs"`
	Fresh  []protocol.Comparison `json:"fresh"`
}

// Report says what reward models have learned from the labels of a person.
type Report struct {
	Headline string   `json:"headline"`
	Says     []string `json:"says"` // sentences, with the numbers
	Tables   []Table  `json:"tables"`
}

// Table has counts, with a column for each judge.
type Table struct {
	Title   string   `json:"title"`
	Columns []string `json:"columns"`
	Rows    []Row    `json:"rows"`
}

// Row is a row of a Table.
type Row struct {
	Title string  `json:"title"`
	Cells []Count `json:"cells"` // for each column
}

// Of returns the report on lanes, of which the first that has labels of a person is compared with
// the first that has none.
func Of(lanes []Lane) Report {
	taught := slices.IndexFunc(lanes,
		func(l Lane) bool { return strings.Trim(l.Judged, "-") != "" })
	if taught < 0 {
		return Report{Headline: "No reward model learned from labels of yours."}
	}
	r := report{lanes: lanes, taught: lanes[taught], you: person(lanes[taught].Judged)}
	if i := slices.IndexFunc(lanes, func(l Lane) bool { return l.Judged == "" }); i >= 0 {
		r.without = &lanes[i]
	}
	for i, p := range r.taught.Pairs {
		if r.you(i, p) != 0 {
			r.judged++
		}
	}
	out := Report{Tables: []Table{r.onYourPairs(), r.onNewPairs()}}
	out.Headline, out.Says = r.sentences()
	return out
}

// report has what a Report is made from.
type report struct {
	lanes   []Lane
	taught  Lane
	without *Lane // nil if every lane has labels of the person
	you     opinion
	judged  int // pairs
}

// onYourPairs returns the table of the pairs that the person judged.
func (r report) onYourPairs() Table {
	t := Table{Title: "On the " + prose.Count(r.judged, "pair") + " that you judged",
		Columns: []string{"you", "gold reward"}}
	judges, pairs := []opinion{r.you, gold}, [][]protocol.Comparison{r.taught.Pairs, r.taught.Pairs}
	for _, l := range r.lanes {
		t.Columns = append(t.Columns, l.Name)
		judges, pairs = append(judges, score), append(pairs, l.Pairs)
	}
	byYou := func(i int, p protocol.Comparison) bool { return r.you(i, p) != 0 }
	row := func(title string, with opinion, not ...int) {
		cells := make([]Count, len(judges))
		for i, judge := range judges {
			if !slices.Contains(not, i) {
				cells[i] = agreement(pairs[i], judge, with, byYou)
			}
		}
		t.Rows = append(t.Rows, Row{title, cells})
	}
	row("agrees with you", r.you, 0)
	row("agrees with the gold reward", gold, 1)
	for _, f := range features() {
		row("prefers "+f.title, f.prefers)
	}
	cells := make([]Count, len(judges)) // nobody else sees sides
	cells[0] = agreement(r.taught.Pairs, r.you, left, everywhere)
	t.Rows = append(t.Rows, Row{"prefers the one on the left", cells})
	return t
}

// onNewPairs returns the table of the pairs that nobody compared.
func (r report) onNewPairs() Table {
	fresh := r.taught.Fresh
	t := Table{Title: "On " + prose.Count(len(fresh), "new pair"), Columns: []string{"gold reward"}}
	for _, l := range r.lanes {
		t.Columns = append(t.Columns, l.Name)
	}
	row := func(title string, with opinion, first Count) {
		cells := []Count{first}
		for _, l := range r.lanes {
			cells = append(cells, agreement(l.Fresh, score, with, everywhere))
		}
		t.Rows = append(t.Rows, Row{title, cells})
	}
	row("agrees with the gold reward", gold, Count{})
	for _, f := range features() {
		row("prefers "+f.title, f.prefers, agreement(fresh, gold, f.prefers, everywhere))
	}
	return t
}

// sentences returns what can be told of the person's biases and of those of the reward model.
func (r report) sentences() (headline string, says []string) {
	right := agreement(r.taught.Pairs, r.you, gold, everywhere)
	says = append(says, fmt.Sprintf("You agree with the gold reward in %s pairs that differ in it.",
		right))
	if side := agreement(r.taught.Pairs, r.you, left, everywhere); side.Low > 0.5 ||
		side.High < 0.5 {
		says = append(says, fmt.Sprintf("You chose the answer on the left in %s pairs. A reward "+
			"model scores each answer by itself, so it cannot take that over.", side))
	}
	var taken, liked []string
	for _, f := range features() {
		yours, about, took := r.about(f)
		says = append(says, about...)
		if yours.towards != 0 {
			liked = append(liked, f.to(yours.towards))
		}
		if took {
			taken = append(taken, f.to(yours.towards))
		}
	}
	switch {
	case taken != nil:
		return fmt.Sprintf("The reward model took over your liking for %s.",
			strings.Join(taken, " and for ")), says
	case liked != nil:
		return fmt.Sprintf("You like %s. Whether the reward model took that over cannot be told.",
			strings.Join(liked, " and ")), says
	}
	return fmt.Sprintf("Which bias of yours the reward model took over cannot be told from %s.",
		prose.Count(r.judged, "pair")), says
}

// about returns how the person leans with respect to a feature, sentences about that, and whether
// the reward model took it over. What the reward model without labels of the person has as well may
// not come from them.
func (r report) about(f feature) (yours lean, says []string, took bool) {
	yours, learned := leanOf(r.taught.Pairs, r.you, f), leanOf(r.taught.Fresh, score, f)
	if yours.towards != 0 {
		says = append(says, f.says("You lean", "you", yours))
	}
	doubt := ""
	if r.without != nil && leanOf(r.without.Fresh, score, f).towards == learned.towards {
		doubt = " The reward model without your labels leans that way too, so this may not come " +
			"from you."
	}
	switch {
	case yours.towards != 0 && yours.towards != learned.towards:
		says = append(says, "Whether the reward model took this over cannot be told from "+
			prose.Count(len(r.taught.Fresh), "new pair")+".")
	case yours.towards != 0 && doubt == "":
		says = append(says, "The reward model took this over. "+f.says("It leans", "it", learned))
		took = true
	case learned.towards != 0:
		if yours.towards == 0 && doubt == "" {
			doubt = " Whether it has this from you cannot be told from " +
				prose.Count(r.judged, "pair") + "."
		}
		says = append(says, f.says("The reward model leans", "it", learned)+doubt)
	}
	return yours, says, took
}

// to returns the answer that is preferred by an opinion that leans towards the feature or, if
// towards is -1, away from it.
func (f feature) to(towards int) string {
	if towards < 0 {
		return f.other
	}
	return f.with
}

// says returns a sentence about a lean, whose opinion is called who.
func (f feature) says(begin, who string, l lean) string {
	worse, passed := l.worse, l.passed
	if l.towards < 0 { // seen from the other answer
		worse, passed = passed, worse
	}
	choose := "chose"
	if who == "it" {
		choose = "preferred"
	}
	return fmt.Sprintf("%s towards %s: where that is the worse one by the gold reward, %s still "+
		"%s it in %s pairs; where it is the better one, %s passed it over in %s.",
		begin, f.to(l.towards), who, choose, worse, who, passed)
}

// String returns the count, as in "8 of 10".
func (c Count) String() string { return fmt.Sprintf("%d of %d", c.Count, c.Of) }
