package article

import (
	"fmt"
	"html"
	"strings"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/param"
)

// ofMetric returns the article of a metric.
func ofMetric(d eval.Definition) Article {
	return Article{Name: d.Name, Title: d.Title, Paragraphs: []Paragraph{
		{Text: d.Doc},
		{Heading: "Estimator", Text: d.Estimator, Fact: true},
		{Heading: "Unit", Text: d.Unit, Fact: true},
	}}
}

// LookupMetric returns the definition of a metric, whose name may have a level's name for LEVEL.
func LookupMetric(name string) (eval.Definition, error) {
	if d, ok := eval.Define(name); ok {
		return d, nil
	}
	return eval.Definition{}, fmt.Errorf("%w, with a level's name for LEVEL",
		param.Unknown("metric", name, metricNames()))
}

// metrics returns the page of the metrics.
func (b *builder) metrics() Page {
	p := b.list("metrics.html", "Metrics", "Every number that a run emits, with its estimator. "+
		"LEVEL stands for a level of the task.")
	w := b.writer(p.Path)
	for _, part := range []struct{ prefix, title string }{
		{"eval/LEVEL/", "Measured on held-out prompts"}, {"weights/", "Of the weights"},
		{"train/", "Of an update"},
	} {
		w.put("<h2>%s</h2>\n", part.title)
		for _, d := range eval.Dictionary() {
			if strings.HasPrefix(d.Name, part.prefix) {
				w.metric(d)
			}
		}
	}
	p.Body = w.b.String()
	return p
}

// costs returns the page of the costs.
func (b *builder) costs() Page {
	p := b.list("costs.html", "Costs", "What a lane has used up: training alone, no measuring. "+
		"Each is also a metric of a run.")
	w := b.writer(p.Path)
	for _, d := range eval.Dictionary() {
		if strings.HasPrefix(d.Name, "cost/") {
			w.metric(d)
		}
	}
	p.Body = w.b.String()
	return p
}

// metric writes a metric.
func (w *writer) metric(d eval.Definition) {
	_, anchor, _ := strings.Cut(MetricPath(d.Name), "#")
	w.put("<section class=\"metric\" id=\"%s\">\n<h3>%s <code>%s</code></h3>\n<p>%s</p>\n", anchor,
		html.EscapeString(d.Title), d.Name, w.write(d.Doc))
	w.put("<dl class=\"facts\">\n")
	w.fact("Estimator", w.write(d.Estimator))
	if d.Unit != "" {
		w.fact("Unit", html.EscapeString(d.Unit))
	}
	w.put("</dl>\n</section>\n")
}
