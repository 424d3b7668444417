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

// cards draws the hand of a prompt such as "A3K72=", in pairs, with the value of each card.
func (p *Picture) cards(key string, lane int, box Box, prompt string, _ []answer) bool {
	const hand = 4
	if len(prompt) != hand+2 || strings.IndexFunc(prompt[1:1+hand],
		func(r rune) bool { return !strings.ContainsRune(cardFaces, r) }) >= 0 {
		return false
	}
	wide, high := box.W/2, (box.H-answerHigh)/2
	for i := range hand {
		card := Box{box.X + float64(i%2)*wide, box.Y + answerHigh + float64(i/2)*high, wide,
			high}.Inset(3, 3, 3, 3)
		corners := []Point{{card.X, card.Y}, {card.X + card.W, card.Y},
			{card.X + card.W, card.Y + card.H}, {card.X, card.Y + card.H}, {card.X, card.Y}}
		name := key + "card " + strconv.Itoa(i)
		p.Lines = append(p.Lines,
			Line{Key: name, Points: corners, Width: 1.5, Role: LaneRole(lane), Alpha: 0.8})
		middle := Point{card.X + card.W/2, card.Y + card.H*0.42}
		p.word(Word{Key: name, Text: prompt[1+i : 2+i], At: middle, Anchor: Middle,
			Size: min(card.H*0.5, 30), Mono: true, Bold: true, Role: Ink})
		if counts := cardCounts(prompt[0], prompt[1+i]); counts != "" && card.H >= 60 &&
			card.W >= 70 {
			p.word(Word{Key: name + " counts", Text: "counts " + counts, At: Point{middle.X,
				card.Y + card.H - 10}, Anchor: Middle, Size: tickSize, Mono: true, Role: Soft})
		}
	}
	rules := map[byte][]string{'A': {"rule A: faces count 0", "faces count 0", "rule A"},
		'B': {"rule B: J Q K count 1 2 3", "J Q K count 1 2 3",
			"rule B"}, 'S': {"to be sorted"}}[prompt[0]]
	p.word(Word{Key: "panel " + key + "rule", Text: firstWhole(box.W, tickSize, false, rules...),
		At: Point{box.X, box.Y + answerHigh/2}, Anchor: Start, Size: tickSize, Role: Soft})
	return true
}
