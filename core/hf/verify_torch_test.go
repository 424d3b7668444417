//go:build verify

package hf_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/recipe"
)

// python returns a Python that has PyTorch. Debian's package is for the system's own, which may not
// be the first on the path.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"/usr/bin/python3", "python3"} {
		if exec.Command(name, "-c", "import torch").Run() == nil {
			return name
		}
	}
	t.Fatal("no python3 here has PyTorch: run make torch, which installs it with the system's " +
		"package manager (python3-torch in Debian)")
	return ""
}

// Every shipped base, exported, gives the same logits in PyTorch, in float32 there as here.
func TestVerifyLogitsInPyTorch(t *testing.T) {
	with, catalogue := python(t), recipe.Standard()
	for _, b := range catalogue.Bases() {
		params, err := catalogue.LoadBase(b.Name)
		if err != nil {
			t.Fatal(err)
		}
		files, err := hf.Encode(hf.Model{Task: b.Task.Name, Params: params,
			Vocabulary: hf.VocabularyOf(b.Task)})
		if err != nil {
			t.Fatal(err)
		}
		dir, sequences := t.TempDir(), transcripts(b)
		for _, f := range files {
			if err := os.WriteFile(filepath.Join(dir, f.Name), content(f), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		worst := 0.0
		for i, want := range inPyTorch(t, with, dir, sequences) {
			worst = max(worst, difference(logitsHere(params, sequences[i]), want))
		}
		checkDifference(t, b, worst)
	}
}

// inPyTorch returns the logits (sequences,T,V) of the model in a folder.
func inPyTorch(t *testing.T, python, folder string, sequences [][]int32) [][][]float64 {
	t.Helper()
	asked, err := json.Marshal(map[string]any{"folder": folder, "tokens": sequences})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, filepath.Join("testdata", "llama.py"))
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(asked), &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, complaint.String())
	}
	var answer struct {
		Logits [][][]float64 `json:"logits"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Logits
}
