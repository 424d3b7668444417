package scene

import (
	"fmt"
	"math"
	"strconv"
)

var tokens = Scene{
	Name:  "tokens",
	Title: "Tokens",
	Doc: "The responses to one prompt of each lane's newest batch, token by token. Every lane " +
		"draws batches of its own, so the prompts differ. A bar upwards: the update made the " +
		"token likelier; downwards: less likely. " +
		"Its height is the coefficient; a dashed line marks what the method's mask stops.",
	Shows:   Recipe.networks,
	Lanes:   true,
	Picture: drawTokens,
	Table:   tabulateTokens,
}

const (
	letterHigh = 18.0 // between the bars upwards and those downwards
	leastRow   = 28.0 // least height of a row; responses without room for it are left out
	mostRow    = 72.0
	leastCell  = 9.0 // least width of a token
	mostCell   = 34.0
)

func drawTokens(r *Record, _ View, w, h float64) Picture {
	p := Picture{w: w, h: h}
	if w < 1 || h < 1 {
		return p
	}
	for lane, box := range plots(len(r.lanes),
		Box{0, 0, w, h}.Inset(margin, margin, margin, margin)) {
		p.weighed(r, lane, box)
	}
	return p
}

// weighed draws the newest batch of one lane.
func (p *Picture) weighed(r *Record, lane int, box Box) {
	key, what := "tokens "+strconv.Itoa(lane)+" ", r.lanes[lane].weighed
	if len(what.responses) == 0 {
		p.head(r, lane, key, box, -1, "No update yet")
		return
	}
	place := box.Inset(0, headHigh+4, 2, 2)
	below := what.words || Width(what.prompt, labelSize, false, true) > box.W*0.4
	if below {
		told := what.told(box.W)
		p.promptLines(key, box, told, !what.words)
		place = place.Inset(0, promptHigh*float64(len(told)), 0, 0)
	}
	left := what.beside()
	if box.W < 300 || what.words && box.W < 480 {
		left = 26
	}
	rows, lines := what.flow(place.W-left, int(place.H/leastRow))
	p.head(r, lane, key, box, what.step, what.sums(len(rows), below)...)
	if len(rows) == 0 {
		return
	}
	high := min(place.H/float64(lines), mostRow)
	strongest := what.strongest()
	y := place.Y
	for i, cells := range rows {
		response := what.responses[i]
		row := Box{place.X, y, place.W, high * float64(cells.lines())}
		p.source(response, fmt.Sprint(key, i), row, left)
		for t, c := range cells {
			place := Box{row.X + left + c.x, row.Y + high*float64(c.line), c.wide, high}
			p.token(what, i, t, fmt.Sprint(key, i, " ", t), place, strongest)
		}
		y += row.H
	}
}

// told returns the prompt in lines of a width.
func (w weighed) told(wide float64) []string {
	if w.words {
		return wrapped(w.prompt, wide, labelSize, false)
	}
	return chopped(w.prompt, wide, labelSize)
}

// sums returns texts on what is shown, the longest first. below says that the prompt is written
// below them.
func (w weighed) sums(rows int, below bool) []string {
	short := "to " + w.prompt
	if below {
		short = "to the prompt below"
	}
	if rows < len(w.responses) {
		short += fmt.Sprintf(", %d of %d shown", rows, len(w.responses))
	}
	return []string{"in the newest batch, " + short + "; bars up: made likelier, bars down: " +
		"less likely", short + "; bars up: likelier, down: less", short}
}

// beside returns the width of the texts on the left of the tokens.
func (w weighed) beside() float64 {
	wide := 0.0
	for _, r := range w.responses {
		wide = max(wide, markWide(r.mark)+16+Width("rejected", tickSize, false, false))
		if r.judge != "" {
			wide = max(wide, 10+Width(r.judge+" -0.00", tickSize, false, false),
				10+Width(r.opinion(), tickSize, false, false))
		}
	}
	return wide
}

// source writes on the left of a response's tokens where the response comes from and how it was
// judged: by the task's verifier and, with its name, by any other judge of the update.
func (p *Picture) source(r response, key string, row Box, left float64) {
	if row.Y+row.H < p.h-margin-1 {
		p.Lines = append(p.Lines,
			Line{Points: []Point{{row.X, row.Y + row.H}, {row.X + row.W, row.Y + row.H}}, Width: 1,
				Role: Rule, Alpha: 1})
	}
	middle, by := row.Y+row.H/2, r.source
	if r.judge != "" {
		by = "gold"
		middle -= tickSize * 0.63
	}
	wide := markWide(r.mark)
	p.mark(key, Point{row.X + 2 + wide/2, middle}, 11, r.mark, r.reward)
	room := left - wide - 14
	if room <= 20 {
		return
	}
	p.word(Word{Key: key, Text: fit(by, room, tickSize, false, false),
		At: Point{row.X + wide + 8, middle}, Anchor: Start, Size: tickSize, Role: Soft})
	if r.judge != "" {
		p.word(Word{Key: key + " judge", Text: fit(r.opinion(), left-8, tickSize, false, false),
			At: Point{row.X + 2,
				middle + tickSize*1.26}, Anchor: Start, Size: tickSize, Role: Soft})
	}
}

// opinion returns what the judge of the update gave, with its name.
func (r response) opinion() string { return r.judge + " " + r.verdict() }

func (r response) verdict() string {
	if r.judge == "" {
		return ""
	}
	return strconv.FormatFloat(r.judged, 'f', 2, 64)
}

// token draws token t of response i: its symbol, and a bar for its coefficient.
func (p *Picture) token(w weighed, i, t int, key string, cell Box, strongest float64) {
	r := w.responses[i]
	tok, middle := r.tokens[t], cell.Y+cell.H/2
	left, right, c := cell.X+1, cell.X+cell.W-1, tok.push.Coefficient
	long, from, role := math.Abs(c)/strongest*((cell.H-letterHigh)/2-2), middle-letterHigh/2, Good
	to := from - long
	if c < 0 {
		role, from = Bad, middle+letterHigh/2
		to = from + long
	}
	if c != 0 {
		p.Areas = append(p.Areas,
			Area{Key: key, Upper: []Point{{left, min(from, to)}, {right, min(from, to)}},
				Lower: []Point{{left, max(from, to)},
					{right, max(from, to)}}, Role: role, Alpha: 0.85})
	}
	ink := Ink
	if c == 0 {
		ink = Soft
	}
	size := min(labelSize, cell.W*1.4)
	text := tok.symbol
	if !w.words {
		text = firstFitMono(cell.W-1, size-1, tok.symbol, "·")
	}
	p.word(Word{Key: key, Text: text, At: Point{cell.X + cell.W/2, middle}, Anchor: Middle,
		Size: size - 1, Mono: !w.words, Role: ink})
	if tok.explained() && tok.push.Mask == 0 {
		y := middle + letterHigh/2 - 1
		p.Lines = append(p.Lines,
			Line{Key: key + " mask", Points: []Point{{left, y}, {right, y}}, Width: 1.5, Role: Soft,
				Alpha: 1, Dash: 3})
	}
	p.spots = append(p.spots, spot{cell, func() []Row { return w.rows(i, t) }})
}

// firstFitMono returns the first of two texts if it fits a width in the font of responses, else the
// second.
func firstFitMono(wide, size float64, text, instead string) string {
	if Width(text, size, false, true) <= wide {
		return text
	}
	return instead
}

// rows returns the tip of a token.
func (w weighed) rows(i, t int) []Row {
	r := w.responses[i]
	text := w.prompt
	for _, before := range r.tokens[:t] {
		text += w.separator() + before.symbol
	}
	tok := r.tokens[t]
	f := tok.push
	here := Row{Text: text + w.separator() + "│" + tok.symbol, Role: Ink, Mono: !w.words}
	if tok.world {
		return []Row{here, {Text: "said by the world: context, never pushed", Role: Soft}}
	}
	rows := []Row{here,
		{Text: r.source + ", probability", Value: probability(tok.p), Role: Soft}}
	add := func(name string, x float64) {
		rows = append(rows, Row{Text: name, Value: figure(x), Role: Soft})
	}
	if r.judge != "" {
		add("gold reward", r.reward)
		add(r.judge, r.judged)
	}
	if r.paired {
		add("margin of the pair", r.margin)
	}
	if tok.explained() {
		add("mask", f.Mask)
		if r.paired {
			add("slope in the margin", f.Ratio)
			add("times the response's", f.Advantage)
		} else {
			add("ratio", f.Ratio)
			add("advantage", f.Advantage)
		}
		if f.K3Term != 0 {
			add("pull of the reference", f.K3Term)
		}
		if f.Extra != 0 {
			add("extra", f.Extra)
		}
		add("share in the average", f.Share)
	}
	if math.Abs(f.Other) > 1e-9*math.Abs(f.Coefficient) && tok.explained() {
		add("from other parts", f.Other)
	}
	add("coefficient", f.Coefficient)
	return rows
}

// figure returns a number with four digits.
func figure(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }
