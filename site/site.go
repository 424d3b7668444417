// Package site makes the playground's static files and serves them. The same files work on any
// static host.
package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
)

//go:generate go test -vet=off -run ^TestMessageTypes$ . -update

//go:embed *.html *.js *.css *.svg css/*.css js/*.js parts/*.html
var pages embed.FS

// manifest is the file of a built site with hashes of the files that its compressed files were made
// from.
const manifest = ".manifest.json"

// Build writes the site of the module in the folder tree into dir. It leaves files alone that have
// not changed and removes those that are no longer part of the site. It writes nothing before all
// files are made. It calls progress before steps that take long.
func Build(ctx context.Context, tree, dir string, progress func(string)) error {
	files, err := collect(ctx, tree, progress)
	if err != nil {
		return err
	}
	before := readManifest(dir)
	now := make(map[string]string, len(files))
	for name, content := range files {
		sum := sha256.Sum256(content)
		now[name] = hex.EncodeToString(sum[:])
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("cannot make the folder for the site: %w", err)
	}
	for _, name := range sorted(files) {
		if before[name] == now[name] && whole(dir, name, len(files[name])) {
			continue
		}
		if len(files[name]) > 1<<20 {
			progress(fmt.Sprintf("compressing %s", name))
		}
		if err := write(dir, name, files[name]); err != nil {
			return fmt.Errorf("cannot write %s of the site: %w", name, err)
		}
	}
	if err := prune(dir, now); err != nil {
		return fmt.Errorf("cannot remove a file that the site no longer has: %w", err)
	}
	text, err := json.MarshalIndent(now, "", "\t")
	if err != nil {
		return err
	}
	if err := replace(filepath.Join(dir, manifest), text); err != nil {
		return fmt.Errorf("cannot write the list of the site's files: %w", err)
	}
	return nil
}

// collect makes every file of the site.
func collect(ctx context.Context, tree string, progress func(string)) (map[string][]byte, error) {
	catalogue := standard()
	files, err := sources(ctx, tree)
	if err != nil {
		return nil, err
	}
	files[".nojekyll"] = nil // GitHub Pages: serve the files as they are
	if files["course.html"], err = course(catalogue, files["course.html"]); err != nil {
		return nil, err
	}
	if files["welcome.json"], err = welcome(catalogue); err != nil {
		return nil, err
	}
	if files["guide.json"], err = guideData(catalogue); err != nil {
		return nil, err
	}
	if files["dials.json"], err = dialSources(tree); err != nil {
		return nil, fmt.Errorf("cannot read the source of the dial board: %w", err)
	}
	copies := map[string]string{"kernels.wasm": filepath.Join(tree, "core", "num", "kernels.wasm")}
	// see Base.File and Exhibit.File of core/recipe
	for folder, kind := range map[string]string{"bases": "core/recipe/bases/*.msgp",
		"results": "core/recipe/results/*.json", "studies": "studies/exhibits/*.json"} {
		found, err := filepath.Glob(filepath.Join(tree, filepath.FromSlash(kind)))
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			copies[folder+"/"+filepath.Base(file)] = file
		}
	}
	for name, from := range copies {
		if files[name], err = os.ReadFile(from); err != nil {
			return nil, fmt.Errorf("cannot read what becomes %s of the site: %w", name, err)
		}
	}
	looked, err := newFinder(catalogue, func(exhibit string) []byte {
		return files["studies/"+exhibit+".json"]
	})
	if err != nil {
		return nil, fmt.Errorf("finder.json: %w", err)
	}
	if files["finder.json"], err = json.Marshal(looked); err != nil {
		return nil, err
	}
	if err := addSources(files, tree); err != nil {
		return nil, err
	}
	if err := addLessons(catalogue, files); err != nil {
		return nil, err
	}
	spoken, err := languages()
	if err != nil {
		return nil, fmt.Errorf("cannot read the texts of the page: %w", err)
	}
	source := files["guide.html"]
	for _, l := range spoken {
		if files[l.folder()+"guide.html"], err = guidePage(source, l, spoken); err != nil {
			return nil, err
		}
	}
	made, err := bundle(files, spoken)
	if err != nil {
		return nil, err
	}
	if err := insertLab(catalogue, files, made, spoken); err != nil {
		return nil, err
	}
	if err := insertReference(catalogue, files); err != nil {
		return nil, err
	}
	if err := slim(files, made, spoken); err != nil {
		return nil, err
	}
	return files, programs(ctx, tree, files, progress)
}

// standard returns the catalogue of the page: the trainer's, with the interpreter for programs in
// links.
func standard() *recipe.Catalogue { return recipe.Standard().WithScripts(script.Starlark{}) }

// sources returns the files that pages, scripts and styles are made from.
func sources(ctx context.Context, tree string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(pages, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[name], err = pages.ReadFile(name)
		return err
	})
	if err != nil {
		return nil, err
	}
	goroot, err := run(ctx, tree, nil, "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	exec := filepath.Join(strings.TrimSpace(goroot), "lib", "wasm", "wasm_exec.js")
	if files["js/wasm_exec.js"], err = os.ReadFile(exec); err != nil {
		return nil, fmt.Errorf("cannot read what becomes a part of the site: %w", err)
	}
	return files, nil
}

// addSources adds the source file of every method as methods/NAME.json, a JSON string. The page
// shows it beside what the method does in an update.
func addSources(files map[string][]byte, tree string) error {
	for _, m := range method.All() {
		source, err := os.ReadFile(filepath.Join(tree, "core", "method", m.Name+".go"))
		if err != nil {
			return fmt.Errorf("cannot read the source of method %s: %w", m.Name, err)
		}
		if files["methods/"+m.Name+".json"], err = json.Marshal(string(source)); err != nil {
			return err
		}
	}
	return nil
}

// programs compiles the trainer, with and without the interpreter for scripts, the stage, the guide
// and what reads studies and lessons. They compress better without inlining, so each inlines only
// where speed matters: the trainer in its inner loops, the stage in our own packages and in
// Ebitengine, which run at each frame.
func programs(ctx context.Context, tree string, files map[string][]byte,
	progress func(string)) error {
	temp, err := os.MkdirTemp("", "posttrain")
	if err != nil {
		return fmt.Errorf("cannot make a folder to compile in: %w", err)
	}
	defer os.RemoveAll(temp)
	inner := []string{"github.com/posttrain/posttrain/core/num/...",
		"github.com/posttrain/posttrain/core/optim", "github.com/posttrain/posttrain/core/rollout"}
	for _, p := range []struct {
		name, pkg, tags string
		inlined         []string
	}{
		{"trainer.wasm", "./wasm/trainer", "page", inner},
		{scriptedTrainer, "./wasm/trainer", "page,scripts", inner},
		{"stage.wasm", "./wasm/stage", "page",
			[]string{"github.com/posttrain/posttrain/...", "github.com/hajimehoshi/ebiten/v2/..."}},
		{"guide.wasm", "./wasm/guide", "page", nil},
		{"replay.wasm", "./wasm/replay", "page", nil},
		{"lesson.wasm", "./wasm/lesson", "page", nil},
	} {
		progress("building " + p.name)
		out := filepath.Join(temp, p.name)
		args := []string{"build", "-tags", p.tags, "-trimpath", "-buildvcs=false", "-ldflags=-s -w",
			"-gcflags=all=-l"}
		for _, pattern := range p.inlined {
			args = append(args, "-gcflags="+pattern+"=")
		}
		if _, err := run(ctx, tree, []string{"GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0", "GOFLAGS="},
			"go", append(args, "-o", out, p.pkg)...); err != nil {
			return err
		}
		if files[p.name], err = os.ReadFile(out); err != nil {
			return err
		}
	}
	return nil
}

// run runs a command and returns its standard output. The error has its standard error.
func run(ctx context.Context, dir string, env []string, name string, args ...string) (string,
	error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var complaints bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), env...), &complaints
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("the site is compiled with the command %s, which is not on the "+
			"PATH: install it, or add its folder to the PATH", name)
	}
	if err != nil {
		return "", fmt.Errorf("%s %s failed: %w\n%s", name, strings.Join(args, " "), err,
			complaints.String())
	}
	return string(out), nil
}

func readManifest(dir string) map[string]string {
	var m map[string]string
	text, err := os.ReadFile(filepath.Join(dir, manifest))
	if err == nil && json.Unmarshal(text, &m) != nil {
		return nil // all files are written again
	}
	return m
}

// whole reports whether a file that was written before still exists with its compressed forms.
func whole(dir, name string, size int) bool {
	for _, twin := range append([]string{""}, twins(name)...) {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name+twin)))
		if err != nil || twin == "" && info.Size() != int64(size) {
			return false
		}
	}
	return true
}

// prune removes files of an earlier site that are no longer part of it. It leaves a folder alone
// that this program has not made.
func prune(dir string, now map[string]string) error {
	for name := range readManifest(dir) {
		if _, ok := now[name]; ok {
			continue
		}
		for _, twin := range append([]string{""}, twins(name)...) {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name+twin))); err != nil &&
				!errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func sorted(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
