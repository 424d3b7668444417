package scene

import (
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/protocol"
)

const lockSettings = "0123"

// settingsOf returns what a response sets the dials to, in their order. Letters in between have no
// effect.
func settingsOf(response string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(lockSettings, r) {
			return r
		}
		return -1
	}, response)
}

// lock draws the dials of a prompt such as "Lachbk=" below their letters. Bars show how many
// responses turn each dial to each of its settings. Green is for responses that open the lock.
func (p *Picture) lock(key string, lane int, box Box, prompt string, all []answer) bool {
	letters, ok := strings.CutPrefix(strings.TrimSuffix(prompt, "="), "L")
	if !ok || letters == "" || !strings.HasSuffix(prompt, "=") {
		return false
	}
	high := (box.H - answerHigh) / float64(len(lockSettings))
	inCells := box.W/float64(len(letters)) >= 12 // whether the settings are written in the cells
	if !inCells {
		for i := range len(lockSettings) {
			p.word(Word{Key: key + "setting " + lockSettings[i:i+1], Text: lockSettings[i : i+1],
				At:     Point{box.X, box.Y + answerHigh + high*(float64(i)+0.5)},
				Anchor: Start, Size: tickSize, Mono: true, Role: Ink})
		}
		box = box.Inset(11, 0, 0, 0)
	}
	wide := box.W / float64(len(letters))
	most := 0
	for _, a := range all {
		most += a.drawn
	}
	for dial := range letters {
		column := Box{box.X + float64(dial)*wide, box.Y, wide, box.H}
		name := key + "dial " + strconv.Itoa(dial) + " "
		p.word(Word{Key: name, Text: letters[dial : dial+1], At: Point{column.X + wide/2,
			box.Y + answerHigh/2}, Anchor: Middle, Size: labelSize, Bold: true, Mono: true,
			Role: Ink})
		for i := range len(lockSettings) {
			drawn, opens := 0, false
			for _, a := range all {
				if s := settingsOf(a.text); dial < len(s) && s[dial] == lockSettings[i] {
					drawn += a.drawn
					opens = opens || a.mark == protocol.Right
				}
			}
			cell := Box{column.X, box.Y + answerHigh + float64(i)*high, wide, high}.Inset(2, 2, 2,
				2)
			setting, role := name+lockSettings[i:i+1], LaneRole(lane)
			if opens {
				role = Good
			}
			full := cell.X + cell.W*float64(drawn)/float64(max(most, 1))
			p.Lines = append(p.Lines, Line{Key: setting,
				Points: []Point{{cell.X, cell.Y + cell.H},
					{cell.X + cell.W, cell.Y + cell.H}}, Width: 1, Role: Rule, Alpha: 1})
			p.Areas = append(p.Areas,
				Area{Key: setting, Upper: []Point{{cell.X, cell.Y}, {full, cell.Y}},
					Lower: []Point{{cell.X, cell.Y + cell.H},
						{full, cell.Y + cell.H}}, Role: role, Alpha: 0.6})
			if inCells && cell.H >= 14 {
				p.word(Word{Key: setting, Text: lockSettings[i : i+1], At: Point{cell.X + cell.W/2,
					cell.Y + cell.H/2}, Anchor: Middle, Size: tickSize, Mono: true, Role: Ink})
			}
			p.spots = append(p.spots, spot{cell, func() []Row {
				return []Row{{Text: "dial " + strconv.Itoa(dial+1) + " at " + lockSettings[i:i+1],
					Role: Ink}, {Text: "drawn", Value: strconv.Itoa(drawn), Role: Soft}}
			}})
		}
	}
	return true
}
