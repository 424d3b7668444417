package checkpoint

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The files in testdata are kept for ever: what could be read once must be
// readable always. Missing ones are written by
//
//	go test ./core/checkpoint -run Vectors -write
//
// A file whose name begins with good_ holds pattern weights, one whose name
// begins with fail_ is refused.
var write = flag.Bool("write", false, "write the vectors that are missing")

func vectors(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for name, file := range small(t) {
		files["good_"+name] = file
	}
	base := files["good_base"]
	changed := func(at int, to byte) []byte {
		file := bytes.Clone(base)
		file[at] = to
		return file
	}
	files["fail_empty"] = nil
	files["fail_magic"] = changed(0, 'p')
	files["fail_version"] = changed(len(magic), version+1)
	files["fail_checksum"] = changed(len(base)-1, base[len(base)-1]^1)
	files["fail_content"] = changed(len(base)/2, base[len(base)/2]^1)
	files["fail_short"] = base[:len(base)-1]
	files["fail_long"] = append(bytes.Clone(base), '\n')
	h := hostile(t)
	for file, name := range map[string]string{
		"fail_kind":           `kind 'x'`,
		"fail_left_over":      "bytes left over",
		"fail_heads":          "base with odd heads",
		"fail_missing_weight": "model short of a byte",
		"fail_huge_shape":     "model with too many weights",
		"fail_huge_claim":     "2^32-1 metrics of kind l",
		"fail_no_moments":     "lane without m",
	} {
		if _, ok := h[name]; !ok {
			t.Fatalf("no payload is named %q", name)
		}
		files[file] = sealed(t, h[name].kind, h[name].body)
	}
	return files
}

func TestVectors(t *testing.T) {
	for name, file := range vectors(t) {
		path := filepath.Join("testdata", name+".msgp")
		_, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) && *write {
			err = WriteFile(path, file)
		}
		if err != nil {
			t.Error(err)
		}
	}
	paths, err := filepath.Glob("testdata/*.msgp")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d vectors, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { checkVector(t, path) })
	}
}

func checkVector(t *testing.T, path string) {
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch name := filepath.Base(path); {
	case strings.HasPrefix(name, "fail_"):
		refuse(t, name, file)
	case strings.HasPrefix(name, "good_"):
		m, err := DecodeModel(file)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.Params.Data, pattern(tiny).Data) || m.Params.Config != tiny ||
			m.Engine < 1 || m.Task != "cards" {
			t.Errorf("read %+v", m)
		}
		if _, err := DecodeLane(file); strings.HasPrefix(name, "good_lane") != (err == nil) {
			t.Errorf("as a lane: %v", err)
		}
		if name == "good_lane.msgp" {
			l, err := DecodeLane(file)
			want := patternLane()
			want.Engine = 1 // it was written then
			if err != nil || !reflect.DeepEqual(*l, want) {
				t.Errorf("read %+v, want %+v", l, want)
			}
		}
	default:
		t.Errorf("its name begins with neither good_ nor fail_")
	}
}

// What the errors say is for a person who did nothing wrong.
func TestRefusalsSayWhatIsWrong(t *testing.T) {
	v := vectors(t)
	for name, want := range map[string]string{
		"fail_empty":          "does not start like",
		"fail_magic":          "does not start like",
		"fail_version":        "format version 2, this program reads 1",
		"fail_checksum":       "damaged",
		"fail_content":        "damaged",
		"fail_short":          "cut short",
		"fail_long":           "1 bytes too many",
		"fail_kind":           "unknown kind",
		"fail_left_over":      "left over",
		"fail_heads":          "even number of channels",
		"fail_missing_weight": "bytes, which is not 36 weights",
		"fail_huge_shape":     "weights: at most",
		"fail_no_moments":     "m holds 0 bytes, want 144",
	} {
		if _, err := DecodeModel(v[name]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error does not say %q: %v", name, want, err)
		}
	}
	if _, err := DecodeLane(v["good_base"]); err == nil ||
		!strings.Contains(err.Error(), "a model, not a lane") {
		t.Errorf("a base as a lane: %v", err)
	}
}
