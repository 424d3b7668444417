package task

import (
	"fmt"
	"strings"
)

// Rows travel in a link as text over 64 characters that need no escaping. A group of these is a number whose digits are the symbols of the
// rows, as many as there is room for: with the 19 of the card game 14 of them in 10 characters. So nothing can unpack to much more than it is, and a compressor,
// which would make the page's trainer larger by 30 kB, would gain little on rows that are drawn at random.
const (
	mostPacked = 4 << 10 // characters
	groupLen   = 10      // characters, which is 60 bits
	groupChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// packing returns the symbols that rows are made of, and how many of them go into a group. The first of them ends a row.
func (t Task) packing() (symbols string, room int) {
	symbols = "\n," + t.Alphabet
	for most := uint64(1); most <= (1<<(6*groupLen))/uint64(len(symbols)); most *= uint64(len(symbols)) {
		room++
	}
	return symbols, room
}

// Pack returns the rows of a data set as text for a link, which [Task.Unpack] reads; "" when that would be too long.
func (t Task) Pack(d *Data) string {
	symbols, room := t.packing()
	var rows strings.Builder
	for _, p := range d.problems {
		fmt.Fprintf(&rows, "%s,%s\n", p.Prompt, d.answers[p.Prompt])
		if rows.Len() > mostPacked/groupLen*room {
			return ""
		}
	}
	var packed strings.Builder
	for text := rows.String(); text != ""; {
		number := uint64(0)
		for range room {
			number *= uint64(len(symbols))
			if text != "" { // what is missing of the last group is ends of rows
				number += uint64(strings.IndexByte(symbols, text[0]))
				text = text[1:]
			}
		}
		for bits := 6 * (groupLen - 1); bits >= 0; bits -= 6 {
			packed.WriteByte(groupChars[number>>bits&63])
		}
	}
	return packed.String()
}

// Unpack reads rows that [Task.Pack] has written. Errors call them name.
func (t Task) Unpack(name, packed string) (*Data, error) {
	if len(packed) > mostPacked {
		return nil, fmt.Errorf("%s has %d characters: at most %d are read", name, len(packed), mostPacked)
	}
	broken := fmt.Errorf("%s cannot be unpacked, so a part of the link is missing or was changed: want it as it was copied", name)
	if len(packed)%groupLen != 0 {
		return nil, broken
	}
	symbols, room := t.packing()
	var rows []byte
	for ; packed != ""; packed = packed[groupLen:] {
		number := uint64(0)
		for i := range groupLen {
			char := strings.IndexByte(groupChars, packed[i])
			if char < 0 {
				return nil, broken
			}
			number = number<<6 | uint64(char)
		}
		group := make([]byte, room)
		for i := room - 1; i >= 0; i-- {
			group[i] = symbols[number%uint64(len(symbols))]
			number /= uint64(len(symbols))
		}
		if number != 0 {
			return nil, broken
		}
		rows = append(rows, group...)
	}
	all, err := readTable(name, "prompt,answer\n"+strings.TrimRight(string(rows), "\n"))
	if err != nil {
		return nil, err
	}
	return t.dataOf(name, all)
}
