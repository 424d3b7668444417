package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// missing says how much of each arm has no result yet.
func (p *page) missing() table {
	t := table{Caption: "What is missing", Head: []string{"experiment", "arm", "part", "missing"}}
	for _, e := range p.Study.Experiments {
		for _, a := range e.Arms {
			for _, part := range []design.Part{design.Tune, design.Judge} {
				of := func(all []design.Cell) (n int) {
					for _, c := range all {
						if c.Experiment == e.Name && c.Arm == a.Name && c.Part == part {
							n++
						}
					}
					return n
				}
				if n := of(p.found.Missing); n > 0 {
					t.Rows = append(t.Rows, tableRow{Cells: []string{e.Name, a.Title, string(part),
						fmt.Sprintf("%d of %d", n, of(p.Study.Cells()))}})
				}
			}
		}
	}
	return t
}

// tuned has what decided which configs of a comparison count.
func (p *page) tuned(v analysis.Verdict) table {
	c := v.Comparison
	if c.Choose == nil {
		return table{}
	}
	metric := c.Choose.Metric
	t := table{Caption: "The configs on the tuning part", Head: []string{"arm", "config",
		p.names.metric(experimentOf(v.Hypothesis), metric), "runs", "counts"}}
	if c.At.Where == design.Reach {
		t.Head[3] = "reached the target"
	}
	for _, s := range []analysis.Side{v.Compared.Higher, v.Compared.Lower} {
		for _, one := range s.Tuned {
			runs, counts := fmt.Sprint(one.Runs), "no"
			if c.At.Where == design.Reach {
				runs = fmt.Sprintf("%d of %d", one.Runs-one.Early, one.Runs)
			}
			if one.Chosen {
				counts = "yes"
			}
			t.Rows = append(t.Rows, tableRow{Cells: []string{p.names.side(s.Side), one.Config,
				number(metric, one.Value), runs, counts}})
		}
	}
	return t
}

// configs has the ends of all configs of an experiment.
func (p *page) configs(e design.Experiment) table {
	t := table{Caption: "All configs, at the end of their judged runs", Head: []string{"arm",
		"config"}}
	metrics := p.metrics(e)
	for _, metric := range metrics {
		t.Head = append(t.Head, p.names.metric(e.Name, metric))
	}
	t.Head = append(t.Head, "first run")
	for _, a := range e.Arms {
		name := design.ArmName{Experiment: e.Name, Arm: a.Name}
		for _, config := range a.Configs {
			runs := p.found.Runs(name, config, design.Judge)
			row := tableRow{ID: p.rows[configKey(name, config)], Cells: []string{a.Title, config},
				Command: command(runs[0].Link), Href: p.href(runs[0].Link)}
			for _, metric := range metrics {
				m, _ := p.found.Mean(name, config, design.Judge, end(), metric)
				row.Cells = append(row.Cells, meanText(metric, m))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// metrics returns the metrics of an experiment that tables have: every level, the distance from the
// base if it is measured, and arithmetic.
func (p *page) metrics(e design.Experiment) (all []string) {
	levels := p.names.levels(e.Name)
	for _, l := range levels {
		all = append(all, l.Metric())
	}
	first := design.ArmName{Experiment: e.Name, Arm: e.Arms[0].Name}
	for _, metric := range []string{"eval/" + levels[0].Name + "/kl_base_policy_nats",
		flops} {
		m, ok := p.found.Mean(first, e.Arms[0].Configs[0], design.Judge, end(), metric)
		if ok && (m.Value != 0 || metric != flops) {
			all = append(all, metric)
		}
	}
	return all
}

// targets has what the arms of an experiment took to reach the targets of hypotheses or, if there
// are none, 0.9 at what is practised.
func (p *page) targets(e design.Experiment) table {
	costs := p.costs(e)
	t := table{Caption: "Cost to reach a target", Head: []string{"target", "arm", "config",
		"runs that reached it"}}
	for _, cost := range costs {
		t.Head = append(t.Head, p.names.metric(e.Name, cost))
	}
	for _, point := range p.points(e) {
		for _, a := range e.Arms {
			name := design.ArmName{Experiment: e.Name, Arm: a.Name}
			for _, config := range p.found.Chosen(name, p.names.levels(e.Name)[0].Metric()) {
				row := tableRow{Cells: []string{fmt.Sprintf("%s %s",
					p.names.metric(e.Name, point.Metric), plain(point.Metric, point.Value)),
					a.Title, config, ""}}
				for _, cost := range costs {
					m, ok := p.found.Mean(name, config, design.Judge, point, cost)
					if !ok {
						continue
					}
					row.Cells[3] = fmt.Sprintf("%d of %d", m.Runs-m.Early, m.Runs)
					text := meanText(cost, m)
					if m.Early > 0 && m.Value > 0 {
						text = "at least " + number(cost, m.Value)
					}
					row.Cells = append(row.Cells, text)
				}
				if len(row.Cells) == len(t.Head) {
					t.Rows = append(t.Rows, row)
				}
			}
		}
	}
	return t
}

// points returns the targets of an experiment, each once.
func (p *page) points(e design.Experiment) (all []design.Point) {
	for _, h := range p.Study.Hypotheses {
		if h.Comparison != nil && h.Comparison.At.Where == design.Reach &&
			experimentOf(h) == e.Name && !slices.Contains(all, h.Comparison.At) {
			all = append(all, h.Comparison.At)
		}
	}
	metric := p.names.levels(e.Name)[0].Metric()
	if d, _ := eval.Define(metric); all == nil && d.Unit == eval.Share {
		all = []design.Point{{Where: design.Reach, Metric: metric, Value: 0.9}}
	}
	return all
}

// costTable has what the arms took altogether.
func (p *page) costTable() table {
	t := table{Caption: "What was computed, without pretraining and measuring", Head: []string{
		"arm", "configs", "runs to tune", "runs to judge", "demonstrations", "preference labels",
		"answers checked", "arithmetic"}}
	for _, e := range p.Study.Experiments {
		for _, a := range e.Arms {
			name := design.ArmName{Experiment: e.Name, Arm: a.Name}
			var runs [2]int
			sums := map[string]float64{}
			for _, config := range a.Configs {
				for i, part := range []design.Part{design.Tune, design.Judge} {
					for _, r := range p.found.Runs(name, config, part) {
						runs[i]++
						for _, cost := range []string{"demonstrations", "labels", "verifier_calls",
							"flops"} {
							sums[cost] += r.Cost[cost]
						}
					}
				}
			}
			t.Rows = append(t.Rows, tableRow{Cells: []string{p.names.arm(name),
				fmt.Sprint(len(a.Configs)), fmt.Sprint(runs[0]), fmt.Sprint(runs[1]),
				significant(sums["demonstrations"]), significant(sums["labels"]),
				significant(sums["verifier_calls"]), number(flops, sums["flops"])}})
		}
	}
	return t
}

// mostRuns is the greatest number of runs that a report lists one by one.
const mostRuns = 3000

// runTable has every run. It has no rows if there are too many of them.
func (p *page) runTable() table {
	t := table{Caption: "Every run, at its end", Head: []string{"arm", "config", "part", "base",
		"seed", "results", "in a terminal"}}
	if len(p.Study.Cells()) > mostRuns {
		return t
	}
	for _, e := range p.Study.Experiments {
		metrics := p.metrics(e)
		for _, a := range e.Arms {
			name := design.ArmName{Experiment: e.Name, Arm: a.Name}
			for _, config := range a.Configs {
				for _, part := range []design.Part{design.Tune, design.Judge} {
					for _, r := range p.found.Runs(name, config, part) {
						t.Rows = append(t.Rows, p.runRow(e, a, r, metrics))
					}
				}
			}
		}
	}
	return t
}

func (p *page) runRow(e design.Experiment, a design.Arm, r *cells.Result,
	metrics []string) tableRow {
	var texts []string
	for _, metric := range metrics {
		if v, ok := r.Value(metric); ok {
			texts = append(texts, p.names.metric(e.Name, metric)+" "+number(metric, v))
		}
	}
	base := fmt.Sprint(r.Base)
	if len(e.Bases.Judge) == 0 {
		base = "none"
	}
	return tableRow{ID: p.rows[r.Link], Cells: []string{a.Title, r.Config, string(r.Part), base,
		fmt.Sprint(r.Seed), strings.Join(texts, ", ")}, Command: command(r.Link),
		Href: p.href(r.Link)}
}

// digests has the digest of every base.
func (p *page) digests() table {
	t := table{Caption: "The bases", Head: []string{"experiment", "base", "part", "digest"}}
	seen := map[string]bool{}
	for _, e := range p.Study.Experiments {
		for _, a := range e.Arms {
			for _, part := range []design.Part{design.Tune, design.Judge} {
				name := design.ArmName{Experiment: e.Name, Arm: a.Name}
				for _, r := range p.found.Runs(name, a.Configs[0], part) {
					key := fmt.Sprint(e.Name, r.Base, r.BaseDigest)
					if r.BaseDigest == "" || seen[key] {
						continue
					}
					seen[key] = true
					t.Rows = append(t.Rows, tableRow{Cells: []string{e.Name, fmt.Sprint(r.Base),
						string(part), r.BaseDigest}})
				}
			}
		}
	}
	return t
}

// facts says what the report was made from.
func (p *page) facts() [][2]string {
	facts := [][2]string{{"study", p.Study.Name}, {"plan", p.Plan}, {"results, sha256", p.Results},
		{"engine", fmt.Sprint(p.Engine)}, {"program", p.Program},
		{"lock of the study as it is", p.Study.Lock().Hash}, {"standing",
			string(p.found.Standing.Study)}}
	if e := p.found.Standing.Entry; e != nil {
		facts = append(facts, [2]string{"registered", fmt.Sprintf("%s, with engine %d of program "+
			"%s, lock %s", e.Registered, e.Engine, e.Program, e.Hash)})
	}
	if p.History != "" {
		facts = append(facts, [2]string{"history", p.History})
	}
	return facts
}
