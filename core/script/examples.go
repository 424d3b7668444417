package script

import (
	"embed"
	"path"
	"strings"
)

// Example is a reward to start from.
type Example struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

//go:embed examples
var examples embed.FS

// Examples returns rewards to start from, which can judge the answers to every task. The first line
// of each is a comment with its title.
func Examples() (all []Example) {
	entries, err := examples.ReadDir("examples") // in the order of their names
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, e := range entries {
		text, err := examples.ReadFile(path.Join("examples", e.Name()))
		if err != nil {
			panic(err)
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		all = append(all, Example{title, string(text)})
	}
	return all
}
