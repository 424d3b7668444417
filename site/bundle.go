package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the modules that pages and workers name. Every other module is imported by one of
// them. js/files.js finds files by import.meta.url, so it is put into js: what several entries
// import becomes a part there.
var entries = []string{
	"js/lab.js", "js/embed.js", "js/worker.js", "js/compiler.js", "stage.js", "course.js",
	"bench.js", "js/bench-worker.js", "guide.js", "js/guide-worker.js",
	"js/replay.js", "js/replay-worker.js", "js/run-file.js", "js/anatomy.js",
	"js/board.js", "js/annotate.js", "js/own.js", "js/picture-file.js", "js/report.js",
	"js/reference.js",
	"js/finder.js", "js/guide-panel.js", "js/signals.js", "js/lesson.js", "js/lesson-worker.js",
	"js/data.js", "js/missing.js", "js/builder.js", "js/refusal.js",
}

// translated has the entries that are also built in other languages. What they import when
// something is opened is built with them.
var translated = []string{"js/lab.js", "js/embed.js", "js/lesson.js", "guide.js"}

// inMemory is the namespace of the files that are bundled.
const inMemory = "site"

// bundle replaces the modules among files by one file for each entry and language, and one for each
// set of modules that the same entries import, all made small. It returns which files each of them
// imports.
func bundle(files map[string][]byte, all []language) (imports, error) {
	made, bundled, found := map[string][]byte{}, map[string]bool{}, imports{}
	for _, l := range all {
		if err := bundleIn(l, files, made, bundled, found); err != nil {
			return nil, err
		}
	}
	for name := range bundled {
		delete(files, name)
	}
	maps.Copy(files, made)
	return found, nil
}

// bundleIn puts the modules together in a language. It adds what it makes to made, which of the
// files are in it to bundled, and what it imports to found.
func bundleIn(l language, files, made map[string][]byte, bundled map[string]bool,
	found imports) error {
	defined, err := l.definitions()
	if err != nil {
		return err
	}
	options := bundling(files, defined)
	options.Splitting, options.Format, options.Metafile = true, api.FormatESModule, true
	options.ChunkNames = "js/part-[hash]"
	names := translated
	if l.Tag == original {
		names = entries
	}
	for _, name := range names {
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{
			InputPath: name, OutputPath: strings.TrimSuffix(l.module(name), ".js")})
	}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return errors.New("cannot put the modules together: " + place(result.Errors[0]))
	}
	var meta struct {
		Inputs  map[string]struct{} `json:"inputs"`
		Outputs map[string]struct {
			Imports []struct{ Path, Kind string } `json:"imports"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		return err
	}
	for name := range meta.Inputs {
		bundled[strings.TrimPrefix(name, inMemory+":")] = true
	}
	for _, out := range result.OutputFiles {
		made[strings.TrimPrefix(out.Path, "/")] = out.Contents
	}
	for name, out := range meta.Outputs {
		found[name] = []string{}
		for _, i := range out.Imports {
			if i.Kind == "import-statement" {
				found[name] = append(found[name], i.Path)
			}
		}
	}
	return nil
}

// bundling returns options that are the same for all bundles of these files.
func bundling(files map[string][]byte, defined map[string]string) api.BuildOptions {
	reader := api.Plugin{Name: inMemory, Setup: func(b api.PluginBuild) { readFrom(b, files) }}
	return api.BuildOptions{
		Bundle: true, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsInline,
		AbsWorkingDir: "/", Outdir: "/", Plugins: []api.Plugin{reader}, Define: defined,
	}
}

// readFrom has esbuild read files instead of the disk.
func readFrom(b api.PluginBuild, files map[string][]byte) {
	resolve := func(a api.OnResolveArgs) (api.OnResolveResult, error) {
		name := a.Path
		if a.Kind != api.ResolveEntryPoint {
			name = path.Join(path.Dir(a.Importer), a.Path)
		}
		if _, ok := files[name]; !ok {
			return api.OnResolveResult{}, fmt.Errorf("there is no %s", name)
		}
		return api.OnResolveResult{Path: name, Namespace: inMemory}, nil
	}
	load := func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		content := string(files[a.Path])
		return api.OnLoadResult{Contents: &content, Loader: api.LoaderJS}, nil
	}
	b.OnResolve(api.OnResolveOptions{Filter: ".*"}, resolve)
	b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: inMemory}, load)
}

// imports has the files that each file of a site imports when it is loaded.
type imports map[string][]string

// closure returns names with all that they import, directly or not, in the order in which a browser
// would find them.
func (i imports) closure(names ...string) (all []string) {
	seen := map[string]bool{}
	for len(names) > 0 {
		name := names[0]
		names = names[1:]
		if !seen[name] {
			seen[name] = true
			all = append(all, name)
			names = append(names, i[name]...)
		}
	}
	return all
}
