package design

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// mostSeeds is the most bases and the most seeds that a part of an experiment can have.
const mostSeeds = 10_000

// experiment reads an experiment.
func (p *studyReader) experiment(n ast.Node) {
	f := p.fields(n, "an experiment", "name", "recipe", "bases", "seeds", "arms")
	e := Experiment{Name: f.name(), Bases: Split{Tune: []uint64{}, Judge: []uint64{}}}
	if slices.ContainsFunc(p.study.Experiments,
		func(o Experiment) bool { return o.Name == e.Name }) {
		f.fail("name", "two experiments have the name %s", e.Name)
	}
	r := p.recipe(f)
	if p.err != nil {
		return
	}
	e.Recipe = bare(r.Link())
	e.Seeds = p.split(f, "seeds")
	if r.Values.Has("base") {
		e.Bases = p.split(f, "bases")
		if p.err == nil && len(e.Bases.Tune) == 0 != (len(e.Seeds.Tune) == 0) {
			p.failAt(n, "experiment %s has tune in only one of bases and seeds: want it in both, "+
				"or in neither", e.Name)
		}
	} else if f.has("bases") {
		f.fail("bases", "%s starts from no base: leave out bases", r.Task.Name)
	}
	for _, arm := range f.list("arms") {
		e.Arms = append(e.Arms, p.arm(arm, e, r))
	}
	p.checkBases(f, e, r)
	p.study.Experiments = append(p.study.Experiments, e)
	p.recipes, p.nodes = append(p.recipes, r), append(p.nodes, n)
}

// varied has the keys of a link that a study sets itself, or that it cannot have, with what to do
// instead.
var varied = map[string]string{
	"lane": "lanes belong to the arms: leave it out",
	"seed": "the seeds of runs are under the key seeds: leave it out",
	"v":    "a study is computed by the engine of the program: leave it out",
	"data": "a study trains on its task's own prompts: leave it out",
	"rows": "a study trains on its task's own prompts: leave it out",
}

// recipe reads the recipe of an experiment.
func (p *studyReader) recipe(f fields) *recipe.Recipe {
	link := f.text("recipe")
	if p.err != nil {
		return nil
	}
	_, query, _ := strings.Cut(link, "?")
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if instead, ok := varied[key]; ok {
			f.fail("recipe", "the recipe of an experiment cannot have %s: %s", key, instead)
		}
		if key != "base" {
			continue
		}
		for i, setting := range strings.Split(value, ",") {
			switch {
			case i == 0 && strings.HasPrefix(setting, "file-"):
				f.fail("recipe", "a base from a file has no seed that could be varied: want a "+
					"base of the program, such as base=cards,dim=32")
			case strings.HasPrefix(setting, "seed="):
				f.fail("recipe", "the seeds of bases are under the key bases: leave %s out of %s",
					setting, param.Quote(pair))
			}
		}
	}
	if p.err != nil {
		return nil
	}
	r, err := p.catalogue.ParseTask(link)
	if err != nil {
		f.fail("recipe", "recipe: %w", err)
		return nil
	}
	if r.Task.HasPrompts() && !r.Values.Has("base") {
		f.fail("recipe", "task %s has no base to start from", r.Task.Name)
	}
	return r
}

// bare returns a canonical link without the engine and the seed.
func bare(link string) string {
	name, query, _ := strings.Cut(link, "?")
	kept := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool {
		return strings.HasPrefix(pair, "v=") || strings.HasPrefix(pair, "seed=")
	})
	if len(kept) == 0 {
		return name
	}
	return name + "?" + strings.Join(kept, "&")
}

// checkBases refuses a base that cannot be. One is enough, since they differ in the seed alone.
func (p *studyReader) checkBases(f fields, e Experiment, r *recipe.Recipe) {
	if p.err != nil || len(e.Bases.Judge) == 0 {
		return
	}
	seed := strconv.FormatUint(e.Bases.Judge[0], 10)
	if err := r.Clone().SetBaseKnob("seed", seed); err != nil {
		f.fail("recipe", "recipe: %w", err)
	}
}

// split reads the seeds of both parts.
func (p *studyReader) split(f fields, key string) (s Split) {
	s = Split{Tune: []uint64{}, Judge: []uint64{}} // in JSON empty lists, where nil would be null
	n := f.want(key)
	if p.err != nil {
		return s
	}
	parts := p.fields(n, fmt.Sprintf("%s such as {tune: 11..12, judge: 101..105}", key), "tune",
		"judge")
	parts.want("judge")
	s.Judge = p.seeds(parts, "judge")
	if parts.has("tune") {
		s.Tune = p.seeds(parts, "tune")
	}
	return s
}

// seeds reads seeds such as 101..105 or 1|3|7, or a list of such texts.
func (p *studyReader) seeds(f fields, part string) (all []uint64) {
	n := f.values[part]
	entries := []ast.Node{n}
	if list, ok := n.(*ast.SequenceNode); ok {
		entries = list.Values
	}
	for _, entry := range entries {
		if p.err != nil {
			return nil
		}
		text := p.scalar(entry, part)
		for one := range strings.SplitSeq(text, "|") {
			first, last, isRange := strings.Cut(one, "..")
			if !isRange {
				last = first
			}
			numbers, err := wholeNumbers(first, last, mostSeeds)
			if !isRange && err != nil {
				err = fmt.Errorf("%s is not a seed: want whole numbers, such as 11, 101..105 or "+
					"1|3|7", param.Quote(one))
			}
			if err != nil {
				p.failAt(entry, "%s: %w", part, err)
				return nil
			}
			if all = append(all, numbers...); len(all) > mostSeeds {
				p.failAt(n, "%s has more than %d seeds", part, mostSeeds)
				return nil
			}
		}
	}
	sorted := slices.Sorted(slices.Values(all))
	switch twice := slices.Compact(slices.Clone(sorted)); {
	case p.err != nil:
	case len(all) == 0:
		p.failAt(n, "%s is empty: want at least one seed", part)
	case len(twice) < len(all):
		p.failAt(n, "%s has a seed twice", part)
	}
	return all
}

// arm reads an arm of an experiment, whose recipe is r.
func (p *studyReader) arm(n ast.Node, e Experiment, r *recipe.Recipe) Arm {
	f := p.fields(n, "an arm", "name", "title", "lane", "lanes")
	a := Arm{Name: f.name(), Title: f.sentence("title")}
	if a.Title == "" {
		a.Title = a.Name
	}
	switch {
	case p.err != nil:
		return a
	case a.Name == baseSide:
		f.fail("name", "an arm cannot be called base, which in hypotheses is the base before "+
			"training")
	case slices.ContainsFunc(e.Arms, func(o Arm) bool { return o.Name == a.Name }):
		f.fail("name", "two arms of experiment %s have the name %s", e.Name, a.Name)
	case f.has("lane") == f.has("lanes"):
		f.fail("lane", "arm %s: want either lane, which may have ranges, or lanes, a list", a.Name)
	case f.has("lane"):
		a.Configs = p.configs(f.want("lane"), a, r)
	default:
		for _, lane := range f.list("lanes") {
			a.Configs = append(a.Configs, p.configs(lane, a, r)...)
		}
	}
	if seen := map[string]bool{}; p.err == nil {
		for _, config := range a.Configs {
			if seen[config] {
				f.fail("lane", "arm %s has the config %s twice", a.Name, config)
			}
			seen[config] = true
		}
	}
	return a
}

// configs returns the canonical lanes that a lane of an arm stands for.
func (p *studyReader) configs(n ast.Node, a Arm, r *recipe.Recipe) (all []string) {
	text := p.scalar(n, "lane")
	if p.err != nil {
		return nil
	}
	lanes, err := expand(text)
	if err != nil {
		p.failAt(n, "arm %s: %w", a.Name, err)
		return nil
	}
	for _, text := range lanes {
		lane, err := p.catalogue.ParseLane(r.Task, text)
		if err != nil {
			p.failAt(n, "arm %s: %w%s", a.Name, err, hint(text))
			return nil
		}
		if v := lane[0].Values; v.Has("base") && v.Text("base") != recipe.SameBase {
			p.failAt(n, "arm %s: its base=%s would be the same in all cells, since the study "+
				"varies the recipe's base: want an experiment of its own with base=%s in its "+
				"recipe", a.Name, v.Text("base"), v.Text("base"))
			return nil
		}
		all = append(all, lane.String())
	}
	return all
}

// hint returns what to add to the error about a lane that was torn apart at a comma.
func hint(text string) string {
	if method, _, _ := strings.Cut(text, ","); !strings.Contains(method, "=") {
		return ""
	}
	return "; in a list in [ ] a comma ends the entry: want each lane on a line of its own, or " +
		"in quotation marks"
}
