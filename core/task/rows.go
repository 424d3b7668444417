package task

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// row is a row of a file. Its answer may be empty.
type row struct {
	line           int // line where it begins, from 1
	prompt, answer string
	exact          bool // the answer is in quotes in JSON, so no spreadsheet took it for a number
}

// readRows reads a data set from a table with a header, as spreadsheets write it, or from JSON. The
// beginning of the text decides which; the file's name does not matter. Errors name the file and,
// if there is one, the line.
func readRows(name, text string) ([]row, error) {
	text = strings.TrimPrefix(text, "\ufeff") // the byte order mark that spreadsheets write
	if what := unreadable(text); what != "" {
		return nil, fmt.Errorf("%s is %s", name, what)
	}
	lines := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if start := strings.TrimSpace(lines); strings.HasPrefix(start, "{") ||
		strings.HasPrefix(start, "[") {
		return readJSON(name, lines)
	}
	return readTable(name, lines)
}

// signatures are the beginnings of files that users may mistake for a table.
var signatures = []struct{ start, what string }{
	{"PK\x03\x04", "an Excel workbook (.xlsx) or another zip archive: save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook (.xls): save the sheet as CSV"},
	{"\x1f\x8b", "compressed by gzip: unpack it first"},
	{"PAR1", "a Parquet file: convert it to CSV or JSON Lines"},
	{"%PDF-", "a PDF: want CSV or JSON Lines"},
	{"<!doctype", "a web page: download the file itself"},
	{"<html", "a web page: download the file itself"},
}

// unreadable returns what kind of file a text without rows is and what to do about it, or "" if it
// may have rows.
func unreadable(text string) string {
	const most = 16
	// The browser replaces each byte that is not UTF-8 by U+FFFD, and so does the conversion to
	// runes.
	start := []rune(text[:min(len(text), most)])
	for _, s := range signatures {
		if n := utf8.RuneCountInString(s.start); len(start) >= n &&
			strings.EqualFold(string(start[:n]), string([]rune(s.start))) {
			return s.what
		}
	}
	switch zeros := strings.Count(text, "\x00"); {
	case zeros == 0:
		return ""
	case zeros > len(text)/3:
		return "UTF-16 without a byte order mark: save it as UTF-8"
	default:
		return "not text, since it has zero bytes: want CSV or JSON Lines"
	}
}
