package cells

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study/design"
	"github.com/posttrain/posttrain/core/train"
)

const tinyLink = "cards?eval_every=2&eval_prompts=3&lane=sft,steps=2,batch=4~grpo,steps=3,batch=2,group=3"

// compute computes the cell of a link.
func compute(t testing.TB, link string, threads int) Outcome {
	t.Helper()
	r, err := recipe.Standard().Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Run(context.Background(), r, Options{Threads: threads})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAnOutcomeFollowsFromItsLink(t *testing.T) {
	want := compute(t, tinyLink, 1)
	if err := want.check(); err != nil {
		t.Error(err)
	}
	wantLine, err := Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	haveLine, err := Encode(compute(t, tinyLink, 3))
	if err != nil || !bytes.Equal(haveLine, wantLine) {
		t.Errorf("on 3 threads it is\n%s%v\nwant\n%s", haveLine, err, wantLine)
	}
	var steps []int
	for _, p := range want.Curve {
		steps = append(steps, p.Step)
		for _, level := range []string{"id", "ood", "prior"} {
			if _, ok := p.Value("eval/" + level + "/accuracy"); !ok {
				t.Errorf("step %d has no accuracy at %s", p.Step, level)
			}
		}
	}
	if len(steps) < 3 || steps[0] != 0 || steps[len(steps)-1] != 5 || want.Steps != 5 {
		t.Errorf("the curve has steps %v, and the lane ends at %d", steps, want.Steps)
	}
	last := want.Curve[len(want.Curve)-1]
	for _, metric := range []string{"eval/id/accuracy", "cost/flops"} {
		at, _ := last.Value(metric)
		end, ok := want.Value(metric)
		if !ok || at != end {
			t.Errorf("%s is %v at the end of the curve, and %v, %v at the end", metric, at, end, ok)
		}
	}
	if strings.Contains(string(wantLine), "seconds") {
		t.Errorf("it has seconds: %s", wantLine)
	}
}

// A recipe without a network has no base.
func TestWithoutANetwork(t *testing.T) {
	o := compute(t, "densities?lane=sft,samples=20", 1)
	if err := o.check(); err != nil || o.BaseDigest != "" {
		t.Errorf("%v, base %q", err, o.BaseDigest)
	}
}

func TestOneLaneToACell(t *testing.T) {
	r, err := recipe.Standard().Parse("memorise")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), r, Options{}); !errors.Is(err, ErrRecipe) {
		t.Error(err)
	}
}

// smallPlan is a study of four runs, of which one is in two experiments.
func smallPlan() Plan {
	cell := func(experiment, seed string, part design.Part) design.Cell {
		return design.Cell{Link: "cards?seed=" + seed + "&lane=sft", Experiment: experiment,
			Arm: "sft", Config: "sft", Base: 1, Seed: uint64(seed[0] - '0'), Part: part}
	}
	return Plan{Name: "small", Cells: []design.Cell{
		cell("a", "1", design.Tune), cell("a", "2", design.Judge), cell("a", "3", design.Judge),
		cell("b", "2", design.Judge), cell("b", "4", design.Judge)}}
}

// small returns an outcome with other numbers for each link.
func small(link string) Outcome {
	o := Outcome{ID: design.Cell{Link: link}.ID(), Link: link, Engine: train.Engine,
		Digest: strings.Repeat(design.Cell{Link: link}.ID(), 2), Steps: 1, Cost: Cost{}}
	for name := range newCost(protocol.Cost{}) {
		o.Cost[name] = 1
	}
	o.Before = map[string]float64{"eval/id/accuracy": 0.25}
	o.After = map[string]float64{"eval/id/accuracy": 0.5}
	o.Curve = []Point{{Metrics: o.Before, Cost: newCost(protocol.Cost{})},
		{Step: 1, Metrics: o.After, Cost: o.Cost}}
	return o
}

func open(t *testing.T, dir string, p Plan) *Folder {
	t.Helper()
	f, err := Open(dir, p)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func add(t *testing.T, f *Folder, seeds ...string) {
	t.Helper()
	for _, seed := range seeds {
		o := small("cards?seed=" + seed + "&lane=sft")
		if err := f.Add(o, Work{ID: o.ID, Finished: time.Unix(1, 0).UTC()}); err != nil {
			t.Fatal(err)
		}
	}
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, dir, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// wanted is the file of all results of smallPlan.
func wanted(t testing.TB) string {
	var all strings.Builder
	for _, c := range smallPlan().Cells {
		line, err := Encode(NewResult(c, small(c.Link)))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(line)
	}
	return all.String()
}

// In whatever order outcomes arrive, in one go or several, the file ends in the plan's order.
func TestResultsEndInThePlansOrder(t *testing.T) {
	for _, parts := range [][][]string{
		{{"1", "2", "3", "4"}}, {{"4", "3", "2", "1"}}, {{"3"}, {"2", "2"}, {"4", "1"}},
	} {
		dir := t.TempDir()
		for _, seeds := range parts {
			f := open(t, dir, smallPlan())
			add(t, f, seeds...)
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if have := text(t, dir, ResultsFile); have != wanted(t) {
			t.Errorf("%v:\n%s\nwant\n%s", parts, have, wanted(t))
		}
		if works, err := ReadWork(filepath.Join(dir, WorkFile)); err != nil || len(works) != 4 {
			t.Errorf("%v: %v, %v", parts, works, err)
		}
	}
}

// A process that is killed in the middle of a line, of either file, or before it puts the results
// into their order.
func TestKilledWhileWriting(t *testing.T) {
	whole := wanted(t)
	for cut := range len(whole) {
		if cut%97 > 0 && whole[cut] != '\n' {
			continue
		}
		dir := t.TempDir()
		f := open(t, dir, smallPlan())
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		write(t, dir, ResultsFile, whole[:cut])
		write(t, dir, WorkFile, `{"id":"x","wor`)
		write(t, dir, "."+ResultsFile+".123", "left over")
		f = open(t, dir, smallPlan())
		if kept := strings.Count(whole[:cut], "\n"); f.Left() != 5-kept {
			t.Errorf("cut after %d bytes: %d results are left, %d lines were whole", cut, f.Left(),
				kept)
		}
		add(t, f, "4", "3", "2", "1")
		if err := f.Close(); err != nil || f.Left() > 0 {
			t.Fatal(err, f.Left())
		}
		if have := text(t, dir, ResultsFile); have != whole {
			t.Errorf("cut after %d bytes:\n%s", cut, have)
		}
		if _, err := ReadWork(filepath.Join(dir, WorkFile)); err != nil {
			t.Error(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 3 {
			t.Errorf("the folder has %v, %v", entries, err)
		}
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	other := smallPlan()
	other.Name, other.Cells = "larger", append(other.Cells, other.Cells[0])
	line, _, _ := strings.Cut(wanted(t), "\n")
	for _, c := range []struct {
		name, file, content string
		plan                Plan
		says                string
	}{
		{"another study", "", "", other,
			`holds another study, "small" (` + smallPlan().Hash()[:8] + `, 5 cells): name another`},
		{"no study", PlanFile, "", smallPlan(), "so it is not a study's"},
		{"a damaged plan", PlanFile, "{", smallPlan(), "its plan.json is damaged"},
		{"another engine", PlanFile, strings.Replace(planText(t), `"engine":`, `"engine":9`, 1),
			smallPlan(), "holds a study of engine 9"},
		{"a line twice", ResultsFile, line + "\n" + line + "\n", smallPlan(),
			"is there a second time"},
		{"another cell", ResultsFile, strings.Replace(line, `"arm":"sft"`, `"arm":"x"`, 1) + "\n",
			smallPlan(), "is not one of this study"},
		{"nonsense", ResultsFile, line + "\nnonsense\n", smallPlan(), "line 2: invalid character"},
	} {
		dir := t.TempDir()
		if err := open(t, dir, smallPlan()).Close(); err != nil {
			t.Fatal(err)
		}
		if c.file == PlanFile && c.content == "" {
			if err := os.Remove(filepath.Join(dir, PlanFile)); err != nil {
				t.Fatal(err)
			}
		} else if c.file != "" {
			write(t, dir, c.file, c.content)
		}
		f, err := Open(dir, c.plan)
		if err == nil {
			t.Errorf("%s: it is not refused", c.name)
			_ = f.Close()
			continue
		}
		if !strings.Contains(err.Error(), c.says) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func planText(t *testing.T) string {
	dir := t.TempDir()
	if err := open(t, dir, smallPlan()).Close(); err != nil {
		t.Fatal(err)
	}
	return text(t, dir, PlanFile)
}

func TestOneProcessToAFolder(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, smallPlan())
	if _, err := Open(dir, smallPlan()); err == nil ||
		!strings.Contains(err.Error(), "another run is writing in") {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// A result that cannot be written is an error, and what was there before is as it was.
func TestAResultThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir, smallPlan())
	add(t, f, "1")
	before := text(t, dir, ResultsFile)
	whole := f.results
	readOnly, err := os.Open(filepath.Join(dir, ResultsFile))
	if err != nil {
		t.Fatal(err)
	}
	f.results = readOnly
	o := small("cards?seed=2&lane=sft")
	if err := f.Add(o, Work{}); !errors.Is(err, ErrSave) {
		t.Error(err)
	}
	f.results = whole
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	if have := text(t, dir, ResultsFile); have != before {
		t.Errorf("%s\nwant\n%s", have, before)
	}
}

// What cannot be a result is refused with the number of its line.
func TestLinesThatAreRefused(t *testing.T) {
	good, _, _ := strings.Cut(wanted(t), "\n")
	for _, c := range []struct{ old, now, says string }{
		{`"seed":1`, `"seed":1,"colour":2`, `unknown field "colour"`},
		{`"id":"`, `"id":"0`, "and that of its link is"},
		{`"part":"tune"`, `"part":"other"`, `part is "other", want tune or judge`},
		{`"engine":`, `"engine":8`, "engine 8"},
		{`"digest":"`, `"digest":"x`, "want 64 hexadecimal digits"},
		{`"steps":1`, `"steps":-1`, "steps is -1"},
		{`"steps":1`, `"steps":0`, "point 2 of the curve is at step 1"},
		{`0.5`, `1.5`, "want a share from 0 to 1"},
		{`eval/id/accuracy`, `eval/id/beauty`, `"eval/id/beauty" is no metric`},
		{`"flops":1`, `"flops":-1`, "cost has flops of -1"},
		{`"flops":1`, `"flop":1`, `cost has "flop"`},
		{`"flops":1,`, ``, "cost has 7 of 8 entries"},
		{`"curve":[`, `"curve":[]}#`, "something follows the JSON"},
		{good, good + " {}", "something follows the JSON"},
		{good, good[:len(good)/2], "line 2: "},
	} {
		dir := t.TempDir()
		write(t, dir, "r", good+"\n"+strings.Replace(good, c.old, c.now, 1)+"\n")
		results, err := ReadFile(filepath.Join(dir, "r"))
		if err == nil || !strings.Contains(err.Error(), "line 2: ") ||
			!strings.Contains(err.Error(), c.says) || len(results) != 1 {
			t.Errorf("%s for %s: %v", c.now, c.old, err)
		}
	}
	dir := t.TempDir()
	write(t, dir, "r", good+"\n"+good[:50])
	if _, err := ReadFile(filepath.Join(dir, "r")); !errors.Is(err, ErrCut) {
		t.Error(err)
	}
}

// What is read is written as it was read.
func FuzzDecode(f *testing.F) {
	for line := range strings.Lines(wanted(f)) {
		f.Add([]byte(line))
	}
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		r, err := Decode(line)
		if err != nil {
			return
		}
		once, err := Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("%s\nbecomes\n%s\nwhich is refused: %v", line, once, err)
		}
		if twice, err := Encode(again); err != nil || !bytes.Equal(once, twice) {
			t.Errorf("%s\nbecomes\n%s%v", once, twice, err)
		}
	})
}

// A cell in work that is interrupted at any event, again and again, ends with the outcome of one
// that was left alone. What is damaged or is not there makes it begin anew.
func TestACellGoesOn(t *testing.T) {
	want, err := Encode(compute(t, tinyLink, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, damage := range []string{"", curveFile, "lane-1.msgp", "recipe.txt", "gone"} {
		dir := filepath.Join(t.TempDir(), "cell")
		for n := 1; ; n++ {
			o, seen, err := interrupted(t, dir, n)
			if err == nil {
				if damage == "" && seen > 5 {
					t.Errorf("after an interruption there were still %d events", seen)
				}
				have, err := Encode(o)
				if err != nil || !bytes.Equal(have, want) {
					t.Errorf("damaged %q: it ends with\n%s%v\nwant\n%s", damage, have, err, want)
				}
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("damaged %q: %v", damage, err)
			}
			switch {
			case damage == "gone" && n == 6:
				err = os.RemoveAll(dir)
			case damage != "" && n == 6:
				err = os.WriteFile(filepath.Join(dir, damage), []byte("[{}]"), 0o644)
			default:
				err = nil
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("damaged %q: the folder is still there: %v", damage, err)
		}
	}
}

// interrupted computes a cell in a folder until its nth event, and returns how many it saw.
func interrupted(t *testing.T, dir string, n int) (o Outcome, seen int, err error) {
	t.Helper()
	r, err := recipe.Standard().Parse(tinyLink)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	o, err = Run(ctx, r, Options{Threads: 1, Folder: dir, Clock: func() float64 { return 0 },
		Observe: func(protocol.Event) {
			if seen++; seen == n {
				stop()
			}
		}})
	return o, seen, err
}

// Results can be kept compressed.
func TestReadFileDecompresses(t *testing.T) {
	c := design.Cell{Link: tinyLink, Experiment: "e", Arm: "a", Config: "c", Part: design.Judge}
	line, err := Encode(NewResult(c, compute(t, tinyLink, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(line) // Close has its error
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "results.jsonl.gz")
	for _, f := range []struct {
		text []byte
		ok   bool
	}{{packed.Bytes(), true}, {packed.Bytes()[:packed.Len()/2], false}, {line, false}} {
		if err := os.WriteFile(path, f.text, 0o644); err != nil {
			t.Fatal(err)
		}
		results, err := ReadFile(path)
		if (err == nil) != f.ok || f.ok && len(results) != 1 {
			t.Errorf("%d results, %v", len(results), err)
		}
	}
}
