package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/analysis"
	"github.com/posttrain/posttrain/core/study/cells"
	studyreport "github.com/posttrain/posttrain/core/study/report"
	"github.com/posttrain/posttrain/core/train"
)

type studyReportCommand struct {
	Dir  string `arg:"" type:"path" help:"The folder of a study."`
	Out  string `type:"path" placeholder:"FILE" help:"Write the report into this file instead of DIR/report.html."`
	Site string `placeholder:"URL" help:"Let points and rows lead to the playground at this address, such as http://localhost:8080/. Without it they lead to the row of the run, which has its command."`
}

// Help returns the text below the summary of --help.
func (*studyReportCommand) Help() string {
	return `Examples:

  posttrain study report out/quick
  posttrain study report out/quick --out quick.html --site http://localhost:8080/

The report is one HTML file that needs no network. The verdicts are printed too. A hypothesis is
called registered if the lock file was committed before the results were: commit DIR, or
DIR/results.jsonl and DIR/study.lock, into the repository of the lock file.`
}

func (c *studyReportCommand) Run(env *environment) error {
	if err := checkSite(c.Site); err != nil {
		return usage(fmt.Errorf("--site: %w", err))
	}
	source, results, err := readStudy(env, c.Dir)
	if err != nil {
		return err
	}
	path := filepath.Join(c.Dir, cells.ResultsFile)
	standing, history := source.standing(env, path)
	history = strings.ReplaceAll(history, c.Dir+string(filepath.Separator), "")
	found, err := analysis.Judge(source.Study, standing, results)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	o := studyreport.Options{Catalogue: env.catalogue, Site: c.Site, Program: version,
		Engine: train.Engine, Plan: source.plan().Hash(), History: history}
	if len(results) > 0 {
		if o.Results, err = fileDigest(path); err != nil {
			return err
		}
	}
	var page bytes.Buffer
	if err := studyreport.Write(&page, found, o); err != nil {
		return err
	}
	out := c.Out
	if out == "" {
		out = filepath.Join(c.Dir, "report.html")
	}
	if err := checkpoint.WriteFile(out, page.Bytes()); err != nil {
		return err
	}
	return printVerdicts(env, found, history, out)
}

// checkSite refuses an address that a browser would not open.
func checkSite(site string) error {
	u, err := url.Parse(site)
	if err != nil || u.Fragment != "" || u.Scheme != "" && u.Scheme != "http" &&
		u.Scheme != "https" && u.Scheme != "file" {
		return fmt.Errorf("%q is not the address of a page: want one such as "+
			"http://localhost:8080/", site)
	}
	return nil
}

// readStudy returns the study in a folder and the results that are there.
func readStudy(env *environment, dir string) (*studySource, []cells.Result, error) {
	source, err := studyIn(env, dir)
	if err != nil {
		return nil, nil, err
	}
	if err := cells.CheckFolder(dir, source.plan()); err != nil {
		return nil, nil, asStudyError(err)
	}
	results, err := cells.ReadFile(filepath.Join(dir, cells.ResultsFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, cells.ErrCut) {
		return nil, nil, err
	}
	return source, results, nil
}

// printVerdicts prints the outcome of each hypothesis, as a report has it.
func printVerdicts(env *environment, f *analysis.Findings, history, path string) error {
	all, err := studyreport.Words(env.catalogue, f)
	if err != nil {
		return err
	}
	for _, s := range all {
		fmt.Fprintf(env.out, "%s: %s\n%s", s.Name, s.Word, fill(s.Claim, "  "))
		for _, text := range s.Texts {
			fmt.Fprint(env.out, fill(text, "  "))
		}
		fmt.Fprintln(env.out)
	}
	fmt.Fprint(env.out, fill(studyreport.Summary(f), ""))
	if history != "" {
		fmt.Fprint(env.out, fill(sentence(strings.TrimSuffix(history, ".")), ""))
	}
	fmt.Fprintf(env.out, "The report is in %s.\n", path)
	return nil
}
