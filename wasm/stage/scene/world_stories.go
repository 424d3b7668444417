package scene

import (
	"fmt"
	"strconv"
	"strings"
)

// storyMost is the largest number of a story.
const storyMost = 20

// tale is a prompt of the task stories, in the format of core/task: "Ann has 6 cards . a bag holds
// 2 cards . she buys 4 bags . she drops 8 cards . how many cards ?"
type tale struct {
	held    int
	moments []moment // the start, and then one for each event
}

// moment is a sentence of a story with the number of things before and after it.
type moment struct {
	text          string
	before, after int
	bags          bool
}

func readTale(prompt string) (t tale, ok bool) {
	for _, text := range strings.Split(prompt, " . ") {
		words := strings.Fields(text)
		if len(words) == 5 && words[1] == "bag" {
			t.held, _ = strconv.Atoi(words[3])
		}
	}
	for _, text := range strings.Split(prompt, " . ") {
		words := strings.Fields(text)
		if len(words) != 4 || words[1] == "many" || len(t.moments) > 0 && words[0] != "she" {
			continue
		}
		m, n := moment{text: text}, 0
		if n, ok = number(words[2]); !ok {
			return t, false
		}
		if len(t.moments) > 0 {
			m.before = t.moments[len(t.moments)-1].after
			m.text = strings.Join(words[1:], " ")
		}
		switch words[1] {
		case "drops", "loses", "sells":
			n = -n
		case "buys":
			n, m.bags = n*t.held, true
			m.text += " of " + strconv.Itoa(t.held)
		}
		if m.after = m.before + n; m.after < 0 || m.after > storyMost {
			return t, false
		}
		t.moments = append(t.moments, m)
	}
	return t, len(t.moments) > 1
}

// number returns the number of a story that a word is.
func number(word string) (n int, ok bool) {
	n, err := strconv.Atoi(word)
	return n, err == nil && n >= 0 && n <= storyMost
}

// said returns how many things there are by a response: at the start, and after each event that
// it tells of by a sum or by "she has". whole is false if it tells of fewer events than there are.
func (t tale) said(response string) (numbers []int, whole bool) {
	numbers = []int{t.moments[0].after}
	for _, text := range strings.Split(response, ".") {
		words := strings.Fields(text)
		sum := len(words) == 5 && words[3] == "=" && (words[1] == "+" || words[1] == "-")
		if !sum && !(len(words) == 3 && words[0] == "she" && words[1] == "has") {
			continue
		}
		if n, ok := number(words[len(words)-1]); ok && len(numbers) < len(t.moments) {
			numbers = append(numbers, n)
		}
	}
	return numbers, len(numbers) == len(t.moments)
}

// story draws a row for each moment, with a dot for each thing there is, and through the rows what
// each answer says.
func (p *Picture) story(key string, lane int, box Box, prompt string, all []answer) bool {
	t, ok := readTale(prompt)
	if !ok {
		return false
	}
	pitch, high := box.W/(storyMost+1), min(box.H/float64(len(t.moments)), 74)
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
		numbers, whole := t.said(a.text)
		shift := 0.08 * float64(i%5-2)
		line := Line{Key: key + "says " + a.written(), Role: LaneRole(lane), Alpha: 0.7,
			Width: 1 + 4*float64(a.drawn)/float64(total)}
		for row, n := range numbers {
			below := at(row, float64(n)+shift)
			line.Points = append(line.Points, Point{below.X, below.Y + pitch*0.6})
		}
		p.Lines = append(p.Lines, line)
		if !whole {
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
