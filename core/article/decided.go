package article

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// decided returns the part of an exhibit's article about the seeds that decide it.
func decided(c *recipe.Catalogue, e recipe.Exhibit) []Paragraph {
	var s study.Summary
	if err := json.Unmarshal(e.Results(), &s); err != nil || s.Seeds == nil {
		return nil
	}
	r, err := c.Parse(e.Name)
	if err != nil {
		return nil
	}
	base := ""
	if r.Task.HasPrompts() {
		base = ", all on the exhibit's own base, so that it says nothing of others"
	}
	distance := "eval/" + r.Task.Levels[0].Name + "/kl_base_policy_nats"
	p := Paragraph{
		Heading: "Measured",
		Text: fmt.Sprintf("At the end, over seeds %d to %d, on which nothing was tuned%s; mean "+
			"and 95 %% interval. %s.", s.Seeds[0], s.Seeds[len(s.Seeds)-1], base,
			study.Overall(s.Tested).Sentence(len(s.Tested))),
	}
	for _, lane := range s.Lanes {
		var cells []string
		for _, level := range r.Task.Levels {
			cells = append(cells, level.Name+" "+interval(lane.Metrics[level.Metric()]))
		}
		p.Items = append(p.Items, Item{lane.Label, strings.Join(cells,
			", ") + "; KL from the base: " + interval(lane.Metrics[distance]) + " nats"})
	}
	spent := Paragraph{Heading: "What it took",
		Text: "A seed, on average, with the most that had to be in memory at once."}
	for _, lane := range s.Lanes {
		spent.Items = append(spent.Items, Item{lane.Label, ledger(lane.Cost, len(s.Seeds))})
	}
	outcomes := Paragraph{Heading: "The hypotheses"}
	for _, t := range s.Tested {
		outcomes.Items = append(outcomes.Items, Item{string(t.Outcome), t.Sentence()})
	}
	return append([]Paragraph{p}, append(passed(s, r), spent, outcomes)...)
}

// passed returns a paragraph on pass@k of the base and of each lane, if it was measured.
func passed(s study.Summary, r *recipe.Recipe) []Paragraph {
	if !r.Values.Has("passk") || r.Values.Int("passk") == 0 {
		return nil
	}
	p := Paragraph{Heading: "pass@k",
		Text: fmt.Sprintf("The share of prompts that at least one of k answers solves, from %d "+
			"answers to each; mean over these seeds, at k of 1, 4, "+
			"16 and so on.", r.Values.Int("passk"))}
	add := func(label string, of map[string]study.Estimate) {
		for _, level := range r.Task.Levels {
			var cells []string
			for k := 1; k <= eval.MaxAnswers; k *= 4 {
				if e, ok := of[fmt.Sprintf("eval/%s/pass_at_%d", level.Name, k)]; ok {
					cells = append(cells, fmt.Sprintf("%.3f", e.Mean))
				}
			}
			if len(cells) > 0 {
				ways := of["eval/"+level.Name+"/distinct_right"]
				p.Items = append(p.Items, Item{label + ", " + level.Name,
					strings.Join(cells, ", ") + fmt.Sprintf("; %.1f different right answers "+
						"to a prompt", ways.Mean)})
			}
		}
	}
	add(recipe.OfBase, s.Base)
	for _, lane := range s.Lanes {
		add(lane.Label, lane.Metrics)
	}
	return []Paragraph{p}
}

// ledger returns what each of the seeds has used up on average. Entries that are 0 are left out.
func ledger(c protocol.Cost, seeds int) string {
	var said []string
	for _, e := range protocol.Ledger() {
		amount := e.Of(c)
		if amount == 0 || e.Unit == "seconds" { // seconds depend on the machine
			continue
		}
		if e.Sums {
			amount /= float64(seeds)
		}
		said = append(said, shortly(amount)+" "+e.Amount)
	}
	return strings.Join(said, ", ")
}

// shortly formats an amount with three digits: 500, 12.8k, 1.34T.
func shortly(x float64) string {
	unit := ""
	for _, u := range []string{"k", "M", "G", "T", "P"} {
		if x < 999.5 {
			break
		}
		x, unit = x/1000, u
	}
	return strconv.FormatFloat(x, 'g', 3, 64) + unit
}

// interval formats an estimate with its interval, to three decimals.
func interval(e study.Estimate) string {
	return e.Text(func(x float64) string { return fmt.Sprintf("%.3f", x) })
}
