package article

import (
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
)

// OfBase returns the article of a base.
func (l *Library) OfBase(b recipe.Base) Article {
	p, config := b.Pretraining(), b.Config()
	kept := "A file that is part of the program."
	if b.Computed {
		kept = "No file: it is computed when it is needed."
	}
	return Article{Name: b.Name, Title: b.Title, Paragraphs: []Paragraph{
		{Text: b.Doc},
		{Heading: "Model", Fact: true, Text: fmt.Sprintf("%d weights: %d layers of %d channels, "+
			"%d heads, %d hidden units, %d symbols, a context of %d tokens.", config.Weights(),
			config.Layers, config.Dim, config.Heads, config.Hidden, config.Vocab, config.Context)},
		{Heading: "Pretraining", Fact: true,
			Text: fmt.Sprintf("%d steps of %d fresh examples of task %s, peak learning rate %g, "+
				"weight decay %g, seed %d.",
				p.Values.Int("steps"), p.Values.Int("batch"), p.Task.Name, p.Values.Float("lr"),
				p.Values.Float("decay"), p.Values.Int("seed"))},
		{Heading: "Kept", Fact: true, Text: kept},
		{Heading: "Make it again", Text: "posttrain pretrain " + b.Name + " --verify", Code: true},
		{Heading: "Run another", Text: fmt.Sprintf("posttrain run '%s?base=%s,dim=128,seed=2&lane="+
			"sft'", b.Task.Name, b.Name), Code: true},
		{Heading: "Make a file of another",
			Text: "posttrain pretrain " + b.Name + " --set steps=500 --out FILE, and posttrain " +
				"run LINK --base FILE", Code: true},
		{Heading: "Exhibits", See: l.exhibitsWhere(func(r *recipe.Recipe) bool {
			return r.Values.Has("base") && r.Values.Choice("base") == b.Name
		})},
	}, Shared: b.Values().Knobs()}
}
