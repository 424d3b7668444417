package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
)

// packaged returns the package of a lesson, unpacked into a folder.
func packaged(t *testing.T, l *lesson.Lesson) (dir string) {
	t.Helper()
	subject, err := site.Taught(l)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := site.Zip(pageOf(t, subject), subject.Title)
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	return dir
}

// system is a course system as the standard describes it (SCORM 1.2 Run-Time Environment, sections
// 3.2 to 3.4): it answers calls in the right order, takes the elements of the data model that this
// package uses with values of the right form, and notes everything else as an error.
const system = `
	globalThis.store = {}; globalThis.errors = []; globalThis.state = "before";
	const text255 = (v) => v.length <= 255;
	const forms = {
		"cmi.core.lesson_status": (v) => ["passed", "completed", "failed", "incomplete", "browsed", "not attempted"].includes(v),
		"cmi.core.lesson_location": text255, "cmi.core.exit": (v) => ["time-out", "suspend", "logout", ""].includes(v),
		"cmi.core.score.raw": (v) => v >= 0 && v <= 100, "cmi.core.score.min": (v) => v >= 0 && v <= 100, "cmi.core.score.max": (v) => v >= 0 && v <= 100,
		"cmi.suspend_data": (v) => v.length <= 4096,
	};
	const ofInteraction = {
		id: (v) => text255(v) && /^\S+$/.test(v), type: (v) => ["true-false", "choice", "fill-in", "matching", "performance", "sequencing", "likert", "numeric"].includes(v),
		student_response: (v, type) => type === "choice" ? /^[a-z0-9](,[a-z0-9])*$/.test(v) : text255(v), result: (v) => ["correct", "wrong", "unanticipated", "neutral"].includes(v) || v >= 0,
	};
	const fail = (what) => { errors.push(what); return "false"; };
	const running = (what) => state === "running" || fail(what + " while " + state);
	globalThis.API = {
		LMSInitialize(v) { if (v !== "" || state !== "before") return fail("LMSInitialize"); state = "running"; return "true"; },
		LMSFinish(v) { if (v !== "" || state !== "running") return fail("LMSFinish"); state = "over"; return "true"; },
		LMSCommit(v) { return v === "" && running("LMSCommit") === true ? "true" : fail("LMSCommit"); },
		LMSGetValue(name) { running("LMSGetValue"); return store[name] ?? (name === "cmi.core.lesson_status" ? "not attempted" : ""); },
		LMSSetValue(name, value) {
			if (running("LMSSetValue") !== true) return "false";
			const [, number, part] = name.match(/^cmi\.interactions\.(\d+)\.(\w+)$/) ?? [];
			const taken = Object.keys(store).filter((n) => /^cmi\.interactions\.\d+\.id$/.test(n)).length;
			if (part !== undefined && number > taken) return fail(name + " before the one before it");
			const form = part ? ofInteraction[part] : forms[name];
			if (typeof value !== "string" || !form?.(value, store["cmi.interactions." + number + ".type"])) return fail(name + " = " + value);
			store[name] = value;
			return "true";
		},
		LMSGetLastError: () => "0", LMSGetErrorString: () => "", LMSGetDiagnostic: () => "",
	};`

// A lesson as a package of SCORM 1.2: the manifest names what is in it, and the page reports to a
// course system how far somebody is, what they have answered and how much of it is right; there
// they go on where they were.
func TestAPackageForCourseSystems(t *testing.T) {
	l := lessonNamed(t, "densities")
	dir := packaged(t, l)
	var about struct {
		Schema  string `xml:"metadata>schema"`
		Version string `xml:"metadata>schemaversion"`
		Default struct {
			Name  string `xml:"default,attr"`
			Known []struct {
				ID    string `xml:"identifier,attr"`
				Title string `xml:"title"`
				Items []struct {
					Of string `xml:"identifierref,attr"`
				} `xml:"item"`
			} `xml:"organization"`
		} `xml:"organizations"`
		Resources []struct {
			ID    string `xml:"identifier,attr"`
			Type  string `xml:"type,attr"`
			Kind  string `xml:"http://www.adlnet.org/xsd/adlcp_rootv1p2 scormtype,attr"`
			Href  string `xml:"href,attr"`
			Files []struct {
				Href string `xml:"href,attr"`
			} `xml:"file"`
		} `xml:"resources>resource"`
	}
	text, err := os.ReadFile(filepath.Join(dir, "imsmanifest.xml"))
	if err == nil {
		err = xml.Unmarshal(text, &about)
	}
	if err != nil {
		t.Fatal(err)
	}
	if about.Schema != "ADL SCORM" || about.Version != "1.2" || len(about.Default.Known) != 1 ||
		about.Default.Name != about.Default.Known[0].ID || len(about.Resources) != 1 ||
		about.Default.Known[0].Title != l.Title ||
		about.Default.Known[0].Items[0].Of != about.Resources[0].ID ||
		about.Resources[0].Type != "webcontent" || about.Resources[0].Kind != "sco" ||
		about.Resources[0].Href != about.Resources[0].Files[0].Href {
		t.Errorf("the manifest is\n%s", text)
	}

	files := http.FileServer(http.Dir(dir))
	lms := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/course" {
			files.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!doctype html><html lang="en"><title>A course system</title><link rel="icon" href="data:,">
			<script>` + system + `</script><iframe id="sco" width="1200" height="800"></iframe>`))
	}))
	t.Cleanup(lms.Close)
	p := lab{chromium.Open(t), t}
	p.Go(lms.URL + "/course")
	open := func() {
		t.Helper()
		p.Run(`document.querySelector("#sco").src = "/` + about.Resources[0].Href + `"`)
		p.Wait(time.Minute, "sco.contentDocument?.querySelector('button.start-lab, #lesson h2')")
		p.Run("globalThis.inside = sco.contentDocument")
	}
	open()
	p.Wait(time.Minute, "state === 'running' && store['cmi.core.lesson_status'] === 'incomplete'")
	const step = "inside.querySelector('#lesson h2').innerText"
	asked := 0
	for i, s := range l.Steps {
		p.Wait(time.Minute, step+" === "+quote(s.Title))
		if s.Goal == nil { // it is done when it has been opened
			p.Wait(time.Minute, "store['cmi.core.lesson_location'] === "+quote(s.ID))
		}
		if s.Choices != nil { // the first choice
			asked++
			p.Run(`inside.querySelector("#choice-0").click(); inside.querySelector("#lesson form button").click()`)
			p.Wait(time.Minute, "store['cmi.interactions.0.result']")
		}
		if i == 3 { // leaves, and comes back another day
			p.Run(`document.querySelector("#sco").src = "about:blank"`)
			p.Wait(time.Minute, "state === 'over'")
			p.Run(`state = "before"; inside.defaultView?.localStorage?.clear(); localStorage.clear()`)
			open()
			p.Wait(time.Minute, step+" === "+quote(s.Title))
		}
		p.Run(`(inside.querySelector("[data-way=next]:not(:disabled)") ?? inside.querySelector("#lesson .turn-page .quiet")).click()`)
	}
	p.Wait(time.Minute, step+" === 'The end'")
	right := 0
	for _, s := range l.Steps {
		if s.Choices != nil && s.Choices[0].Right {
			right++
		}
	}
	type kept = map[string]string
	store := browser.Eval[kept](p.Page, "store")
	if asked != 1 {
		t.Fatalf("the lesson has %d questions with choices, want one", asked)
	}
	result, score := "wrong", "0"
	if right == 1 {
		result, score = "correct", "100"
	}
	for name, want := range (kept{"cmi.core.score.raw": score,
		"cmi.core.score.max": "100", "cmi.interactions.0.student_response": "a",
		"cmi.interactions.0.type": "choice", "cmi.interactions.0.result": result,
		// steps that were skipped are not done
		"cmi.core.lesson_status": "incomplete"}) {
		if store[name] != want {
			t.Errorf("%s is %q, want %q", name, store[name], want)
		}
	}
	if !strings.Contains(store["cmi.suspend_data"], l.Digest) {
		t.Errorf("what is kept is %q", store["cmi.suspend_data"])
	}
	if errors := browser.Eval[[]string](p.Page, "errors"); len(errors) > 0 {
		t.Errorf("the course system complains: %q", errors)
	}
}
