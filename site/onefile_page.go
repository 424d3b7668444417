package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
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
)

var (
	headTag   = regexp.MustCompile(`<link rel="(\w+)" href="([^"]*)"[^>]*>\n?`)
	scriptTag = regexp.MustCompile(`<script( type="module")? src="([^"]*)"></script>`)
	titleTag  = regexp.MustCompile(`<title>[^<]*</title>`)
	wrappers  = regexp.MustCompile(`<!doctype html>\n|</?(html|head|body)\b[^>]*>\n`)
	elsewhere = regexp.MustCompile(`(?s)<template id="all-lessons">.*?</template>\n`)
	styleName = regexp.MustCompile(`css/[a-z]+\.css`)
	inline    = regexp.MustCompile(`(?s)<(style|script)(?: type="module"| media="not all" ` +
		`data-file="[^"]*")?>(.*?)</(?:style|script)>`)
)

const charsetTag = `<meta charset="utf-8">`

// filled returns a page of the site with its scripts, which are those in made, and its styles
// inside.
func filled(dir, page string, made map[string]string) (string, error) {
	var err error
	read := func(name string) string {
		text, e := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		err = errors.Join(err, e)
		return string(text)
	}
	page = headTag.ReplaceAllStringFunc(page, func(tag string) string {
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

// completed returns a page with the title and the link of its subject, with more styles, with what
// it carries at its end, and with the policy that all this needs.
func completed(page string, s Subject, styles, inside string) string {
	head := fmt.Sprintf("<title>%s</title>\n<meta name=\"posttrain-link\" content=\"%s\">\n%s",
		html.EscapeString(s.Title), html.EscapeString(s.Link), styles)
	page = titleTag.ReplaceAllLiteralString(page, head)
	page = elsewhere.ReplaceAllString(page, "")
	page = strings.Replace(page, "</body>", inside+"</body>", 1)
	return strings.Replace(page, charsetTag, charsetTag+"\n"+policyTag(page), 1)
}

// templateOf returns the stage's page as an element. What is around head and body goes, since a
// template has no place for it.
func templateOf(stage string) string {
	return "<template data-file=\"stage.html\">" + wrappers.ReplaceAllString(stage, "") +
		"</template>\n"
}

// workersOf returns elements with the scripts of workers.
func workersOf(made map[string]string) string {
	var out strings.Builder
	for _, name := range workersInside {
		fmt.Fprintf(&out, "<script type=\"text/plain\" data-file=%q>%s</script>\n", name,
			made[name])
	}
	return out.String()
}

// stylesInside returns the styles that scripts load when something is opened, as elements that do
// not apply yet.
func stylesInside(dir string, made map[string]string) (string, error) {
	var out strings.Builder
	names := map[string]bool{}
	for _, script := range made {
		for _, name := range styleName.FindAllString(script, -1) {
			names[name] = true
		}
	}
	delete(names, "css/instead.css") // unloaded.js loads it only in pages that have it as a file
	for _, name := range slices.Sorted(maps.Keys(names)) {
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
	return gzipped(content)
}

// gzipped returns a content compressed by gzip.
func gzipped(content []byte) ([]byte, error) {
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
