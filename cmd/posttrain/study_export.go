package main

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/evidence"
)

type studyExportCommand struct {
	Dir    string `arg:"" type:"path" help:"The folder of a study, or a file of its results."`
	Format string `enum:"csv,jsonl,parquet,results" default:"csv" help:"The format: csv, jsonl, parquet or results."`
	Out    string `type:"path" placeholder:"FILE" help:"Write into this file instead of standard output. If its name ends in .gz, it is compressed."`
}

// Help returns the text below the summary of --help.
func (*studyExportCommand) Help() string {
	return `Examples:

  posttrain study export out/quick > quick.csv
  posttrain study export out/quick --format parquet --out quick.parquet
  posttrain study export out/quick --format results --out quick.jsonl.gz

A row is one number: cell, experiment, arm, config, base, seed, part, step, metric, value. Metrics
have the names of docs/metrics.md, and costs are among them.

The format results has a line for each cell, as results.jsonl of the folder, but curves have only
the metrics that hypotheses, figures and the guide look at. So it is small enough to be checked in,
and posttrain study report reads it.`
}

func (c *studyExportCommand) Run(env *environment) error {
	if c.Format == "parquet" && c.Out == "" && isTerminal(env.out.to) {
		return usage(errors.New("parquet is no text for a terminal: add --out FILE"))
	}
	folder, err := readStudy(env, c.Dir)
	if err != nil {
		return err
	}
	results := folder.results
	if len(results) == 0 {
		return fmt.Errorf("%s has no results yet: there is nothing to export", c.Dir)
	}
	if c.Format == "results" {
		results, err = evidence.Small(env.catalogue, folder.Study, results)
		if err != nil {
			return err
		}
	}
	if c.Out == "" {
		return writeMeasurements(env.out, c.Format, results)
	}
	var file bytes.Buffer
	if err := writeMeasurements(&file, c.Format, results); err != nil {
		return err
	}
	text := file.Bytes()
	if strings.HasSuffix(c.Out, ".gz") {
		if text, err = compressed(text); err != nil {
			return err
		}
	}
	return checkpoint.WriteFile(c.Out, text)
}

// compressed returns a text as gzip has it, the same bytes each time.
func compressed(text []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w.Write(text) // Close has its error
	err = w.Close()
	return packed.Bytes(), err
}

// writeMeasurements writes all numbers of results in a format.
func writeMeasurements(w io.Writer, format string, results []cells.Result) error {
	switch format {
	case "jsonl":
		return measurementsAsJSON(w, results)
	case "parquet":
		return measurementsAsParquet(w, results)
	case "results":
		return encodeEach(w, results)
	}
	return measurementsAsCSV(w, results)
}

func measurementsAsJSON(w io.Writer, results []cells.Result) error {
	for _, r := range results {
		if err := encodeEach(w, r.Measurements()); err != nil {
			return err
		}
	}
	return nil
}

// encodeEach writes a line of JSON for each value.
func encodeEach[T any](w io.Writer, all []T) error {
	for _, one := range all {
		line, err := cells.Encode(one)
		if err != nil {
			return err
		}
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

func measurementsAsCSV(w io.Writer, results []cells.Result) error {
	table := csv.NewWriter(w)
	table.Write([]string{"cell", "experiment", "arm", "config", "base", "seed", "part", "step",
		"metric", "value"}) // Flush and Error have its error
	for _, r := range results {
		for _, m := range r.Measurements() {
			table.Write([]string{m.Cell, m.Experiment, m.Arm, m.Config, fmt.Sprint(m.Base),
				fmt.Sprint(m.Seed), m.Part, fmt.Sprint(m.Step), m.Metric,
				strconv.FormatFloat(m.Value, 'g', -1, 64)})
		}
	}
	table.Flush()
	return table.Error()
}

func measurementsAsParquet(w io.Writer, results []cells.Result) error {
	table := parquet.NewGenericWriter[cells.Measurement](w, parquet.Compression(&parquet.Zstd),
		parquet.CreatedBy("posttrain", version, ""))
	for _, r := range results {
		if _, err := table.Write(r.Measurements()); err != nil {
			return err
		}
	}
	return table.Close()
}
