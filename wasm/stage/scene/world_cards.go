package scene

import (
	"strconv"
	"strings"
)

// cardFaces has the cards in the order of their values under the rule in which all of them count.
const cardFaces = "0123456789JQK"

// cardCounts returns the value of a card under a rule of core/task. Under A faces count nothing,
// under B one to three. For other rules it returns "".
func cardCounts(rule, card byte) string {
	at := strings.IndexByte(cardFaces, card)
	switch {
	case rule != 'A' && rule != 'B':
		return ""
	case at < 10:
		return strconv.Itoa(at)
	case rule == 'B':
		return strconv.Itoa(at - 9)
	default:
		return "0"
	}
}

// cards draws the hand of a prompt such as "A3K72=", of any number of cards, with the value of
// each.
func (p *Picture) cards(key string, lane int, box Box, prompt string, _ []answer) bool {
	hand := len(prompt) - 2
	if hand < 1 || prompt[1+hand] != '=' || strings.IndexFunc(prompt[1:1+hand],
		func(r rune) bool { return !strings.ContainsRune(cardFaces, r) }) >= 0 {
		return false
	}
	table := box.Inset(0, answerHigh, 0, 0)
	columns := cardColumns(hand, table)
	wide, high := table.W/float64(columns), table.H/float64((hand+columns-1)/columns)
	gap := 2.0
	if min(wide, high) > 50 {
		gap = 3
	}
	for i := range hand {
		p.card(key+"card "+strconv.Itoa(i), lane, Box{table.X + float64(i%columns)*wide,
			table.Y + float64(i/columns)*high, wide, high}.Inset(gap, gap, gap, gap),
			prompt[0], prompt[1+i])
	}
	rules := map[byte][]string{'A': {"rule A: faces count 0", "faces count 0", "rule A"},
		'B': {"rule B: J Q K count 1 2 3", "J Q K count 1 2 3",
			"rule B"}, 'S': {"to be sorted"}}[prompt[0]]
	p.word(Word{Key: "panel " + key + "rule", Text: firstWhole(box.W, tickSize, false, rules...),
		At: Point{box.X, box.Y + answerHigh/2}, Anchor: Start, Size: tickSize, Role: Soft})
	return true
}

// cardColumns returns in how many columns the cards of a hand are largest.
func cardColumns(hand int, table Box) (columns int) {
	most := 0.0
	for n := 1; n <= hand; n++ {
		rows := (hand + n - 1) / n
		if size := min(table.W/float64(n), table.H/float64(rows)); size > most {
			most, columns = size, n
		}
	}
	return columns
}

// card draws a card with its value under a rule, which has less room on a small card.
func (p *Picture) card(name string, lane int, box Box, rule, face byte) {
	corners := []Point{{box.X, box.Y}, {box.X + box.W, box.Y}, {box.X + box.W, box.Y + box.H},
		{box.X, box.Y + box.H}, {box.X, box.Y}}
	p.Lines = append(p.Lines,
		Line{Key: name, Points: corners, Width: 1.5, Role: LaneRole(lane), Alpha: 0.8})
	middle := Point{box.X + box.W/2, box.Y + box.H*0.42}
	size := min(box.H*0.5, box.W, 30)
	if counts := cardCounts(rule, face); counts != "" && box.H >= 34 {
		says := "counts " + counts
		if Width(says, tickSize, false, true) > box.W-4 {
			says = counts
		}
		size = min(size, (box.H-17)*0.75)
		middle.Y = min(middle.Y, box.Y+(box.H-16)/2)
		p.word(Word{Key: name + " counts", Text: says, At: Point{middle.X, box.Y + box.H - 9},
			Anchor: Middle, Size: tickSize, Mono: true, Role: Soft})
	}
	p.word(Word{Key: name, Text: string(face), At: middle, Anchor: Middle, Size: size, Mono: true,
		Bold: true, Role: Ink})
}
