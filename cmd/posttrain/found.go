package main

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/prose"
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
				tell(prose.Wrap(foundText(e.Lane, f), ""))
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
