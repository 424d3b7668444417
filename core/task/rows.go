package task

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// row is a prompt and its answer as a file has them. The answer may be empty.
type row struct {
	line           int // where it begins, from 1
	prompt, answer string
	exact          bool // the answer is a text in quotes, which no spreadsheet takes for a number
}

// readRows reads a data set from a table with a header, as spreadsheets write it, or from JSON. What the text begins with
// decides which; the file's name does not matter. Errors name the file and, where there is one, the line.
func readRows(name, text string) ([]row, error) {
	text = strings.TrimPrefix(text, "\ufeff") // the byte order mark that spreadsheets write
	if what := unreadable(text); what != "" {
		return nil, fmt.Errorf("%s is %s", name, what)
	}
	lines := strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if start := strings.TrimSpace(lines); strings.HasPrefix(start, "{") || strings.HasPrefix(start, "[") {
		return readJSON(name, lines)
	}
	return readTable(name, lines)
}

// signatures are the beginnings of files that are taken for a table by mistake.
var signatures = []struct{ start, what string }{
	{"PK\x03\x04", "an Excel workbook (.xlsx) or another zip archive: save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook (.xls): save the sheet as CSV"},
	{"\x1f\x8b", "compressed by gzip: unpack it first"},
	{"PAR1", "a Parquet file: convert it to CSV or JSON Lines"},
	{"%PDF-", "a PDF: want CSV or JSON Lines"},
	{"<!doctype", "a web page: download the file itself"},
	{"<html", "a web page: download the file itself"},
}

// unreadable says what a text is when it cannot hold rows, and what to do; "" when it may hold some.
func unreadable(text string) string {
	const most = 16
	// A browser has replaced each byte that is not UTF-8, as the conversion to runes does.
	start := []rune(text[:min(len(text), most)])
	for _, s := range signatures {
		if n := utf8.RuneCountInString(s.start); len(start) >= n && strings.EqualFold(string(start[:n]), string([]rune(s.start))) {
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
