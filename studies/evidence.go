package studies

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"

	"github.com/posttrain/posttrain/core/guide"
)

//go:generate go test -vet=off -run ^TestEvidence$ . -update

// The folder guide has a file for each study: what package guide needs of it, made from the study
// and from results/NAME.jsonl.gz, if it was run.
//
//go:embed guide/*.json.gz
var forGuide embed.FS

// Evidence returns what the guide needs of each study, in the order of their names.
func Evidence() (all []guide.Study, err error) {
	for _, name := range Names() {
		file := evidenceFile(name)
		packed, err := forGuide.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("the study %s has no %s: make gen writes it", name, file)
		}
		text, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		s, err := guide.Decode(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, s)
	}
	return all, nil
}

func evidenceFile(name string) string { return "guide/" + name + ".json.gz" }

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
