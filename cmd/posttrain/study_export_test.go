package main

import (
	"bytes"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// What is written as Parquet is read back as it was.
func TestExportAsParquet(t *testing.T) {
	results := []cells.Result{{Experiment: "e", Arm: "a", Config: "sft", Base: 1, Seed: 1<<53 - 1,
		Part: design.Tune, Outcome: cells.Outcome{ID: "id", Steps: 2, Curve: []cells.Point{
			{Metrics: map[string]float64{"eval/id/accuracy": 0.1}, Cost: cells.Cost{"flops": 0}},
			{Step: 2, Metrics: map[string]float64{"eval/id/accuracy": 1.0 / 3},
				Cost: cells.Cost{"flops": 1e12}}}}}}
	var file bytes.Buffer
	if err := writeMeasurements(&file, "parquet", results); err != nil {
		t.Fatal(err)
	}
	have, err := parquet.Read[cells.Measurement](bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil || !slices.Equal(have, results[0].Measurements()) {
		t.Errorf("%+v, %v", have, err)
	}
}
