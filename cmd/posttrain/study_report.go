package main

import (
	"bytes"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/study/analysis"
	studyreport "github.com/posttrain/posttrain/core/study/report"
	"github.com/posttrain/posttrain/core/train"
)

type studyReportCommand struct {
	Dir  string `arg:"" type:"path" help:"The folder of a study, or a file of its results."`
	Out  string `type:"path" placeholder:"FILE" help:"Write the report into this file instead of report.html in the folder."`
	Site string `placeholder:"URL" help:"Let points and rows lead to the playground at this address, such as http://localhost:8080/. Without it they lead to the row of the run, which has its command."`
}

// Help returns the text below the summary of --help.
func (*studyReportCommand) Help() string {
	return `Examples:

  posttrain study report out/quick
  posttrain study report out/quick --out quick.html --site http://localhost:8080/
  posttrain study report studies/results/razor.jsonl.gz --out razor.html

A file of results is one that posttrain study export --format results has written. It has the name
of its study: razor.jsonl or razor.jsonl.gz is of the study razor of the program.

The report is one HTML file that needs no network. The verdicts are printed too. A hypothesis is
called registered if the lock file was committed before the results were: commit DIR, or
DIR/results.jsonl and DIR/study.lock, into the repository of the lock file.`
}

func (c *studyReportCommand) Run(env *environment) error {
	if err := checkSite(c.Site); err != nil {
		return usage(fmt.Errorf("--site: %w", err))
	}
	folder, err := readStudy(env, c.Dir)
	if err != nil {
		return err
	}
	standing, history := folder.standing(env, folder.path)
	history = strings.ReplaceAll(history, c.Dir+string(filepath.Separator), "")
	found, err := analysis.Judge(folder.Study, standing, folder.results)
	if err != nil {
		return fmt.Errorf("%s: %w", folder.path, err)
	}
	o := studyreport.Options{Catalogue: env.catalogue, Site: c.Site, Program: version,
		Engine: train.Engine, Plan: folder.plan().Hash(), History: history}
	if len(folder.results) > 0 {
		if o.Results, err = fileDigest(folder.path); err != nil {
			return err
		}
	}
	var page bytes.Buffer
	if err := studyreport.Write(&page, found, o); err != nil {
		return err
	}
	out := c.Out
	if out == "" {
		out = filepath.Join(filepath.Dir(folder.path), "report.html")
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

// printVerdicts prints the outcome of each hypothesis, as a report has it.
func printVerdicts(env *environment, f *analysis.Findings, history, path string) error {
	all, err := studyreport.Words(env.catalogue, f)
	if err != nil {
		return err
	}
	for _, s := range all {
		fmt.Fprintf(env.out, "%s: %s\n%s", s.Name, s.Word, prose.Wrap(s.Claim, "  "))
		for _, text := range s.Texts {
			fmt.Fprint(env.out, prose.Wrap(text, "  "))
		}
		fmt.Fprintln(env.out)
	}
	fmt.Fprint(env.out, prose.Wrap(studyreport.Summary(f), ""))
	if history != "" {
		fmt.Fprint(env.out, prose.Wrap(sentence(strings.TrimSuffix(history, ".")), ""))
	}
	fmt.Fprintf(env.out, "The report is in %s.\n", path)
	return nil
}
