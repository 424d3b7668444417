package lesson

import (
	"embed"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

//go:embed lessons
var library embed.FS

const (
	folder = "lessons/"
	ending = ".md"
)

// Names returns the names of the lessons that are part of the program, in alphabetical order. Each
// is also the name of the exhibit that the lesson is about.
func Names() (names []string) {
	entries, err := library.ReadDir(strings.TrimSuffix(folder, "/"))
	if err != nil {
		panic(fmt.Sprintf("lesson: the folder of lessons is not embedded: %v", err))
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ending))
	}
	return names
}

// Source returns the text of the lesson with this name that is part of the program.
func Source(name string) ([]byte, error) {
	text, err := library.ReadFile(folder + name + ending)
	if err == nil {
		return text, nil
	}
	return nil, param.Unknown("lesson", name, Names())
}

// Lookup returns the lesson with this name that is part of the program.
func Lookup(name string, v Vocabulary) (*Lesson, error) {
	source, err := Source(name)
	if err != nil {
		return nil, err
	}
	l, err := Parse(source, v)
	if err != nil {
		return nil, fmt.Errorf("%s%s%s: %w", folder, name, ending, err)
	}
	l.Name, l.Own = name, false
	return l, nil
}
