//go:build verify

package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/evanw/esbuild/pkg/api"

	"github.com/posttrain/posttrain/e2e/browser"
)

// documented is the site in the pages of docs/hosts. The test has its own in its place.
const documented = "https://playground.example.edu"

// experiment is the link of the experiment on these pages.
const experiment = "cards?lane=sft,steps=40,style=y&lane=grpo,steps=20"

// madeWith returns a copy of a folder of docs/hosts that names the test's site, with the packages
// of npm that it needs. They are installed under bin, once.
func madeWith(t *testing.T, host string, packages ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(tree, "docs", "hosts", host))); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(file string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		own := bytes.ReplaceAll(text, []byte(documented), []byte(address))
		return os.WriteFile(file, own, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	store, err := filepath.Abs(filepath.Join(tree, "bin", "hosts", packages[0]))
	if err != nil {
		t.Fatal(err)
	}
	list, all := filepath.Join(store, "installed"), strings.Join(packages, "\n")
	if had, err := os.ReadFile(list); err != nil || string(had) != all {
		output(t, dir, "npm", append([]string{"install", "--prefix", store, "--no-save",
			"--no-audit", "--no-fund", "--silent"}, packages...)...)
		if err := os.WriteFile(list, []byte(all), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(store, "node_modules"),
		filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// output runs a command in a folder. Its error has what the command says.
func output(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = dir
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, said)
	}
}

// served opens folders at one address, of another site than the lab's. The page keeps the links of
// labs that are ready.
func served(t *testing.T, dirs ...string) lab {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		for _, dir := range dirs {
			name := filepath.Join(dir, filepath.FromSlash(r.URL.Path))
			if _, err := os.Stat(name); err == nil {
				http.FileServer(http.Dir(dir)).ServeHTTP(w, r)
				return
			}
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	p := openHost(t)
	p.Before(`globalThis.ready = [];
		addEventListener("message", ({ data }) => { if (data?.type === "posttrain/ready") ready.push(data.link); });`)
	p.Show(browser.View{Width: 1440, Height: 900, Calm: true})
	p.Go(strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/index.html")
	return p
}

// framed returns what is in the frame of the experiment that the pages of docs/hosts begin with.
func (p lab) framed() lab {
	p.t.Helper()
	p.Wait(2*time.Minute, "ready.some((link) => link === "+quote(experiment)+")")
	return p.inFrame("title=Imitation")
}

// trainsIn starts and runs a lab in a frame with the mouse.
func (p lab) trainsIn(inside lab) {
	p.t.Helper()
	inside.Click("button.start-lab")
	inside.Wait(2*time.Minute, "window.posttrain?.link() && "+
		"!document.querySelector('button.run').disabled")
	inside.Click("button.run")
	inside.Wait(2*time.Minute, "posttrain.state().done")
}

// looks keeps pictures of a page at the widths of a desktop and a telephone.
func (p lab) looks(name string, dark bool) {
	p.t.Helper()
	theme := "light"
	if dark {
		theme = "dark"
	}
	for _, v := range []browser.View{{Width: 1440, Height: 900}, {Width: 390, Height: 844}} {
		v.Dark, v.Calm = dark, true
		p.Show(v)
		time.Sleep(2 * time.Second) // nothing tells when the stage has drawn its last
		file := filepath.Join(tree, "bin", "shots",
			fmt.Sprintf("host-%s-%d-%s.png", name, v.Width, theme))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			p.t.Fatal(err)
		}
		if err := os.WriteFile(file, p.Picture(false), 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
	p.Show(browser.View{Width: 1440, Height: 900, Calm: true})
}

// A deck of reveal.js has a compact lab. After its buttons were pressed with the mouse the keys
// turn slides. On a slide with a lesson they do after Escape.
func TestVerifyReveal(t *testing.T) {
	p := served(t, madeWith(t, "reveal", "reveal.js@6.0.2"))
	p.Wait(time.Minute, "document.querySelector('.reveal.ready')")
	inside := p.framed()
	p.looks("reveal-card", false)
	inside.Click("button.start-lab")
	inside.Wait(2*time.Minute, "window.posttrain?.link() && "+
		"!document.querySelector('button.run').disabled")
	turns := func(when string) {
		t.Helper()
		p.Press(kb.ArrowRight)
		p.Wait(time.Minute, "location.hash === '#/1'")
		p.Press(kb.ArrowLeft)
		p.Wait(time.Minute, "location.hash !== '#/1'")
	}
	turns("after Start")
	inside.Click("button.run")
	turns("after Run")
	inside.Wait(2*time.Minute, "posttrain.state().done")
	equal(t, inside.digests(), native(t, experiment))
	p.looks("reveal", false)
	over := browser.Eval[float64](p.Page, `(() => { const e = document.querySelector("section.present");
		return e.getBoundingClientRect().bottom - innerHeight; })()`)
	if over > 0 {
		t.Errorf("the slide is %v pixels higher than the window", over)
	}

	p.Run("location.hash = '#/2'")
	p.Wait(time.Minute, "ready.some((link) => link.startsWith('densities'))")
	lesson := p.inFrame("lesson.html")
	lesson.Click("button.start-lab")
	lesson.Wait(2*time.Minute, "window.posttrain && "+
		"document.querySelector('[data-way=next]')?.disabled === false")
	lesson.Click(next)
	p.looks("reveal-lesson", false)
	lesson.Press(kb.Escape)
	p.Press(kb.ArrowLeft)
	p.Wait(time.Minute, "location.hash === '#/1'")
}

// A page of VitePress has the element, which is dark when the page is, and a lesson of its own.
func TestVerifyVitePress(t *testing.T) {
	dir := madeWith(t, "vitepress", "vitepress@1.6.4")
	output(t, dir, filepath.Join(dir, "node_modules", ".bin", "vitepress"), "build", ".")
	p := served(t, filepath.Join(dir, ".vitepress", "dist"))
	inside := p.framed()
	p.looks("vitepress-card", false)
	p.trainsIn(inside)
	equal(t, inside.digests(), native(t, experiment))
	p.looks("vitepress", false)
	p.Run("document.querySelector('.VPSwitchAppearance').click()")
	inside.Wait(time.Minute, "document.documentElement.dataset.theme === 'dark'")
	p.looks("vitepress", true)
	p.Run("document.querySelector('posttrain-lab[lesson]').scrollIntoView()")
	p.Wait(time.Minute, "ready.length > 1")
	p.inFrame("#~").reads("h1", "What do forty steps change?")
	p.looks("vitepress-lesson", true)
}

// A book of MyST has the widget, drawn by the components of its themes.
func TestVerifyMyST(t *testing.T) {
	dir := madeWith(t, "myst", "mystmd@1.8.3", "@myst-theme/anywidget@1.4.1",
		"@myst-theme/providers@1.4.1", "myst-to-react@1.3.0", "react@18.3.1", "react-dom@18.3.1")
	theme := filepath.Join(dir, "theme")
	if err := os.CopyFS(theme, os.DirFS(filepath.Join("testdata", "myst"))); err != nil {
		t.Fatal(err)
	}
	// its own theme is on another host
	config := filepath.Join(dir, "myst.yml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, bytes.Replace(text, []byte("book-theme"), []byte("./theme"), 1),
		0o600); err != nil {
		t.Fatal(err)
	}
	output(t, dir, filepath.Join(dir, "node_modules", ".bin", "myst"), "build", "--site")
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{filepath.Join(theme, "page.js")}, AbsWorkingDir: dir,
		Outfile: filepath.Join(theme, "page.js"), AllowOverwrite: true, Write: true, Bundle: true,
		Format: api.FormatESModule, Target: api.ES2022,
		Define: map[string]string{"process.env.NODE_ENV": `"production"`},
	})
	for _, e := range result.Errors {
		t.Fatal(e.Text)
	}
	built := filepath.Join(dir, "_build", "site")
	p := served(t, theme, built, filepath.Join(built, "public"))
	inside := p.framed()
	p.looks("myst-card", false)
	p.trainsIn(inside)
	equal(t, inside.digests(), native(t, experiment))
	p.looks("myst", false)
	p.Run("document.body.style.background = '#111'; document.body.style.color = '#eee'")
	inside.Wait(time.Minute, "document.documentElement.dataset.theme === 'dark'")
	p.looks("myst", true)
}
