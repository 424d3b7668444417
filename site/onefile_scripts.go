package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// scriptsInside returns the scripts of pages, and those of workers, each in one piece, in English.
func scriptsInside(ctx context.Context, tree, pages string) (map[string]string, error) {
	files, err := sources(ctx, tree)
	if err != nil {
		return nil, err
	}
	if err := putInstead(files); err != nil {
		return nil, err
	}
	classic, modules := slices.Clone(workersInside), []string(nil)
	for _, m := range scriptTag.FindAllStringSubmatch(pages, -1) {
		if m[1] == "" {
			classic = append(classic, m[2])
		} else {
			modules = append(modules, m[2])
		}
	}
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
	if err := pack(files, defined, modules, api.FormatESModule, made); err != nil {
		return nil, err
	}
	// workers are classic scripts too, see startWorker of onefile/files.js
	return made, pack(files, defined, classic, api.FormatIIFE, made)
}

// putInstead puts modules in the places of those that find files of a site.
func putInstead(files map[string][]byte) error {
	names, err := fs.Glob(instead, "onefile/*.js")
	for _, name := range names {
		var content []byte
		if content, err = instead.ReadFile(name); err != nil {
			return err
		}
		files["js/"+path.Base(name)] = content
	}
	return err
}

// notInPages matches what would end a script in a page, or go on with it behind its end.
var notInPages = regexp.MustCompile(`(?i)<!--|</?(script|style)`)

// pack adds scripts to made, each with all that it imports.
func pack(files map[string][]byte, defined map[string]string, names []string, format api.Format,
	made map[string]string) error {
	options := bundling(files, defined)
	options.Format = format
	for _, name := range names {
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{
			InputPath: name, OutputPath: strings.TrimSuffix(name, ".js")})
	}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return errors.New("cannot put the modules together: " + place(result.Errors[0]))
	}
	for _, out := range result.OutputFiles {
		name, script := strings.TrimPrefix(out.Path, "/"), string(out.Contents)
		if notInPages.MatchString(script) {
			return fmt.Errorf("%s has %q in it, which means something else in a page", name,
				notInPages.FindString(script))
		}
		made[name] = script
	}
	return nil
}
