package article

import (
	"fmt"
	"html"
	"strings"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/signal"
)

// ofSignal returns the article of a warning sign.
func (l *Library) ofSignal(s signal.Signal) Article {
	var reads []string
	for _, name := range s.Reads {
		d, _ := LookupMetric(name)
		reads = append(reads, fmt.Sprintf("%s (%s)", d.Title, name))
	}
	var shown []Ref
	if e, err := l.c.Exhibit(s.Exhibit); err == nil {
		shown = []Ref{{Exhibit, e.Name, e.Title}}
	}
	return Article{Name: s.Name, Title: s.Title, Paragraphs: []Paragraph{
		{Heading: "Found when", Text: s.Rule, Fact: true},
		{Heading: "Why it happens", Text: s.Why, Fact: true},
		{Heading: "Source", Text: s.Cite, Fact: true},
		{Heading: "Shown by", See: shown, Fact: true},
		{Heading: "Reads", Text: strings.Join(reads, ", "), Fact: true},
	}}
}

// lookupSignal returns the signal with this name.
func lookupSignal(name string) (signal.Signal, error) {
	s, ok := signal.Lookup(name)
	if !ok {
		return s, param.Unknown("signal", name, signalNames())
	}
	return s, nil
}

func signalNames() []string {
	return names(signal.All(), func(s signal.Signal) string { return s.Name })
}

// signals returns the page of the warning signs.
func (b *builder) signals() Page {
	p := b.list("signals.html", "Warning signs", "What the page and the command line recognise "+
		"by the metrics of a lane, why it happens, and what shows it.")
	for _, s := range signal.All() {
		w := b.writer(p.Path, Ref{Signal, s.Name, ""})
		w.put("<h2 id=\"%s\">%s</h2>\n", s.Name, html.EscapeString(s.Title))
		w.article(b.l.ofSignal(s))
		p.Body += w.b.String()
	}
	return p
}
