package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
)

// The plot is well-formed and has a point for each measurement, inside the picture.
func TestScalePlot(t *testing.T) {
	byWeights := []scaled{{50_000, 1024, 12}, {1_000_000, 1024, 230.4}, {100_000_000, 1024, 24_000}}
	byTokens := []scaled{{800_000, 256, 40}, {800_000, 4096, 600}}
	plot := string(scalePlot(byWeights, byTokens))
	points := 0
	for d := xml.NewDecoder(strings.NewReader(plot)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "circle" {
			points++
		}
	}
	if points != 5 || !strings.Contains(plot, "100M weights: 24000.0 ms") ||
		!strings.Contains(plot, "of 0.8M weights, processor time") {
		t.Errorf("%d points in\n%s", points, plot)
	}
	table := string(scaleTable(byTokens))
	if want := "800000,256,40.00,0.1953\n"; !strings.Contains(table, want) {
		t.Errorf("table %q, want %q in it", table, want)
	}
}

// The plot in the documentation is drawn from the numbers beside it.
func TestScaleInTheDocs(t *testing.T) {
	dir := filepath.Join("..", "..", "docs")
	text, err := os.ReadFile(filepath.Join(dir, "scale.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []scaled
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		var s scaled
		if _, err := fmt.Sscanf(line, "%d,%d,%f", &s.weights, &s.tokens, &s.ms); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	plot, n := filepath.Join(dir, "scale.svg"), len(scaleShapes())
	want := scalePlot(all[:n], all[n:])
	if *update {
		if err := os.WriteFile(plot, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(plot); err != nil || !bytes.Equal(got, want) {
		t.Errorf("scale.svg is not drawn from scale.csv (%v): run make bench-scale", err)
	}
}

func TestScaleShapesSpanTheSizes(t *testing.T) {
	shapes := scaleShapes()
	if first, last := shapes[0].Weights(), shapes[len(shapes)-1].Weights(); first > 60_000 ||
		last < 99_000_000 {
		t.Errorf("from %d to %d weights, want 0.05M to 100M", first, last)
	}
	for _, c := range shapes {
		if err := model.Config.Validate(c); err != nil {
			t.Error(err)
		}
	}
}
