package scene

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/protocol"
)

var world = Scene{
	Name:  "world",
	Title: "World",
	Doc: "What the prompt is about and what the sampled responses do there: the cards on the " +
		"table, the ways through the maze and on the map, the dials of the lock; for other tasks " +
		"the responses themselves, the most frequent first.",
	Caption: func(r Recipe) string {
		return worldly[r.Task] + " Beside it are the responses, the most frequent first, with " +
			"how often each was drawn."
	},
	Shows:   func(r Recipe) bool { return boards[r.Task] != nil },
	Lanes:   true,
	Picture: drawWorld,
	Table:   tabulateWorld,
}

// answer is a response, with the number of times that it was drawn.
type answer struct {
	text     string
	finished bool
	drawn    int
	reward   float64
	mark     protocol.Mark
}

// written returns the response, with a mark if it was cut off.
func (a answer) written() string {
	if a.finished {
		return a.text
	}
	return a.text + "…"
}

// answers returns the different responses among samples, the most frequent first.
func answers(samples []protocol.Sample) (all []answer) {
	for _, s := range samples {
		at := slices.IndexFunc(all,
			func(a answer) bool { return a.text == s.Response && a.finished == s.Finished })
		if at < 0 {
			at = len(all)
			all = append(all, answer{text: s.Response, finished: s.Finished, mark: s.Mark})
			if finite(s.Reward) {
				all[at].reward = min(max(s.Reward, 0), 1)
			}
		}
		all[at].drawn++
	}
	slices.SortFunc(all, func(a, b answer) int {
		return cmp.Or(cmp.Compare(b.drawn, a.drawn), cmp.Compare(a.text, b.text),
			cmp.Compare(a.written(), b.written()))
	})
	return all
}

// board draws the situation of a prompt into a box, with the answers that have a place in it. ok is
// false if the task has no board, or the prompt is not one of the task's.
type board func(p *Picture, key string, lane int, box Box, prompt string, all []answer) (ok bool)

var boards = map[string]board{"cards": (*Picture).cards, "maze": (*Picture).maze,
	"paths": (*Picture).paths, "lock": (*Picture).lock, "stories": (*Picture).story}

// worldly returns a text on what the board of a task shows.
var worldly = map[string]string{
	"cards": "The hand of the prompt, and what each card counts under its rule.",
	"maze": "The maze of the prompt: walls are dark, the disc is the start, the diamond the " +
		"target. Every line is the way of a sampled response; " +
		"a cross ends one that breaks off.",
	"paths": "The map, as a ring with edges across: the way is to lead from the disc to the " +
		"diamond. Every line is the way of a sampled response, " +
		"the wider the oftener it was drawn; a cross ends one that follows no edge.",
	"lock": "The dials of the lock below their letters, and how many of the sampled responses " +
		"turn each dial to which of its settings: in green " +
		"what those turn it to that open the lock.",
	"stories": "The story, from above to below: how many things there are after each event. Bags " +
		"are boxes, what is lost is crossed out. Every line is what a sampled response says, " +
		"the wider the oftener it was drawn; a cross ends one that breaks off.",
}

func drawWorld(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h, atlas: r.recipe.Atlas}
	if w < 120 || h < 100 {
		return p
	}
	if len(r.target().parts) > 0 {
		p.say("Two densities have no world to act in: look at the densities themselves.")
		return p
	}
	for lane, box := range plots(len(r.lanes),
		Box{0, 0, w, h}.Inset(margin, margin, margin, margin)) {
		p.world(r, lane, box)
	}
	return p
}

// world draws the world of one lane: the board, and beside or below it the answers.
func (p *Picture) world(r *Record, lane int, box Box) {
	key := "world " + strconv.Itoa(lane) + " "
	l := r.lanes[lane].latest()
	if l == nil {
		p.head(r, lane, key, box, -1, "No responses yet")
		return
	}
	all := answers(l.samples)
	p.head(r, lane, key, box, l.step,
		fmt.Sprintf("%d drawn, %d different", len(l.samples), len(all)))
	place := box.Inset(2, headHigh+2, 2, 2)
	if l.words() {
		told := wrapped(l.prompt, box.W, labelSize, false)
		p.promptLines(key, box, told, false)
		place = place.Inset(0, promptHigh*float64(len(told)), 0, 0)
	}
	if place.H < 20 {
		return
	}
	if draw := boards[r.recipe.Task]; draw != nil && place.W >= 150 && place.H >= 60 {
		side := min(place.H, place.W/2, 320)
		if draw(p, key, lane, Box{place.X, place.Y, side, side}, l.prompt, all) {
			place = place.Inset(side+14, 0, 0, 0)
		}
	}
	p.rows(key, place, l, all)
}

const answerHigh = 17.0

// rows writes the prompt and below it as many answers as there is room for.
func (p *Picture) rows(key string, box Box, l *look, all []answer) {
	if l.words() {
		p.worded(key, box, l, all)
		return
	}
	p.word(Word{Key: key + "prompt", Text: fit(l.prompt, box.W, labelSize, false, true),
		At: Point{box.X, box.Y +
			answerHigh/2}, Anchor: Start, Size: labelSize, Mono: true, Role: Ink})
	const counted = 30
	top := box.Y + answerHigh
	for _, a := range all {
		name, wide := key+a.written(), markWide(a.mark)
		lines := chopped(a.written(), box.W-counted-wide-8, labelSize)
		high := answerHigh * float64(len(lines))
		if top+high > box.Y+box.H || box.W < counted+40 {
			return
		}
		y := top + answerHigh/2
		p.mark(name, Point{box.X + wide/2, y}, 9, a.mark, a.reward)
		for i, line := range lines {
			p.word(Word{Key: fmt.Sprint(name, " ", i), Text: line,
				At:     Point{box.X + wide + 6, y + answerHigh*float64(i)},
				Anchor: Start, Size: labelSize, Mono: true, Role: Ink})
		}
		p.word(Word{Key: name + " drawn", Text: strconv.Itoa(a.drawn), At: Point{box.X + box.W, y},
			Anchor: End, Size: tickSize, Role: Soft})
		p.answered(Box{box.X, top, box.W, high}, l, a)
		top += high
	}
}

// worded writes as many answers in words as there is room for, each in as many lines as it needs.
func (p *Picture) worded(key string, box Box, l *look, all []answer) {
	const counted, high, gap = 24, 14.0, 5.0
	y := box.Y
	for _, a := range all {
		wide := markWide(a.mark)
		lines := wrapped(a.written(), box.W-counted-wide-8, tickSize, false)
		bottom := y + high*float64(len(lines))
		if bottom > box.Y+box.H || box.W < counted+60 {
			return
		}
		name := key + a.written()
		p.mark(name, Point{box.X + wide/2, y + high/2}, 9, a.mark, a.reward)
		for i, line := range lines {
			p.word(Word{Key: fmt.Sprint(name, " ", i), Text: line,
				At: Point{box.X + wide + 6, y + high*(float64(i)+0.5)}, Anchor: Start,
				Size: tickSize, Role: Ink})
		}
		p.word(Word{Key: name + " drawn", Text: strconv.Itoa(a.drawn),
			At: Point{box.X + box.W, y + high/2}, Anchor: End, Size: tickSize, Role: Soft})
		p.answered(Box{box.X, y, box.W, bottom - y}, l, a)
		y = bottom + gap
	}
}

// answered adds the tip of an answer.
func (p *Picture) answered(box Box, l *look, a answer) {
	p.spots = append(p.spots, spot{box, func() []Row {
		return []Row{
			{Text: l.with(a.written()), Role: Ink, Mono: !l.words()},
			{Text: "drawn", Value: strconv.Itoa(a.drawn), Role: Soft},
			{Text: "reward", Value: share(a.reward), Role: Soft},
		}
	}})
}

// tabulateWorld returns a row for each different answer.
func tabulateWorld(r *Record, _ View) Table {
	t := Table{Caption: "The responses to the prompt that is looked at, the most frequent first",
		Head: []string{"lane", "updates", "prompt", "response", "drawn", "reward"}}
	for lane, l := range r.recipe.Lanes {
		seen := r.lanes[lane].latest()
		if seen == nil {
			continue
		}
		for _, a := range answers(seen.samples) {
			t.Rows = append(t.Rows,
				[]string{l.Label, strconv.Itoa(seen.step), seen.prompt, a.written(),
					strconv.Itoa(a.drawn), share(a.reward)})
		}
	}
	return t
}
