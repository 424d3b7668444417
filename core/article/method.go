package article

import (
	"slices"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/core/workload"
)

// OfMethod returns the article of a method.
func (l *Library) OfMethod(m method.Method) Article {
	knobs, own := train.MethodKnobs(m), len(m.Knobs)
	takes, small := train.Estimate(m, param.Defaults(knobs)), workload.Small()
	return Article{m.Name, m.Title, []Paragraph{
		{Text: m.Doc},
		{Heading: "Family", Text: m.Family, Fact: true},
		{Heading: "Maximises", Text: m.Formula, Formula: true},
		{Heading: "Symbols", Items: symbols(m), Formula: true, Common: true},
		{Heading: "On the dial board", Text: onTheBoard(m), Fact: true},
		{Heading: "Needs", Text: needs(m, takes), Fact: true},
		{Heading: "Reads", Text: m.Build(m.Defaults()).Needs().String(), Fact: true},
		{Heading: "Data", Text: takes.Data(), Fact: true},
		{Heading: "Memory", Text: takes.Memory(), Fact: true},
		{Heading: "Arithmetic", Text: takes.Arithmetic(small.Config, small.Tokens), Fact: true},
		l.measured(m),
		{Heading: "Differs from the paper", Text: m.Deviations},
		{Heading: "Unverified", Text: m.Unverified},
		{Heading: "Related methods", See: l.related(m)},
		{Heading: "Exhibits", See: l.exhibitsOf(m.Name)},
		{Heading: "Source", Text: m.Cite},
	}, knobs[:own], knobs[own:]}
}

// needs says what somebody must have to use a method: data, a verifier, other models.
func needs(m method.Method, takes train.ResourceEstimate) string {
	reads, each := m.Build(m.Defaults()).Needs(), takes.PerPrompt
	var all []string
	add := func(needed bool, what string) {
		if needed {
			all = append(all, what)
		}
	}
	add(each.Demonstrations > 0, "demonstrations")
	add(each.Demonstrations == 0 && each.MoreDemonstrations > 0 || takes.Waiting,
		"demonstrations of some prompts")
	add(takes.Prior > 0, "demonstrations of the prior skill")
	add(each.Checked > 0, "a verifier")
	add(each.Labels > 0 || takes.RewardModels.Pairs > 0, "preference labels")
	add(takes.RewardModels.Models > 0, "a reward model (trained first)")
	add(takes.Critic, "a critic (trained beside the policy)")
	add(reads&(objective.TeacherLogp|objective.TeacherDist) != 0, "a teacher")
	add(reads&(objective.RefLogp|objective.RefDist) != 0, "a reference model")
	if all == nil {
		return ""
	}
	return prose.Capital(prose.List(all)) + "."
}

// measured returns the result of the method's trial; it is empty if there is none.
func (l *Library) measured(m method.Method) Paragraph {
	trial, ok := l.trials[m.Name]
	if !ok {
		return Paragraph{}
	}
	return Paragraph{Heading: "Measured", Text: trial.Sentence(l.c), Link: trial.Link}
}

// onTheBoard says where a method is on the dial board at its defaults.
func onTheBoard(m method.Method) string {
	position, err := m.Position(m.Defaults())
	switch {
	case m.Name == method.Dials.Name:
		return ""
	case err != nil:
		return "no position: " + err.Error()
	case m.Besides != "":
		return positionOf(position) + "; besides, " + m.Besides
	}
	return positionOf(position)
}

// related returns the methods that are named in the prose of a method, those whose prose names it,
// and its nearest neighbours on the dial board, in the order of all. Without any of these it
// returns the others of the family.
func (l *Library) related(m method.Method) (refs []Ref) {
	all := l.c.Methods()
	near := neighbours(all, m)
	var family []Ref
	for _, o := range all {
		ref := Ref{Method, o.Name, o.Title}
		if o.Name == m.Name {
			continue
		}
		if l.mentions(m, o.Name) || l.mentions(o, m.Name) || slices.Contains(near, o.Name) {
			refs = append(refs, ref)
		}
		if o.Family == m.Family {
			family = append(family, ref)
		}
	}
	if refs == nil {
		return family
	}
	return refs
}

// neighbours returns the names of the methods that are nearest on the dial board.
func neighbours(all []method.Method, m method.Method) []string {
	position, err := m.Position(m.Defaults())
	if err != nil {
		return nil
	}
	others := slices.DeleteFunc(slices.Clone(all), func(o method.Method) bool {
		return o.Name == m.Name
	})
	return names(method.Nearest(position, others),
		func(n method.Neighbour) string { return n.Method.Name })
}

// isEveryday reports whether the name of a method is also a word of the language, so that a text
// with it may not mean the method.
func isEveryday(name string) bool {
	return slices.Contains([]string{"bread", "dials", "mix", "star"}, name)
}
