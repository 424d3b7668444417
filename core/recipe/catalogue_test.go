package recipe

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// added returns the standard catalogue with additions.
func added(t *testing.T, more Entries) *Catalogue {
	t.Helper()
	c, err := Standard().With(more)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestStandard(t *testing.T) {
	c := Standard()
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	for _, k := range c.Tasks() {
		if b, err := c.Base(k.Base); err != nil || b.Task.Name != k.Name {
			t.Errorf("task %s has the base %q: %v", k.Name, k.Base, err)
		}
	}
	if !slices.IsSorted(names(c.Bases(), Base.name)) {
		t.Error("the bases are not sorted by name")
	}
	cards, err := c.Task("cards")
	if err != nil {
		t.Fatal(err)
	}
	v := param.Defaults(c.Knobs(cards))
	if base, teacher := v.Choice("base"), v.Choice("teacher"); base != "cards" ||
		teacher != "cards_expert" {
		t.Errorf("on cards the default base is %s, and the default teacher is %s", base, teacher)
	}
}

// Every exhibit and base that this package declares is in the standard catalogue.
func TestStandardHasAll(t *testing.T) {
	text, err := os.ReadFile("standard.go")
	if err != nil {
		t.Fatal(err)
	}
	listed := strings.Fields(strings.ReplaceAll(string(text), ",", " "))
	seen := 0
	declaration := regexp.MustCompile(`(?m)^var (\w+) = (?:Base|Exhibit)\{`)
	for _, text := range ownFiles(t) {
		for _, m := range declaration.FindAllStringSubmatch(text, -1) {
			if seen++; !slices.Contains(listed, m[1]) {
				t.Errorf("%s is declared, but standard.go does not list it", m[1])
			}
		}
	}
	if want := len(Standard().Bases()) + len(Standard().Exhibits()); seen != want {
		t.Errorf("%d bases and exhibits are declared, and %d listed", seen, want)
	}
}

// The comment of a base or an exhibit quotes its title.
func TestCommentsQuoteTitles(t *testing.T) {
	var titles []string
	for _, b := range Standard().Bases() {
		titles = append(titles, b.Title)
	}
	for _, e := range Standard().Exhibits() {
		titles = append(titles, e.Title)
	}
	text := ""
	for _, file := range ownFiles(t) {
		text += file
	}
	for _, title := range titles {
		if !strings.Contains(text, `"`+title+"\".\nvar ") {
			t.Errorf("no comment of a declaration ends in %q", title)
		}
	}
}

// ownFiles returns the sources of this package.
func ownFiles(t *testing.T) (texts []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

// Callers may change the lists that a catalogue returns: the catalogue stays as it is.
func TestListsAreCopies(t *testing.T) {
	c := Standard()
	r := parsed(t, "annotator?hide=cost")
	heads := func() []*string {
		return []*string{
			&c.Tasks()[0].Name, &c.Methods()[0].Name, &c.Bases()[0].Name, &c.Exhibits()[0].Name,
			&r.LaneNames()[0], &r.Hypotheses()[0].Says,
		}
	}
	for _, head := range heads() {
		*head = "x"
	}
	for i, head := range heads() {
		if *head == "x" {
			t.Errorf("list %d can be written to", i)
		}
	}
	if r.Describe().Page["hide"] = "x"; r.Describe().Page["hide"] != "cost" {
		t.Error("the page's keys can be written to")
	}
}

// ownEntries returns a small task with a base, a method and an exhibit.
func ownEntries() Entries {
	copying := task.Parity
	copying.Name, copying.Base = "mine", "mine"
	plain := method.SFT
	plain.Name = "plain"
	return Entries{
		Tasks:   []task.Task{copying},
		Methods: []method.Method{plain},
		Bases: []Base{{
			Name: "mine", Task: copying, Shape: BaseParity.Shape, Steps: 0, Computed: true,
		}},
		Exhibits: []Exhibit{{
			Name: "shown", Decides: "eval/id/accuracy", Link: "mine?lane=plain,steps=3&lane=sft",
			Next: []Change{{Says: "Practise for longer.", Set: "steps=9"}},
		}},
	}
}

func TestWith(t *testing.T) {
	c := added(t, ownEntries())
	r, err := c.Parse("shown?seed=7")
	if err != nil {
		t.Fatal(err)
	}
	want := today("shown?seed=7&lane=plain,steps=3&lane=sft")
	if r.Link() != want || len(r.Bases()) != 0 || r.Describe().Base.Name != "mine" {
		t.Errorf("it is %s on base %s, with files %v", r.Link(), r.Describe().Base.Name, r.Bases())
	}
	lanes, err := r.Plan()
	if err != nil || lanes[0].Base != lanes[1].Base {
		t.Errorf("the lanes do not start from one model: %v", err)
	}
	menu := c.Menu().Exhibits
	if n := len(Standard().Exhibits()) + 1; len(menu) != n || menu[n-1].Name != "shown" {
		t.Errorf("the menu has %d exhibits", len(menu))
	}
	if _, err := Standard().Parse("shown"); err == nil {
		t.Error("the standard catalogue has changed")
	}
}

func TestWithRefuses(t *testing.T) {
	for want, change := range map[string]func(*Entries){
		"task mine is there twice":      func(e *Entries) { e.Tasks = append(e.Tasks, e.Tasks[0]) },
		"task densities is there twice": func(e *Entries) { e.Tasks[0].Name = "densities" },
		"method grpo is there twice":    func(e *Entries) { e.Methods[0].Name = "grpo" },
		"base cards is there twice":     func(e *Entries) { e.Bases[0].Name = "cards" },
		"exhibit razor is there twice":  func(e *Entries) { e.Exhibits[0].Name = "razor" },
		`"Mine" cannot name a task`:     func(e *Entries) { e.Tasks[0].Name = "Mine" },
		"Reward is left out":            func(e *Entries) { e.Tasks[0].Reward = nil },
		"task mine: its Base is other":  func(e *Entries) { e.Tasks[0].Base = "other" },
		"its Teacher is cards_expert":   func(e *Entries) { e.Tasks[0].Teacher = "cards_expert" },
		"it has bases, and Base names":  func(e *Entries) { e.Tasks[0].Base = "" },
		`"a-b" cannot name a method`:    func(e *Entries) { e.Methods[0].Name = "a-b" },
		"Collect or Build is nil":       func(e *Entries) { e.Methods[0].Build = nil },
		"a method has no Name":          func(e *Entries) { e.Methods[0].Name = "" },
		"its setting seed is a key of a link": func(e *Entries) {
			e.Methods[0].Knobs = []param.Knob{param.Flag("seed", false, "Nothing.")}
		},
		"knob style is declared twice": func(e *Entries) {
			e.Methods[0].Knobs = []param.Knob{param.Flag("style", false, "Nothing.")}
		},
		"has no Checkpoint and is not Computed": func(e *Entries) { e.Bases[0].Computed = false },
		"model dim is 0":                        func(e *Entries) { e.Bases[0].Shape.Dim = 0 },
		"is too short for task mine":            func(e *Entries) { e.Bases[0].Shape.Context = 20 },
		`unknown setting "mistake"`: func(e *Entries) {
			e.Bases[0].Settings = []string{"mistake=0"}
		},
		"exhibit shown: unknown task": func(e *Entries) {
			e.Exhibits[0].Link = "nowhere?lane=sft"
		},
		`exhibit shown: lane "nothing"`: func(e *Entries) {
			e.Exhibits[0].Link = "cards?lane=nothing"
		},
		"exhibit mine: it has the name of a task": func(e *Entries) {
			e.Exhibits[0].Name, e.Exhibits[0].Link = "mine", "mine?eval_every=3&lane=sft"
		},
		"in Decides is no metric": func(e *Entries) { e.Exhibits[0].Decides = "beauty" },
		"Lanes has 1 different names": func(e *Entries) {
			e.Exhibits[0].Lanes = []string{"a", "a"}
		},
		"there is no lane 0 to change": func(e *Entries) {
			e.Exhibits[0].Next[0] = Change{Instead: "sft"}
		},
		"there is no lane 3 to change": func(e *Entries) {
			e.Exhibits[0].Next[0] = Change{Lane: 3, Set: "steps=1"}
		},
		"of a hypothesis is no metric": hypothesis(Hypothesis{Metric: "beauty", Higher: "sft"}),
		"is not about two of plain, sft": hypothesis(Hypothesis{Metric: "eval/id/accuracy",
			Higher: "grpo"}),
		"seconds differ between machines": hypothesis(Hypothesis{Metric: "cost/seconds",
			Higher: "sft"}),
		"base mine: task mine: Pretrain is": func(e *Entries) { e.Bases[0].Task.Pretrain = nil },
	} {
		e := ownEntries()
		change(&e)
		if _, err := Standard().With(e); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want %s", err, want)
		}
	}
}

func hypothesis(h Hypothesis) func(*Entries) {
	return func(e *Entries) { e.Exhibits[0].Hypotheses = []Hypothesis{h} }
}

// A method that learns from a teacher is refused on a task without one, and accepted on a task with
// one.
func TestATeacherIsNamed(t *testing.T) {
	c := added(t, ownEntries())
	_, err := c.Parse("mine?lane=opd")
	if err == nil || !strings.Contains(err.Error(), "learns from a teacher") {
		t.Errorf("without a teacher: %v", err)
	}
	e := ownEntries()
	e.Tasks[0].Teacher = "mine"
	r, err := added(t, e).Parse("mine?lane=opd")
	if err != nil {
		t.Fatal(err)
	}
	if lanes, err := r.Plan(); err != nil || lanes[0].Teacher == nil {
		t.Errorf("with a teacher: %v", err)
	}
}

// The checkpoint of a shipped base is read by the function given to WithBaseFiles, and that of an
// additional base is its Checkpoint.
func TestFilesOfBases(t *testing.T) {
	file, err := readShipped("parity")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	c := Standard().WithBaseFiles(func(name string) ([]byte, error) {
		if asked = append(asked, name); name == "cards" {
			return file, nil
		}
		return nil, fs.ErrNotExist
	})
	want, err := Standard().LoadBase("parity")
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.LoadBase("cards")
	if err != nil || p.Digest() != want.Digest() || !slices.Equal(asked, []string{"cards"}) {
		t.Errorf("%v was read: %v", asked, err)
	}
	if _, err := c.LoadBase("lock"); err == nil {
		t.Error("a base without a file is loaded")
	}
	if _, err := new(Catalogue).LoadBase("cards"); err == nil {
		t.Error("an empty catalogue has a base")
	}
	e := ownEntries()
	e.Bases[0].Computed, e.Bases[0].Checkpoint = false, file
	if p, err := added(t, e).LoadBase("mine"); err != nil || p.Digest() != want.Digest() {
		t.Errorf("a base's own file is not read: %v", err)
	}
}
