package studies

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/posttrain/posttrain/core/guide"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/study/evidence"
)

var update = flag.Bool("update", false, "write the files of the guide anew")

// The guide's files are what follows from the studies and from the results that are checked in.
func TestEvidence(t *testing.T) {
	for _, name := range Names() {
		file := filepath.FromSlash(evidenceFile(name))
		want := evidenceText(t, name)
		packed, err := os.ReadFile(file)
		if err == nil {
			var have []byte
			if have, err = unpack(packed); err == nil && bytes.Equal(have, want) {
				continue
			}
		}
		if !*update {
			t.Errorf("%s is not what follows from the study and its results: run make gen and "+
				"commit the result (%v)", file, err)
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, pack(t, want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestEvidenceOfAllStudies(t *testing.T) {
	all, err := Evidence()
	if err != nil || len(all) != len(Names()) {
		t.Fatalf("%d of %d studies, %v", len(all), len(Names()), err)
	}
	for i, s := range all {
		// no need of the guide is judged by how two densities overlap
		if s.Name != Names()[i] || len(s.Experiments) == 0 && s.Name != "densities" {
			t.Errorf("%+v", s)
		}
	}
}

// evidenceText returns what the file of a study has to be, before it is compressed.
func evidenceText(t *testing.T, name string) []byte {
	t.Helper()
	text, _, err := Read(name)
	if err != nil {
		t.Fatal(err)
	}
	c := recipe.Standard()
	s, err := design.Parse(c, text, design.Options{Large: true})
	if err != nil {
		t.Fatal(err)
	}
	results, digest := resultsOf(t, name)
	e, err := evidence.Of(c, s, results, digest)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	encoded, err := guide.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

// resultsOf returns the results of a study that are checked in, if there are any, and the digest of
// their file before it was compressed.
func resultsOf(t *testing.T, name string) ([]cells.Result, string) {
	t.Helper()
	path := filepath.Join("results", name+".jsonl.gz")
	packed, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ""
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := unpack(packed)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	results, err := cells.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	return results, hex.EncodeToString(sum[:])
}

func pack(t *testing.T, text []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(text) // Close has its error
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
