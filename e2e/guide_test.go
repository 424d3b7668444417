package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
	"github.com/posttrain/posttrain/studies"
)

// planted returns a study of three arms on five bases with three seeds: imitation is best at the
// practised level and reinforcement at the other one, whose second rate is tuned better, and labels
// are behind both.
func planted() guide.Study {
	type ends struct {
		id, ood float64
		varies  int // tells arms apart in how their runs vary
	}
	run := func(end ends, base, seed int, link string) guide.Run {
		varies := 0.01 * float64((7*base+3*seed+end.varies)%5-2)
		return guide.Run{Link: link, Steps: guide.Numbers{0, 20, 40},
			Costs: []guide.Numbers{{0, 5e10, 1e11}, {}, {}, {}},
			Values: []guide.Numbers{{0.4, 0.6, end.id + varies}, {0.4, 0.5, end.ood - varies},
				{0.95, 0.9, 0.8 + varies}}}
	}
	arm := func(name, title string, input guide.Input, all ...ends) guide.Arm {
		a := guide.Arm{Name: name, Title: title}
		for i, end := range all {
			c := guide.Config{Lane: fmt.Sprintf("%s,lr=%de-4", name, i+1),
				Inputs: []guide.Input{input}}
			for b := range 2 {
				c.Tune = append(c.Tune, run(end, b, 0, ""))
			}
			for b := range 5 {
				for s := range 3 {
					c.Judge = append(c.Judge, run(end, b, s, fmt.Sprintf(
						"cards?base=cards,seed=%d&seed=%d&lane=%s", 101+b, 201+s, c.Lane)))
				}
			}
			a.Configs = append(a.Configs, c)
		}
		return a
	}
	return guide.Study{Name: "planted", Title: "Planted", Cells: 51, Results: "abc",
		Experiments: []guide.Experiment{{
			Name: "cards", Task: "cards", TaskTitle: "A card game", Recipe: "cards",
			Tune: guide.Part{Bases: []uint64{11, 12}, Seeds: []uint64{11}},
			Judge: guide.Part{Bases: []uint64{101, 102, 103, 104, 105},
				Seeds: []uint64{201, 202, 203}},
			Columns: []guide.Column{
				{Need: "id", Metric: "eval/id/accuracy", Title: "accuracy at A", Share: true},
				{Need: "ood", Metric: "eval/ood/accuracy", Title: "accuracy at B", Share: true},
				{Need: "retain", Metric: "eval/prior/accuracy", Title: "sorting", Share: true},
			},
			Arms: []guide.Arm{arm("sft", "SFT", guide.OwnDemos, ends{0.95, 0.7, 0}),
				arm("grpo", "GRPO", guide.Verifier, ends{0.7, 0.6, 1}, ends{0.9, 0.78, 1}),
				arm("dpo", "DPO", guide.Labels, ends{0.6, 0.45, 3})},
		}}}
}

// plant serves the site with other studies, and returns its address.
func plant(t *testing.T, data guide.Data) string {
	t.Helper()
	text, err := json.Marshal(data)
	if err != nil {
		t.Fatal(err)
	}
	files := site.Handler(built)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/guide.json" {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// said is what the page shows of an answer.
type said struct {
	Situation        string
	Heads            [][]string
	Rows             [][][]string // of each table
	Firsts           []string
	Ranking, Missing []string
	Links            []string
}

// answered waits for an answer and returns it.
func (p lab) answered() said {
	p.t.Helper()
	p.Wait(time.Minute, `document.querySelector("#told h2") &&
		!document.querySelector("[aria-busy]")`)
	return browser.Eval[said](p.Page, `(() => {
		const texts = (selector, within = document) =>
			[...within.querySelectorAll(selector)].map((e) => e.textContent);
		return {
			Situation: document.querySelector("#told h2").textContent,
			Heads: [...document.querySelectorAll(".methods")].map((t) => texts("thead th", t)),
			Rows: [...document.querySelectorAll(".methods")].map((t) => [...t.tBodies[0].rows].map((row) =>
				[row.cells[0].firstChild, ...[...row.cells].slice(1)].map((c) => c.textContent))),
			Firsts: [...document.querySelectorAll("tr:has(.first) a")].map((a) => a.textContent),
			Ranking: texts(".ranking p"), Missing: texts(".missing li"),
			Links: [...document.querySelectorAll(".methods a")].map((a) => a.getAttribute("href")),
		};
	})()`)
}

// same holds what the page shows to what the guide says, which posttrain guide prints.
func same(t *testing.T, got said, data guide.Data, q guide.Asked) guide.Answer {
	t.Helper()
	s, err := q.Parse()
	if err != nil {
		t.Fatal(err)
	}
	answer := guide.Ask(data.Studies, s)
	want := answer.Text(data.Exhibits)
	if got.Situation != want.Situation {
		t.Errorf("the page answers %q, want %q", got.Situation, want.Situation)
	}
	equalLists := func(what string, got, want []string) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	equalLists("what is missing", got.Missing, want.Missing)
	if len(got.Rows) != len(want.Tables) {
		t.Fatalf("%d tables, want %d", len(got.Rows), len(want.Tables))
	}
	var ranking, links []string
	for i, table := range want.Tables {
		equalLists("head", got.Heads[i], table.Head)
		ranking = append(ranking, table.Ranking...)
		for k, line := range table.Rows {
			cells := []string{line.Title}
			for _, c := range line.Cells {
				cells = append(cells, c.Text)
			}
			equalLists("row", got.Rows[i][k], cells)
			if line.Link != "" {
				links = append(links, "./#"+line.Link)
			}
		}
	}
	equalLists("ranking", got.Ranking, ranking)
	equalLists("links", got.Links, links)
	return answer
}

// follow goes where a link leads.
func (p lab) follow(selector string) {
	p.t.Helper()
	p.Go(browser.Eval[string](p.Page, "document.querySelector("+quote(selector)+").href"))
}

// The page of the guide answers as posttrain guide does, has the question in its address, and opens
// the recipes of its answer in the playground.
func TestGuide(t *testing.T) {
	data := guide.Data{Studies: []guide.Study{planted()},
		Exhibits: recipe.Standard().ExhibitsByTask()}
	host := plant(t, data)
	p := lab{chromium.Open(t), t} // its own, since the host is gone after the test
	p.Before(axe(t))
	p.Go(host + "/guide.html")
	p.reads("#opening", "200")
	p.Click("label[for=need-id]")
	same(t, p.answered(), data, guide.Asked{Need: "id"})
	p.Fill("[data-of=demos]", "2,000") // which says that there are some
	p.Click("label[for=have-verifier]")
	p.Click("label[for=need-retain]")
	p.Fill("#budget-flops", "2e12")
	p.Choose("#application", "maths")
	p.reads("#told h2", "2e12")
	p.reads("#told", "For mathematics")
	answer := same(t, p.answered(), data, guide.Asked{Have: "demos=2000,verifier",
		Need: "id,retain", Budget: "2e12flops", Application: "maths"})
	if rows := answer.Found[0].Rows; len(rows) != 2 || rows[1].Lane != "grpo,lr=2e-4" {
		t.Errorf("the planted study has the rows %+v", rows)
	}
	const query = "?have=demos=2000,verifier&need=id,retain&budget=2e12flops&application=maths"
	if got := browser.Eval[string](p.Page, "location.search"); got != query {
		t.Errorf("the address has %q, want %q", got, query)
	}

	p.Click("label[for=have-nothing]") // instead of what was there
	p.reads("#told h2", "You have nothing")
	same(t, p.answered(), data, guide.Asked{Have: "nothing", Need: "id,retain",
		Budget: "2e12flops", Application: "maths"})
	p.Fill("#budget-flops", "much")
	p.reads("#told [role=alert]", "The budget \"muchflops\" is not a number")

	p.Go(host + "/guide.html" + query)
	again := p.answered()
	same(t, again, data, guide.Asked{Have: "demos=2000,verifier", Need: "id,retain",
		Budget: "2e12flops", Application: "maths"})
	p.Go(host + "/guide.html?need=id,ood,retain")
	p.answered()
	for _, view := range []browser.View{{Width: 1440, Height: 900, Dark: true, Calm: true},
		{Width: 360, Height: 800, Calm: true}} {
		p.Show(view)
		if found := browser.Eval[[]string](p.Page, violations("window")); len(found) > 0 {
			t.Errorf("%+v: %q", view, found)
		}
		if wide := browser.Eval[int64](p.Page,
			"document.documentElement.scrollWidth"); wide > view.Width {
			t.Errorf("the page is %d pixels wide in a window of %d", wide, view.Width)
		}
	}
	if firsts := p.answered().Firsts; !slices.Equal(firsts, []string{"SFT", "GRPO"}) {
		t.Errorf("first are %q", firsts)
	}
	p.follow(".methods tbody tr:nth-child(3) a")
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	if link := p.link(); !strings.Contains(link, "lane=grpo,lr=0.0002") ||
		!strings.Contains(link, "base=cards,seed=101") {
		t.Errorf("the playground has opened %q", link)
	}
}

// The studies that are part of the program are those of posttrain guide, and an address that cannot
// be asked gets a sentence.
func TestGuideSaysWhatIsNotMeasured(t *testing.T) {
	all, err := studies.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	data := guide.Data{Studies: all, Exhibits: recipe.Standard().ExhibitsByTask()}
	p := lab{chromium.Again(t), t}
	p.visit("/guide.html?have=nothing&need=ood&application=agents")
	got := p.answered()
	same(t, got, data, guide.Asked{Have: "nothing", Need: "ood", Application: "agents"})
	if len(got.Missing) == 0 || !strings.HasPrefix(got.Missing[0], "Not measured") {
		t.Errorf("of nothing the guide makes %q", got.Missing)
	}
	p.Choose("#application", "")
	p.reads("#told h2", "nothing")
	p.Wait(time.Minute, `!document.querySelector("#told").innerText.includes("For agents")`)
	same(t, p.answered(), data, guide.Asked{Have: "nothing", Need: "ood"})
	p.visit("/guide.html?need=oood")
	p.reads("#told [role=alert]", `Unknown need "oood": did you mean ood?`)
	if open := browser.Eval[bool](p.Page, "document.getElementById('opening').hidden"); !open {
		t.Error("the examples stand beside an answer")
	}
	p.visit("/")
	p.follow("nav a[href='guide.html']")
	p.reads("#opening", "Start with an example")
	p.follow("#opening li:last-child a")
	p.answered()
}

// What the programs for studies and the guide's data may have, compressed. They are loaded by the
// page of the guide, and when results are dropped on the lab.
const (
	guideBytes     = 900_000
	guideDataBytes = 500_000
	replayBytes    = 1_400_000 // with 83 methods, whose settings name the lanes, 1_338_000
)

// What only some visitors need is small, and no part of what all need.
func TestProgramsForStudiesAreSmall(t *testing.T) {
	for name, most := range map[string]int64{"guide.wasm.br": guideBytes,
		"guide.json.br": guideDataBytes, "replay.wasm.br": replayBytes} {
		info, err := os.Stat(filepath.Join(built, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes", name, info.Size())
		if info.Size() > most {
			t.Errorf("%s has %d bytes, want %d at most", name, info.Size(), most)
		}
	}
}
