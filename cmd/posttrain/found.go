package main

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/signal"
)

// alsoFind returns a function that calls observe with each event of a run, and tell with a
// paragraph for each signal that is found. Nothing is found in the lanes of a run that is resumed,
// because the events before its checkpoint are not sent again.
func alsoFind(r *recipe.Recipe, tell func(paragraph string),
	observe func(protocol.Event)) func(protocol.Event) {
	lanes, labels := r.Signals(), r.Labels()
	return func(e protocol.Event) {
		if i := slices.Index(labels, e.Lane); i >= 0 {
			for _, f := range lanes[i].Add(e) {
				tell(fill(foundText(e.Lane, f), ""))
			}
		}
		observe(e)
	}
}

// foundText returns what is printed of a finding.
func foundText(lane string, f signal.Finding) string {
	text := fmt.Sprintf("Lane %s, update %d: %s. %s", lane, f.Step, f.Title, f.Measured)
	if f.Cure.Says != "" {
		text += " " + f.Cure.Says
	}
	return fmt.Sprintf("%s Why: posttrain explain signal/%s", text, f.Name)
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

func aboutSignal(c *recipe.Catalogue, s signal.Signal) article {
	var reads []item
	for _, metric := range s.Reads {
		d, _ := lookupMetric(metric)
		reads = append(reads, item{metric, d.Title})
	}
	shown := ""
	if e, err := c.Exhibit(s.Exhibit); err == nil {
		shown = fmt.Sprintf("the exhibit %s, %s", e.Name, e.Title)
	}
	return article{s.Name, s.Title, []paragraph{
		{heading: "Found when", text: s.Rule},
		{heading: "Why it happens", text: s.Why},
		{heading: "Source", text: s.Cite},
		{heading: "Shown by", text: shown},
		{heading: "Reads", items: reads},
	}, nil, nil}
}
