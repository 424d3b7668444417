package scene

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// tale is a prompt of the task stories, in the format of core/task: "Ann has 6 cards . a bag holds
// 2 cards . she buys 4 bags . she drops 8 cards . how many cards ?" It may be about two kinds of
// things: "Ann has 6 cards and 3 pens . "
type tale struct {
	held    int
	kinds   []string // of things, that which bags hold first
	moments []moment // the start of each kind, and then one for each event
}

// moment is a sentence of a story with the number of things of its kind before and after it.
type moment struct {
	text          string
	before, after int
	bags          bool
}

func readTale(prompt string) (t tale, ok bool) {
	sentences := strings.Split(prompt, " . ")
	for _, text := range sentences {
		words := strings.Fields(text)
		if len(words) == 5 && words[1] == "bag" {
			t.held, _ = strconv.Atoi(words[3])
		}
	}
	if !t.begin(strings.Fields(sentences[0])) {
		return t, false
	}
	has := make(map[string]int)
	for i, kind := range t.kinds {
		has[kind] = t.moments[i].after
	}
	for _, text := range sentences[1:] {
		words := strings.Fields(text)
		if len(words) != 4 || words[0] != "she" {
			continue
		}
		n, ok := number(words[2])
		if !ok {
			return t, false
		}
		m, kind := moment{text: strings.Join(words[1:], " ")}, words[3]
		switch words[1] {
		case "drops", "loses", "sells":
			n = -n
		case "buys":
			n, m.bags, kind = n*t.held, true, t.kinds[0]
			m.text += " of " + strconv.Itoa(t.held)
		}
		m.before = has[kind]
		m.after = m.before + n
		if has[kind] = m.after; m.after < 0 {
			return t, false
		}
		t.moments = append(t.moments, m)
	}
	return t, len(t.moments) > len(t.kinds)
}

// begin adds what the first sentence says: "Ann has 6 cards" or "Ann has 6 cards and 3 pens".
func (t *tale) begin(words []string) bool {
	if len(words) < 4 || words[1] != "has" {
		return false
	}
	for at := 2; at+1 < len(words); at += 3 {
		n, ok := number(words[at])
		if !ok {
			return false
		}
		text := words[0] + " has " + words[at] + " " + words[at+1]
		if at > 2 {
			text = "and " + words[at] + " " + words[at+1]
		}
		t.kinds = append(t.kinds, words[at+1])
		t.moments = append(t.moments, moment{text: text, after: n})
	}
	return true
}

// number returns the number of a story that a word is.
func number(word string) (n int, ok bool) {
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 0
}

// said returns how many things there are by a response: at the start, and after each event that
// it tells of by a sum or by "she has". whole is false if it tells of fewer events than there are.
func (t tale) said(response string) (numbers []int, whole bool) {
	for i := range t.kinds {
		numbers = append(numbers, t.moments[i].after)
	}
	for _, text := range strings.Split(response, ".") {
		words := strings.Fields(text)
		sum := len(words) == 5 && words[3] == "=" && (words[1] == "+" || words[1] == "-")
		has := len(words) >= 3 && words[0] == "she" && words[1] == "has"
		at := 2 // "she has 6", with the kind behind it where there are two
		if sum {
			at = 4
		}
		if !sum && !(has && len(words) == 2+len(t.kinds)) {
			continue
		}
		if n, ok := number(words[at]); ok && len(numbers) < len(t.moments) {
			numbers = append(numbers, n)
		}
	}
	return numbers, len(numbers) == len(t.moments)
}

// most returns the largest number that the picture has room for: 20, as in the task at its usual
// size, or what the story or an answer comes to.
func (t tale) most(said [][]int) int {
	most := 20
	for _, m := range t.moments {
		most = max(most, m.after)
	}
	for _, numbers := range said {
		most = max(most, slices.Max(numbers))
	}
	return most
}

// story draws a row for each moment, with a dot for each thing there is, and through the rows what
// each answer says.
func (p *Picture) story(key string, lane int, box Box, prompt string, all []answer) bool {
	t, ok := readTale(prompt)
	if !ok {
		return false
	}
	said, whole := make([][]int, len(all)), make([]bool, len(all))
	for i, a := range all {
		said[i], whole[i] = t.said(a.text)
	}
	pitch := box.W / float64(t.most(said)+1)
	high := min(box.H/float64(len(t.moments)), 74)
	at := func(row int, n float64) Point {
		return Point{box.X + pitch*(n+0.5), box.Y + high*float64(row) + 8 + min(high/2, 18)}
	}
	for row, m := range t.moments {
		change := fmt.Sprintf("%+d", m.after-m.before)
		p.word(Word{Key: fmt.Sprint(key, "moment ", row),
			Text: firstWhole(box.W, labelSize, false, m.text, change),
			At:   Point{box.X, at(row, 0).Y - min(high/2, 18)}, Anchor: Start, Size: labelSize,
			Role: Ink, Clear: row > 0})
		p.things(fmt.Sprint(key, "thing ", row, " "), m, t.held, pitch,
			func(n float64) Point { return at(row, n) })
	}
	total := 0
	for _, a := range all {
		total += a.drawn
	}
	for i, a := range all {
		shift := 0.08 * float64(i%5-2)
		line := Line{Key: key + "says " + a.written(), Role: LaneRole(lane), Alpha: 0.7,
			Width: 1 + 4*float64(a.drawn)/float64(total)}
		for row, n := range said[i] {
			below := at(row, float64(n)+shift)
			line.Points = append(line.Points, Point{below.X, below.Y + pitch*0.6})
		}
		p.Lines = append(p.Lines, line)
		if !whole[i] {
			p.Dots = append(p.Dots, Dot{Key: line.Key, At: line.Points[len(line.Points)-1], Size: 7,
				Shape: Cross, Role: Bad})
		}
	}
	p.spots = append(p.spots, spot{Box{box.X, box.Y, box.W, high * float64(len(t.moments))},
		func() []Row {
			rows := []Row{{Text: prompt, Role: Ink}}
			for _, m := range t.moments {
				rows = append(rows, Row{Text: m.text, Value: strconv.Itoa(m.after), Role: Soft})
			}
			return append(rows, Row{Text: "different answers", Value: strconv.Itoa(len(all)),
				Role: Soft})
		}})
	return true
}

// things draws a dot for each thing that there was before and a dot for each that has come, those
// of a bag in a box; what has gone is crossed out.
func (p *Picture) things(key string, m moment, held int, pitch float64, at func(float64) Point) {
	size := min(pitch*0.62, 9)
	for n := 1; n <= max(m.before, m.after); n++ {
		d := Dot{Key: fmt.Sprint(key, n), At: at(float64(n)), Size: size, Shape: Disc, Role: Ink}
		switch {
		case n > m.after:
			d.Shape, d.Role = Cross, Bad
		case n > m.before && m.before > 0:
			d.Role = Good
		}
		p.Dots = append(p.Dots, d)
	}
	for n := m.before; m.bags && n < m.after; n += held {
		from, to, half := at(float64(n)+0.56), at(float64(n+held)+0.44), pitch*0.46
		p.Lines = append(p.Lines, Line{Key: fmt.Sprint(key, "bag ", n), Width: 1, Role: Soft,
			Alpha: 1, Points: []Point{{from.X, from.Y - half}, {to.X, to.Y - half},
				{to.X, to.Y + half}, {from.X, from.Y + half}, {from.X, from.Y - half}}})
	}
}
