package task

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

func TestEncodeAndDecodeAreInverse(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for i := range uint64(2000) {
			r := num.NewRand(4, "text", k.Name, i)
			tokens := make([]int32, r.IntN(30))
			for j := range tokens {
				tokens[j] = int32(1 + r.IntN(k.Vocab()-1))
			}
			text, finished := k.Decode(tokens)
			if finished || k.Canonical(text) != text {
				t.Fatalf("%v decodes to %q, finished %v", tokens, text, finished)
			}
			if back, err := k.Encode(text); err != nil || !slices.Equal(back, tokens) {
				t.Fatalf("%v -> %q -> %v, %v", tokens, text, back, err)
			}
			if ended, finished := k.Decode(append(slices.Clone(tokens), End, 1, End)); !finished ||
				ended != text {
				t.Fatalf("%q with its End decodes to %q, finished %v", text, ended, finished)
			}
		}
	})
}

func TestEncodeNamesWhatItDoesNotKnow(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		for _, foreign := range []string{"é", "\x00", "\n", "\xff", "漢"} {
			if foreign == "\n" && k.Words != nil {
				continue // which is a blank between words
			}
			_, err := k.Encode(k.Symbols()[0] + foreign)
			if err == nil {
				t.Errorf("%q was encoded", foreign)
				continue
			}
			for _, want := range []string{k.Name, k.Join(k.Symbols()...)} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q: the error does not say %q: %v", foreign, want, err)
				}
			}
		}
		defer func() {
			if recover() == nil {
				t.Error("MustEncode let a foreign symbol pass")
			}
		}()
		k.MustEncode("漢")
	})
}

func TestLookup(t *testing.T) {
	for _, k := range All() {
		if found, err := Lookup(k.Name); err != nil || found.Name != k.Name {
			t.Errorf("Lookup(%q) = %q, %v", k.Name, found.Name, err)
		}
		_, err := Lookup(k.Name + "x")
		if err == nil || !strings.Contains(err.Error(), `"`+k.Name+`x"`) ||
			!strings.Contains(err.Error(), "did you mean "+k.Name+"?") {
			t.Errorf("the error for %sx does not name it and its nearest: %v", k.Name, err)
		}
	}
}

// A task that is declared and not listed would be tested by nothing.
func TestAllListsEveryTask(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, k := range All() {
		listed = append(listed, k.Name)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(
			`(?m)^var \w+ = Task\{\n\tName: +"(\w+)"`).FindAllSubmatch(src, -1) {
			if name := string(m[1]); file != name+".go" || !slices.Contains(listed, name) {
				t.Errorf("%s declares the task %s: want it in %s.go, and in All of catalogue.go",
					file, name, name)
			}
		}
	}
	if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) < len(listed) {
		t.Errorf("All is not in the order of names, each once: %q", listed)
	}
}
