package site

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/evanw/esbuild/pkg/api"
)

// encoding is a way to compress, with the suffix of the compressed file.
type encoding struct {
	name, suffix string
	writer       func(io.Writer) (io.WriteCloser, error)
}

// encodings has the encodings that are made, best first. Level 9 of brotli takes two seconds for
// the stage; level 11 would take half a minute to save a tenth.
var encodings = []encoding{
	{"br", ".br", func(w io.Writer) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, 9), nil
	}},
	{"gzip", ".gz", func(w io.Writer) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}},
}

// compressible has the suffixes of files that compression makes smaller.
var compressible = map[string]bool{".html": true, ".js": true, ".css": true, ".svg": true,
	".json": true, ".wasm": true}

// slim makes classic scripts and styles smaller: no comments or white space, and short names for
// what only one file uses. It leaves alone what bundle has made. A script of the lab's pages gets a
// file for each language.
func slim(files map[string][]byte, made imports, all []language) error {
	for _, l := range all {
		files[l.module(unloaded)] = files[unloaded]
	}
	loaders := map[string]api.Loader{".js": api.LoaderJS, ".css": api.LoaderCSS}
	for _, name := range sorted(files) {
		loader, ok := loaders[path.Ext(name)]
		if _, bundled := made[name]; bundled || !ok {
			continue
		}
		defined, err := languageOf(name, all).definitions()
		if err != nil {
			return err
		}
		result := api.Transform(string(files[name]), api.TransformOptions{
			Loader: loader, Define: defined,
			MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
			Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline,
		})
		if len(result.Errors) > 0 {
			return fmt.Errorf("cannot shorten %s: %s", name, place(result.Errors[0]))
		}
		files[name] = result.Code
	}
	return nil
}

// languageOf returns the language of a script by its name.
func languageOf(name string, all []language) language {
	for _, l := range all {
		if strings.HasSuffix(name, "."+l.Tag+".js") {
			return l
		}
	}
	return all[0]
}

// place returns a message of esbuild, after the line that it is about, if any.
func place(m api.Message) string {
	if m.Location == nil {
		return m.Text
	}
	return fmt.Sprintf("%s line %d: %s", m.Location.File, m.Location.Line, m.Text)
}

// twins returns the suffixes of a file's compressed forms.
func twins(name string) (suffixes []string) {
	if compressible[path.Ext(name)] {
		for _, e := range encodings {
			suffixes = append(suffixes, e.suffix)
		}
	}
	return suffixes
}

// write puts a file and its compressed forms in place.
func write(dir, name string, content []byte) error {
	target := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := replace(target, content); err != nil {
		return err
	}
	if len(twins(name)) == 0 {
		return nil
	}
	for _, e := range encodings {
		var out bytes.Buffer
		w, err := e.writer(&out)
		if err == nil {
			_, err = w.Write(content)
		}
		if err == nil {
			err = w.Close()
		}
		if err != nil {
			return fmt.Errorf("cannot compress %s with %s: %w", name, e.name, err)
		}
		if err := replace(target+e.suffix, out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file beside the old one and renames it, so that readers find either the old or
// the new one. The temporary name is unique, since another process may be building the same site.
func replace(target string, content []byte) error {
	temp := fmt.Sprintf("%s.%016x.new", target, rand.Uint64())
	err := os.WriteFile(temp, content, 0o644)
	if err == nil {
		err = os.Rename(temp, target)
	}
	if err != nil {
		_ = os.Remove(temp) // err is the more useful error
	}
	return err
}
