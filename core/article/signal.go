package article

import (
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/signal"
)

// ofSignal returns the article of a warning sign.
func (l *Library) ofSignal(s signal.Signal) Article {
	var reads, shown []Ref
	for _, name := range s.Reads {
		d, _ := LookupMetric(name)
		reads = append(reads, Ref{Metric, name, d.Title})
	}
	if e, err := l.c.Exhibit(s.Exhibit); err == nil {
		shown = []Ref{{Exhibit, e.Name, e.Title}}
	}
	return Article{Name: s.Name, Title: s.Title, Paragraphs: []Paragraph{
		{Heading: "Found when", Text: s.Rule},
		{Heading: "Why it happens", Text: s.Why},
		{Heading: "Source", Text: s.Cite},
		{Heading: "Shown by", See: shown},
		{Heading: "Reads", See: reads},
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
