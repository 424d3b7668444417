package site

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/evanw/esbuild/pkg/api"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/wasm/staging"
)

// mostBytes is the size that a page in one file stays below. Mailers and course systems take files
// of that size.
const mostBytes = 8_000_000

// filesInside is the module that takes the place of js/files.js in a page that is one file.
//
//go:embed onefile/files.js
var filesInside []byte

// A Subject is what a page in one file is about. [Experiment] returns one.
type Subject struct {
	Title string // of the document
	Link  string // the experiment that the page opens with
	Page  string // the page of the site that it is made from, such as embed.html
}

// Experiment returns the subject that is the experiment of a link. It returns an error if the link
// cannot be read, or if it needs something that a page cannot carry.
func Experiment(link string) (Subject, error) {
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		return Subject{}, err
	}
	d := staging.Describe(r)
	switch {
	case d.Base.FromFile:
		return Subject{}, errors.New("the link starts from a model in a file of your own, which a " +
			"page in one file does not carry: want a link with a base of the program")
	case d.Data != nil && !d.Data.Known:
		return Subject{}, fmt.Errorf("the link trains on the data set %s of your own, which a page "+
			"in one file does not carry: want a link without data=", d.Data.Digest)
	case d.Missing != "":
		return Subject{}, errors.New("the experiment cannot be run in a page: " + d.Missing)
	}
	title := r.Task.Title
	if d.Exhibit != nil {
		title = d.Exhibit.Title
	}
	return Subject{Title: title, Link: d.Address, Page: "embed.html"}, nil
}

// OneFile returns the page of a subject as one HTML file with everything inside that it needs, in
// English. It works without a server. dir is the site that [Build] wrote of the module in the
// folder tree.
func OneFile(ctx context.Context, tree, dir string, s Subject) ([]byte, error) {
	r, err := recipe.Standard().Parse(s.Link)
	if err != nil {
		return nil, err
	}
	made, err := bundleInside(ctx, tree)
	if err != nil {
		return nil, err
	}
	page, err := readPage(dir, s.Page, made)
	if err != nil {
		return nil, err
	}
	stage, err := readPage(dir, "stage.html", made)
	if err != nil {
		return nil, err
	}
	var inside strings.Builder
	fmt.Fprintf(&inside, "<template data-file=\"stage.html\">%s</template>\n",
		wrappers.ReplaceAllString(stage, ""))
	for _, name := range workersInside {
		fmt.Fprintf(&inside, "<script type=\"text/plain\" data-file=%q>%s</script>\n", name,
			made[name])
	}
	for _, name := range append(slices.Clone(programsInside), needs(dir, r)...) {
		packed, err := compressed(dir, name)
		if err != nil {
			return nil, fmt.Errorf("cannot put %s into the page: %w", name, err)
		}
		fmt.Fprintf(&inside, "<script type=\"text/plain\" data-file=%q>%s</script>\n", name,
			base64.StdEncoding.EncodeToString(packed))
	}
	styles, err := lateStyles(dir, made)
	if err != nil {
		return nil, err
	}
	head := fmt.Sprintf("<title>%s</title>\n<meta name=\"posttrain-link\" content=\"%s\">\n%s",
		html.EscapeString(s.Title), html.EscapeString(s.Link), styles)
	page = titleTag.ReplaceAllLiteralString(page, head)
	page = strings.Replace(page, "</body>", inside.String()+"</body>", 1)
	page = strings.Replace(page, charsetTag, charsetTag+"\n"+policyTag(page), 1)
	if len(page) >= mostBytes {
		return nil, fmt.Errorf("the page of %s would have %d bytes, and less than %d is wanted",
			s.Link, len(page), mostBytes)
	}
	return []byte(page), nil
}

// workersInside has the scripts of the workers that a page in one file starts.
var workersInside = []string{"js/worker.js", "js/compiler.js"}

// programsInside has what every page in one file carries besides scripts and styles.
var programsInside = []string{"trainer.wasm", "kernels.wasm", "stage.wasm", "welcome.json",
	"dials.json"}

// needs returns the names of the files that a recipe needs: its bases, what is known of its exhibit,
// and the sources of the methods, of which a visitor may choose another.
func needs(dir string, r *recipe.Recipe) (names []string) {
	for _, base := range r.Bases() {
		names = append(names, "bases/"+base+".msgp")
	}
	if e, ok := r.Exhibit(); ok {
		for _, name := range []string{"results/" + e.Name + ".json", "studies/" + e.Name + ".json"} {
			if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
				names = append(names, name)
			}
		}
	}
	for _, m := range recipe.Standard().Menu().Methods {
		names = append(names, "methods/"+m.Name+".json")
	}
	return names
}

// bundleInside puts together the scripts of a page in one file, each in one piece, in English.
func bundleInside(ctx context.Context, tree string) (map[string]string, error) {
	files, err := sources(ctx, tree)
	if err != nil {
		return nil, err
	}
	files["js/files.js"] = filesInside
	spoken, err := languages()
	if err != nil {
		return nil, err
	}
	defined, err := spoken[0].definitions()
	if err != nil {
		return nil, err
	}
	// nothing has to be loaded, and there is no server
	defined["texts.start.says"] = defined["texts.onefile.startSays"]
	defined["texts.unloaded.brokenSays"] = defined["texts.onefile.brokenSays"]
	made := map[string]string{}
	for _, p := range []struct {
		names  []string
		format api.Format
	}{
		{[]string{"js/embed.js", "stage.js"}, api.FormatESModule},
		// see startWorker of onefile/files.js
		{append([]string{unloaded}, workersInside...), api.FormatIIFE},
	} {
		options := bundling(files, defined)
		options.Format = p.format
		for _, name := range p.names {
			options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{
				InputPath: name, OutputPath: strings.TrimSuffix(name, ".js")})
		}
		result := api.Build(options)
		if len(result.Errors) > 0 {
			return nil, errors.New("cannot put the modules together: " + place(result.Errors[0]))
		}
		for _, out := range result.OutputFiles {
			made[strings.TrimPrefix(out.Path, "/")] = string(out.Contents)
		}
	}
	return made, nil
}

var (
	headTag   = regexp.MustCompile(`<link rel="(\w+)" href="([^"]*)"[^>]*>\n?`)
	scriptTag = regexp.MustCompile(`<script( type="module")? src="([^"]*)"></script>`)
	titleTag  = regexp.MustCompile(`<title>[^<]*</title>`)
	wrappers  = regexp.MustCompile(`<!doctype html>\n|</?(html|head|body)\b[^>]*>\n`)
	styleName = regexp.MustCompile(`css/[a-z]+\.css`)
	inline    = regexp.MustCompile(`(?s)<(style|script)(?: type="module"| media="not all" data-file="[^"]*")?>(.*?)</`)
)

const charsetTag = `<meta charset="utf-8">`

// readPage returns a page of the site with its scripts, which are those in made, and its styles
// inside.
func readPage(dir, name string, made map[string]string) (string, error) {
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return "", err
	}
	read := func(name string) string {
		text, e := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		err = errors.Join(err, e)
		return string(text)
	}
	page := headTag.ReplaceAllStringFunc(string(content), func(tag string) string {
		switch m := headTag.FindStringSubmatch(tag); m[1] {
		case "stylesheet":
			return "<style>" + read(m[2]) + "</style>\n"
		case "icon":
			return `<link rel="icon" href="data:image/svg+xml;base64,` +
				base64.StdEncoding.EncodeToString([]byte(read(m[2]))) + "\">\n"
		}
		return "" // preloads
	})
	page = scriptTag.ReplaceAllStringFunc(page, func(tag string) string {
		m := scriptTag.FindStringSubmatch(tag)
		return "<script" + m[1] + ">" + made[m[2]] + "</script>"
	})
	return page, err
}

// lateStyles returns the styles that modules load when something is opened, as elements that do not
// apply yet.
func lateStyles(dir string, made map[string]string) (string, error) {
	var out strings.Builder
	names := styleName.FindAllString(made["js/embed.js"], -1)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "<style media=\"not all\" data-file=%q>%s</style>\n", name, text)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// compressed returns a file of the site, compressed by gzip.
func compressed(dir, name string) ([]byte, error) {
	name = filepath.Join(dir, filepath.FromSlash(name))
	done, err := os.ReadFile(name + ".gz")
	if !errors.Is(err, fs.ErrNotExist) {
		return done, err
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err = w.Write(content); err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
}

// policyTag returns the Content-Security-Policy of a page as an element: nothing is requested from
// anywhere, and nothing runs or applies but the scripts and styles that are in the page now.
func policyTag(page string) string {
	hashes := map[string]map[string]bool{"script": {}, "style": {}}
	for _, m := range inline.FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(m[2]))
		hashes[m[1]]["'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"] = true
	}
	list := func(kind string) string {
		return strings.Join(slices.Sorted(maps.Keys(hashes[kind])), " ")
	}
	return fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; `+
		`script-src 'wasm-unsafe-eval' %s; style-src %s; worker-src blob:; img-src data:; `+
		`base-uri 'none'; form-action 'none'">`, list("script"), list("style"))
}

// A packedFile is a file in an archive.
type packedFile struct {
	name    string
	content []byte
}

// Zip returns an archive with a page as index.html, which hosts and course systems can unpack.
func Zip(page []byte) ([]byte, error) { return archive(packedFile{"index.html", page}) }

// archive returns a zip archive of files. The same files give the same bytes.
func archive(files ...packedFile) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		// the earliest time that an archive can have
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
