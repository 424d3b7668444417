package site

import (
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/wasm/staging"
)

// mostBytes is the size that a page in one file stays below. Mailers and course systems take files
// of that size.
const mostBytes = 8_000_000

// interpreterBytes is how much larger a page may be whose links have programs.
const interpreterBytes = 700_000

// instead has the modules that take the places of those in js with the same names.
//
//go:embed onefile/*.js
var instead embed.FS

// A Subject is what a page in one file is about. [Experiment] and [Taught] return one.
type Subject struct {
	Title string // of the document
	Link  string // the experiment that the page opens with, or the name of its lesson
	Page  string // the page of the site that it is made from, such as embed.html

	links  []string       // all that the page can open
	lesson *lesson.Lesson // nil for an experiment
}

// Experiment returns the subject that is the experiment of a link. It returns an error if the link
// cannot be read, or if it needs something that a page cannot carry.
func Experiment(link string) (Subject, error) {
	r, err := standard().Parse(link)
	if err != nil {
		return Subject{}, err
	}
	d := staging.Describe(r)
	switch {
	case d.Base.FromFile:
		return Subject{}, errors.New("the link starts from a model in a file of your own, which " +
			"a page in one file does not carry: want a link with a base of the program")
	case d.Data != nil && !d.Data.Known:
		return Subject{}, fmt.Errorf("the link trains on the data set %s of your own, which a "+
			"page in one file does not carry: want a link without data=", d.Data.Digest)
	case d.Missing != "":
		return Subject{}, errors.New("the experiment cannot be run in a page: " + d.Missing)
	}
	title := r.Task.Title
	if d.Exhibit != nil {
		title = d.Exhibit.Title
	}
	link = strings.TrimSpace(link)
	return Subject{Title: title, Link: link, Page: "embed.html", links: []string{link}}, nil
}

// Taught returns the subject that is a lesson. It returns an error if one of its experiments needs
// something that a page cannot carry.
func Taught(l *lesson.Lesson) (Subject, error) {
	s := Subject{Title: l.Title, Link: l.Name, Page: "lesson.html", lesson: l}
	for _, step := range append([]lesson.Step{{Link: l.Link}}, l.Steps...) {
		if step.Link == "" {
			continue
		}
		if _, err := Experiment(step.Link); err != nil {
			return Subject{}, err
		}
		s.links = append(s.links, step.Link)
	}
	return s, nil
}

// OneFile returns the page of a subject as one HTML file with everything inside that it needs, in
// English. It works without a server. dir is the site that [Build] wrote of the module in the
// folder tree.
func OneFile(ctx context.Context, tree, dir string, s Subject) ([]byte, error) {
	var sources [2]string
	for i, name := range []string{s.Page, "stage.html"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		sources[i] = string(content)
	}
	scripts, err := scriptsInside(ctx, tree, sources[0]+sources[1])
	if err != nil {
		return nil, err
	}
	page, err := filled(dir, sources[0], scripts)
	if err != nil {
		return nil, err
	}
	stage, err := filled(dir, sources[1], scripts)
	if err != nil {
		return nil, err
	}
	needed, err := needs(dir, s.links)
	if err != nil {
		return nil, err
	}
	files, err := filesInside(dir, append(slices.Clone(programsInside), needed...))
	if err != nil {
		return nil, err
	}
	if s.lesson != nil {
		text, err := json.Marshal(s.lesson)
		if err != nil {
			return nil, err
		}
		packed, err := gzipped(text)
		if err != nil {
			return nil, err
		}
		files += fileInside("lessons/"+s.lesson.Name+".json", packed)
	}
	styles, err := stylesInside(dir, scripts)
	if err != nil {
		return nil, err
	}
	page = completed(page, s, styles, templateOf(stage)+workersOf(scripts)+files)
	most := mostBytes
	if slices.Contains(needed, scriptedTrainer) {
		most += interpreterBytes
	}
	if len(page) >= most {
		return nil, fmt.Errorf("the page of %s would have %d bytes, and less than %d is wanted",
			s.Link, len(page), most)
	}
	return []byte(page), nil
}

// workersInside has the scripts of the workers that a page in one file starts.
var workersInside = []string{"js/worker.js", "js/compiler.js"}

// programsInside has what every page in one file carries besides scripts, styles and its trainer.
var programsInside = []string{"kernels.wasm", "stage.wasm", "welcome.json",
	"dials.json"}

// scriptedTrainer is the trainer with the interpreter.
const scriptedTrainer = "scripted.wasm"

// needs returns the names of the files that links need: the trainer, which is the one with the
// interpreter if a link has a program, their bases, what is known of their
// exhibits, and the sources of the methods, of which a visitor may choose another.
func needs(dir string, links []string) (names []string, err error) {
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	trainer := "trainer.wasm"
	for _, link := range links {
		r, err := standard().Parse(link)
		if err != nil {
			return nil, err
		}
		if r.Reward != "" {
			trainer = scriptedTrainer
		}
		for _, base := range r.Bases() {
			add("bases/" + base + ".msgp")
		}
		e, ok := r.Exhibit()
		for _, folder := range []string{"results", "studies"} {
			name := folder + "/" + e.Name + ".json"
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); ok && err == nil {
				add(name)
			}
		}
	}
	for _, m := range standard().Menu().Methods {
		add("methods/" + m.Name + ".json")
	}
	return append(names, trainer), nil
}

// filesInside returns elements with files of the site, which are compressed and then base64.
func filesInside(dir string, names []string) (string, error) {
	var out strings.Builder
	for _, name := range names {
		packed, err := compressed(dir, name)
		if err != nil {
			return "", fmt.Errorf("cannot put %s into the page: %w", name, err)
		}
		out.WriteString(fileInside(name, packed))
	}
	return out.String(), nil
}

// fileInside returns the element with a compressed file.
func fileInside(name string, packed []byte) string {
	return fmt.Sprintf("<script type=\"text/plain\" data-file=%q>%s</script>\n", name,
		base64.StdEncoding.EncodeToString(packed))
}
