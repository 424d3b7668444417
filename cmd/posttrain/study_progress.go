package main

import (
	"fmt"
	"io"
	"sync"
)

// cellProgress shows how many cells of a study are done: by a bar on a terminal, and by lines
// elsewhere.
type cellProgress struct {
	mu    sync.Mutex
	env   *environment
	shown *progress
	name  string
	total int
	first int     // cells that were done before
	start float64 // in the clock's seconds
	said  float64 // when the last line was printed
}

// newCellProgress returns the progress of a study with total cells, of which some are done.
func newCellProgress(env *environment, name string, total, done int) *cellProgress {
	p := &cellProgress{env: env, name: name, total: total, first: done, start: env.clock(),
		said: env.clock(), shown: newProgress(env, []progressLane{{name, total}})}
	p.shown.unit = "cell"
	p.shown.at(name, done)
	if done > 0 && done < total {
		p.note(fmt.Sprintf("%d of %d cells were done before.", done, total))
	}
	return p
}

// done shows that so many cells are left.
func (p *cellProgress) done(left int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	const often = 10 // seconds between two lines
	now, done := p.env.clock(), p.total-left
	p.shown.at(p.name, done)
	if p.shown.bars == nil && left > 0 && now-p.said < often {
		return
	}
	p.said = now
	p.shown.say(p.name, done, pace(done-p.first, left, now-p.start))
}

// pace says how fast cells are done and how long the rest takes, from those done in so many
// seconds.
func pace(done, left int, seconds float64) string {
	if done <= 0 || seconds <= 0 {
		return ""
	}
	each := seconds / float64(done)
	text := fmt.Sprintf("%.3g a minute", 60/each)
	if left > 0 {
		text += fmt.Sprintf(", %s left", inTime(each*float64(left)))
	}
	return text
}

// note prints a sentence. On a terminal it appears above the bar.
func (p *cellProgress) note(sentence string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var to io.Writer = p.env.err
	if p.shown.bars != nil {
		to = p.shown.bars
	}
	fmt.Fprintf(to, "%s\n", printable(sentence))
}

func (p *cellProgress) close() { p.shown.close() }
