package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
	"testing"
	"unicode/utf8"
)

// maxWidth is how many columns a line of a Go file may have, with four for a tab.
const maxWidth = 100

// widthRule finds lines of code and comments that are too wide.
func widthRule(files []source) (complaints []string) {
	for _, s := range files {
		if ast.IsGenerated(s.file) {
			continue
		}
		fixed := unbreakable(s)
		for i, line := range strings.Split(s.text, "\n") {
			width := utf8.RuneCountInString(line) + 3*strings.Count(line, "\t")
			if width > maxWidth && !fixed[i+1] {
				complaints = append(complaints, fmt.Sprintf("%s:%d: %d columns, want %d at most",
					s.path, i+1, width, maxWidth))
			}
		}
	}
	return complaints
}

// unbreakable returns the lines of a file that cannot be broken without changing what they say: raw
// strings, strings without a space such as links, and tables in comments.
func unbreakable(s source) map[int]bool {
	fixed := map[int]bool{}
	line := func(p token.Pos) int { return s.fset.Position(p).Line }
	ast.Inspect(s.file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if l.Value[0] == '`' || len(l.Value) > 60 && !strings.Contains(l.Value, " ") {
				for i := line(l.Pos()); i <= line(l.End()); i++ {
					fixed[i] = true
				}
			}
		}
		return true
	})
	for _, group := range s.file.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//\t") || strings.HasPrefix(c.Text, "//  ") ||
				strings.HasPrefix(c.Text, "//go:") {
				fixed[line(c.Pos())] = true
			}
		}
	}
	return fixed
}

func TestLinesAreNarrow(t *testing.T) { report(t, widthRule(goFiles(t))) }

func TestWidthRule(t *testing.T) {
	wide := strings.Repeat("word ", 20)
	link := strings.Repeat("word", 25)
	checkRule(t, widthRule, []breach{
		{"core/a.go", "package p\n\n// " + wide + "\nvar a = 1\n", "103 columns"},
		{"core/a.go", "package p\n\nvar a = \"" + wide + "\"\n", "110 columns"},
		{"core/a.go", "package p\n\nvar a = \"" + link + "\"\n", ""},
		{"core/a.go", "package p\n\nvar a = `" + wide + "`\n", ""},
		{"core/a.go", "package p\n\n//\t" + wide + "\nvar a = 1\n", ""},
	})
}
