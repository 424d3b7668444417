package script

import (
	"embed"
	"path"
	"strings"
)

// Example is a program to start from.
type Example struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

//go:embed examples
var examples embed.FS

// Rewards returns rewards to start from, which can judge the answers to every task.
func Rewards() []Example { return examplesIn("rewards") }

// Tasks returns tasks to start from.
func Tasks() []Example { return examplesIn("tasks") }

// examplesIn returns the examples in a folder in the order of their files. The first line of each
// is a comment with its title.
func examplesIn(folder string) (all []Example) {
	entries, err := examples.ReadDir(path.Join("examples", folder))
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, e := range entries {
		text, err := examples.ReadFile(path.Join("examples", folder, e.Name()))
		if err != nil {
			panic(err)
		}
		title, _, _ := strings.Cut(strings.TrimPrefix(string(text), "# "), "\n")
		all = append(all, Example{title, string(text)})
	}
	return all
}
