// Package studies has the studies that are part of the program: a file each, beside what was
// registered of it. docs/studies.md says how to write one.
package studies

import (
	"embed"
	"errors"
	"io/fs"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

//go:embed *.yaml *.lock
var files embed.FS

const extension = ".yaml"

// Names returns the names of the studies in alphabetical order.
func Names() (names []string) {
	entries, _ := files.ReadDir(".") // no error, since the folder is embedded
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), extension); ok {
			names = append(names, name)
		}
	}
	return names
}

// Read returns the file of a study and that of its lock, which is nil if the study is not
// registered. The error names the nearest study and lists all.
func Read(name string) (study, lock []byte, err error) {
	if study, err = files.ReadFile(name + extension); err != nil {
		return nil, nil, param.Unknown("study", name, Names())
	}
	lock, err = files.ReadFile(name + ".lock")
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return study, lock, err
}
