package task

import (
	"fmt"
	"strings"
)

// Rows are packed into a link as text over 64 characters that need no escaping. Each group of
// characters is a number whose digits are symbols of the rows, as many as fit: of the card game's
// 19 symbols, 14 in 10 characters. So a packed text never unpacks to much more than its own length.
// A compressor would make the page's trainer larger by 30 kB and would gain little on rows that are
// drawn at random.
const (
	mostPacked = 4 << 10 // characters
	groupLen   = 10      // characters, which is 60 bits
	groupChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// packing returns the symbols that rows are made of and the number of them in a group. The first
// symbol ends a row.
func (t Task) packing() (symbols []string, room int) {
	symbols = append([]string{"\n", ","}, t.Symbols()...)
	for most := uint64(1); most <= (1<<(6*groupLen))/uint64(len(symbols)); most *= uint64(
		len(symbols)) {
		room++
	}
	return symbols, room
}

// Pack returns the rows of a data set as text for a link, which [Task.Unpack] reads. It returns ""
// if the text would be too long.
func (t Task) Pack(d *Data) string {
	symbols, room := t.packing()
	var rows []uint64 // indices into symbols
	for _, p := range d.problems {
		rows = append(rows, t.packable(p.Prompt)...)
		rows = append(rows, 1)
		rows = append(rows, t.packable(d.answers[p.Prompt])...)
		rows = append(rows, 0)
		if len(rows) > mostPacked/groupLen*room {
			return ""
		}
	}
	var packed strings.Builder
	for len(rows) > 0 {
		number := uint64(0)
		for range room {
			number *= uint64(len(symbols))
			if len(rows) > 0 { // the last group is filled up with ends of rows
				number += rows[0]
				rows = rows[1:]
			}
		}
		for bits := 6 * (groupLen - 1); bits >= 0; bits -= 6 {
			packed.WriteByte(groupChars[number>>bits&63])
		}
	}
	return packed.String()
}

// packable returns the indices of a text's symbols among those of [Task.packing].
func (t Task) packable(text string) []uint64 {
	var all []uint64
	for _, token := range t.MustEncode(text) {
		all = append(all, uint64(token)+1)
	}
	return all
}

// Unpack reads rows that [Task.Pack] has written. Errors call them by name.
func (t Task) Unpack(name, packed string) (*Data, error) {
	if len(packed) > mostPacked {
		return nil, fmt.Errorf("%s has %d characters: at most %d are read", name, len(packed),
			mostPacked)
	}
	broken := fmt.Errorf("%s cannot be unpacked, so a part of the link is missing or was "+
		"changed: want it as it was copied", name)
	if len(packed)%groupLen != 0 {
		return nil, broken
	}
	symbols, room := t.packing()
	var rows []string
	for ; packed != ""; packed = packed[groupLen:] {
		number := uint64(0)
		for i := range groupLen {
			char := strings.IndexByte(groupChars, packed[i])
			if char < 0 {
				return nil, broken
			}
			number = number<<6 | uint64(char)
		}
		group := make([]string, room)
		for i := room - 1; i >= 0; i-- {
			group[i] = symbols[number%uint64(len(symbols))]
			number /= uint64(len(symbols))
		}
		if number != 0 {
			return nil, broken
		}
		rows = append(rows, group...)
	}
	// The table's reader drops the blanks around a field.
	table := strings.TrimRight(strings.Join(rows, t.Separator()), " \n")
	all, err := readTable(name, "prompt,answer\n"+table)
	if err != nil {
		return nil, err
	}
	return t.dataOf(name, all)
}
