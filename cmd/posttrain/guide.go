package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/evidence"
	"github.com/posttrain/posttrain/studies"
)

type guideCommand struct {
	Have        string   `placeholder:"WORDS" help:"What you have, such as demos=200,verifier. Without it, methods are shown whatever they need."`
	Need        string   `placeholder:"WORDS" help:"What you need, such as ood,retain."`
	Budget      string   `placeholder:"AMOUNTS" help:"What you can spend, such as 2e12flops or 500demos,1000checks. Without it, runs are looked at their ends."`
	Application string   `placeholder:"NAME" help:"The field in which it is needed, such as maths. Without it, all tasks are looked at."`
	Target      float64  `default:"0.9" help:"The share of right answers up to which costs are compared."`
	Results     []folder `sep:"none" placeholder:"DIR" help:"Use the results in the folder of a study too. It can be repeated. A study of the same name that is part of the program is not used then."`
	JSON        bool     `name:"json" help:"Print JSON."`
}

// folder is a flag that names a folder and can be repeated.
type folder string

// Decode reads the flag's value.
func (f *folder) Decode(ctx *kong.DecodeContext) error {
	name, err := pathName(ctx)
	if err == nil {
		*f = folder(kong.ExpandPath(name))
	}
	return err
}

// Help returns the text below the summary of --help.
func (*guideCommand) Help() string {
	var b strings.Builder
	b.WriteString(`Examples:

  posttrain guide --have demos=200,verifier --need ood,retain --budget 2e12flops
  posttrain guide --need id,cheap --application maths --results out/memorise

It answers from the results of studies, with intervals, and says what was not measured.
`)
	for _, part := range guideWords() {
		fmt.Fprintf(&b, "\n%s:\n", part.title)
		for _, w := range part.words {
			b.WriteString("\n" + prose.Wrap(w.name+": "+w.text, "  "))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// guideWord is a word that the guide takes, with what it means.
type guideWord struct{ name, text string }

// guidePart is a part of the words that the guide takes.
type guidePart struct {
	title string
	words []guideWord
}

// guideWords returns all words that the guide takes, each with what it means.
func guideWords() []guidePart {
	have := guidePart{title: "What you may have (--have)"}
	for _, h := range guide.Haves() {
		name := h.Name
		if h.Spends != "" {
			name += "[=N]"
		}
		have.words = append(have.words, guideWord{name, h.Title + ". " + h.Doc})
	}
	need := guidePart{title: "What you may need (--need)"}
	for _, n := range guide.Needs() {
		need.words = append(need.words, guideWord{n.Name, n.Title + ". " + n.Doc + " Judged by " +
			n.JudgedBy() + "."})
	}
	budget := guidePart{title: "What you can spend (--budget)"}
	for _, u := range guide.Units() {
		budget.words = append(budget.words, guideWord{"N" + u.Name, "at most N " + u.Title + "."})
	}
	field := guidePart{title: "Where (--application)"}
	for _, a := range guide.Applications() {
		field.words = append(field.words, guideWord{a.Name, fmt.Sprintf("%s. %s Tasks: %s. Needs "+
			"unless others are said: %s.", a.Title, a.Doc, strings.Join(a.Tasks, ", "),
			strings.Join(a.Needs, ","))})
	}
	return []guidePart{have, need, budget, field}
}

func (c *guideCommand) Run(env *environment) error {
	s, err := guide.Asked{Have: c.Have, Need: c.Need, Budget: c.Budget,
		Application: c.Application, Target: c.Target}.Parse()
	if err != nil {
		return usage(err)
	}
	all, err := studies.Evidence()
	if err != nil {
		return err
	}
	var notes []string
	for _, dir := range c.Results {
		one, note, err := evidenceIn(env, string(dir))
		if err != nil {
			return err
		}
		if note != "" {
			notes = append(notes, note)
			continue
		}
		all = append(slices.DeleteFunc(all, func(s guide.Study) bool {
			return s.Name == one.Name
		}), one)
	}
	answer := guide.Ask(all, s)
	if c.JSON {
		return env.out.json(answer)
	}
	return printAnswer(env, answer, notes)
}

// evidenceIn returns what the guide needs of the study in a folder. The note is not empty if the
// study is not finished, so that nothing of it is used.
func evidenceIn(env *environment, dir string) (s guide.Study, note string, err error) {
	folder, err := readStudy(env, dir)
	if err != nil {
		return s, "", err
	}
	if len(folder.results) == 0 {
		return s, fmt.Sprintf("%s has no results yet.", dir), nil
	}
	digest, err := fileDigest(folder.path)
	if err != nil {
		return s, "", err
	}
	s, err = evidence.Of(env.catalogue, folder.Study, folder.results, digest)
	var unfinished evidence.Unfinished
	if errors.As(err, &unfinished) {
		return s, fmt.Sprintf("%s: %v.", dir, err), nil
	}
	if err != nil {
		return s, "", fmt.Errorf("%s: %w", folder.path, err)
	}
	return s, "", nil
}
