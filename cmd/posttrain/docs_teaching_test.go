package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/article"
	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/prose"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/train"
	"github.com/posttrain/posttrain/core/verdict"
	"github.com/posttrain/posttrain/wasm/vocabulary"
)

// docs/teaching.md is one page, written by hand around generated parts, like docs/guide.md and
// docs/results.md. A lecturer prints it or searches it as a whole, and whoever changes a table or
// the text beside it has to read both.
var teachingFile = filepath.Join("..", "..", "docs", "teaching.md")

// teachingDocs holds the generated parts of docs/teaching.md to what was recorded of its runs, and
// to the results of exhibits over several seeds.
func teachingDocs(t *testing.T) {
	page := teachingPage(t)
	kept := records(t)
	var inside, all int
	for _, name := range lesson.Names() {
		e, l := exhibitOf(t, name), builtIn(t, name)
		page = replacePart(t, page, name+", what it is", claimPart(e, l))
		page = replacePart(t, page, name+", against it", oneLine(e.Counter)+"\n")
		for _, r := range allTaught(name) {
			part, within, values := r.table(t, kept)
			page = replacePart(t, page, name+", "+r.part, part)
			inside, all = inside+within, all+values
		}
	}
	page = replacePart(t, page, "how far one seed is off", fmt.Sprintf("Of the %d values of "+
		"seed 1 in this page that have such a range, %d are in it.\n", all, inside))
	holdFile(t, teachingFile, page, "its runs gave")
}

func teachingPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(teachingFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// exhibitOf returns the exhibit that a lesson is about.
func exhibitOf(t *testing.T, name string) recipe.Exhibit {
	t.Helper()
	e, err := recipe.Standard().Exhibit(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// builtIn returns a lesson of the program.
func builtIn(t *testing.T, name string) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Lookup(name, vocabulary.Of(recipe.Standard()))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// claimPart returns what a lesson's exhibit claims, and what students are asked before the run.
func claimPart(e recipe.Exhibit, l *lesson.Lesson) string {
	exhibit := article.Ref{Kind: article.Exhibit, Name: e.Name, Title: e.Title}.Markdown()
	return fmt.Sprintf("Page: `lesson.html#%s`, about %d minutes alone. Exhibit: %s. On other "+
		"bases: [results](results.md#%s).\n\n**The claim.** %s (%s)\n\n**The question before the "+
		"run.** %s Choices: %s.\n", l.Name, l.Minutes, exhibit, l.Name, oneLine(e.Claim),
		oneLine(e.Cite), oneLine(l.Predict.Question),
		strings.Join(l.Predict.Choices, "; "))
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }

// table returns what docs/teaching.md shows of a run. Of a first run it also returns how many
// values have a range for one seed, and how many of them are in it.
func (r taught) table(t *testing.T, kept map[string]recorded) (text string, inside, all int) {
	t.Helper()
	switch r.part {
	case firstRun:
		return r.firstTable(t, kept)
	case secondRun:
		return r.secondTable(t, kept), 0, 0
	}
	return r.exerciseTable(t, kept), 0, 0
}

// firstTable has the values of seed 1 beside those of the seeds that decide the exhibit.
func (r taught) firstTable(t *testing.T, kept map[string]recorded) (string, int, int) {
	var s study.Summary
	if err := json.Unmarshal(exhibitOf(t, r.link).Results(), &s); err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	fmt.Fprintf(&page, "| lane | measured | seed 1 | mean of seeds %d to %d, 95 %% interval | "+
		"one seed |\n|---|---|---|---|---|\n", s.Seeds[0], s.Seeds[len(s.Seeds)-1])
	inside, all := 0, 0
	for _, p := range r.shown(t) {
		v := r.number(t, kept, p)
		seed1 := shownNumber(v, p.metric)
		mean, ok := meanOf(s, p)
		if !ok {
			t.Fatalf("exhibit %s has no result for %s %s", r.link, p.lane, p.metric)
		}
		one := "the same"
		if mean.Interval != nil && mean.High > mean.Low {
			low, high := oneSeed(mean, p.metric)
			one = span(low, high, p.metric)
			all++
			if low <= v && v <= high {
				inside++
			} else {
				seed1 += " *"
			}
		}
		fmt.Fprintf(&page, "| %s | %s | %s | %s | %s |\n", r.lane(t, p.lane), r.title(t, p.metric),
			seed1, meanText(mean, p.metric), one)
	}
	return page.String(), inside, all
}

// meanOf returns the mean of a value over the seeds that decide an exhibit. A cost has no interval.
func meanOf(s study.Summary, p place) (study.Estimate, bool) {
	for _, l := range s.Lanes {
		if l.Label != p.lane {
			continue
		}
		if entry, ok := strings.CutPrefix(p.metric, "cost/"); ok {
			v, ok := l.Cost.Entry(entry)
			return study.Estimate{Mean: v / float64(len(s.Seeds)), N: len(s.Seeds)}, ok
		}
		e, ok := l.Metrics[p.metric]
		return e, ok
	}
	return study.Estimate{}, false
}

// oneSeed returns the range in which 19 of 20 single seeds are to be expected, if values are
// normally distributed over seeds: the 95 % prediction interval. The interval of a mean of n seeds
// has the half width t·s/√n, and that of one more seed t·s·√(1+1/n), which is √(n+1) times as much.
func oneSeed(e study.Estimate, metric string) (low, high float64) {
	half := max(e.Mean-e.Low, e.High-e.Mean) * math.Sqrt(float64(e.N+1))
	low, high = e.Mean-half, e.Mean+half
	low = max(0, low) // no metric that lessons show can be negative
	if d, _ := eval.Define(metric); d.Unit == eval.Share {
		high = min(1, high)
	}
	return low, high
}

// secondTable has the command of the second experiment, and its values beside those of the first.
func (r taught) secondTable(t *testing.T, kept map[string]recorded) string {
	var page bytes.Buffer
	fmt.Fprintf(&page, "```\n%s\n```\n\n| lane | measured | before | after |\n|---|---|---|---|\n",
		r.command())
	first := allTaught(r.lesson)[0]
	for _, p := range r.shown(t) {
		before := shownNumber(first.number(t, kept, p), p.metric)
		fmt.Fprintf(&page, "| %s | %s | %s | %s |\n", first.lane(t, p.lane), r.title(t, p.metric),
			before, shownNumber(r.number(t, kept, p), p.metric))
	}
	return page.String()
}

// exerciseTable has the command of an exercise, and a row for each lane.
func (r taught) exerciseTable(t *testing.T, kept map[string]recorded) string {
	var page bytes.Buffer
	fmt.Fprintf(&page, "```\n%s\n```\n\n| lane |", r.command())
	rule := "|---|"
	for _, metric := range strings.Fields(r.metrics) {
		fmt.Fprintf(&page, " %s |", r.title(t, fullName(metric)))
		rule += "---|"
	}
	fmt.Fprintf(&page, "\n%s\n", rule)
	for i, label := range append([]string{recipe.OfBase}, r.recipe(t).Labels()...) {
		name := "the base"
		if i > 0 {
			name = "`" + r.lanes[i-1] + "`"
		}
		fmt.Fprintf(&page, "| %s |", name)
		for _, metric := range strings.Fields(r.metrics) {
			p, text := place{label, fullName(metric)}, "0"
			if i > 0 || !strings.HasPrefix(p.metric, "cost/") {
				text = shownNumber(r.number(t, kept, p), p.metric)
			}
			fmt.Fprintf(&page, " %s |", text)
		}
		fmt.Fprintln(&page)
	}
	return page.String()
}

// number returns a recorded value.
func (r taught) number(t *testing.T, kept map[string]recorded, p place) float64 {
	t.Helper()
	v, ok := kept[r.command()].value(p.lane, p.metric)
	if !ok {
		t.Fatalf("%s has no %s %s of %s: run go test -tags verify -run TestVerifyTeaching "+
			"./cmd/posttrain -update", teachingRecord, p.lane, p.metric, r.command())
	}
	return v
}

// lane returns the label of a lane with the name that the page gives it.
func (r taught) lane(t *testing.T, label string) string {
	t.Helper()
	made := r.recipe(t)
	at := slices.Index(made.Labels(), label)
	if at < 0 {
		t.Fatalf("%s has no lane %s", r.command(), label)
	}
	return fmt.Sprintf("`%s`, %s", label, made.LaneNames()[at])
}

// title returns what a metric is called, such as accuracy at rule A.
func (r taught) title(t *testing.T, metric string) string {
	t.Helper()
	d, ok := eval.Define(metric)
	if !ok {
		t.Fatalf("%s: there is no metric %s", r.command(), metric)
	}
	title := d.Title
	if level := verdict.LevelOf(metric, r.recipe(t).Task.Levels); level != "" {
		title += " at " + level
	}
	return title
}

// shownNumber writes a value as a lesson does: a share as a percentage, other numbers with three
// digits, and arithmetic in GFLOP.
func shownNumber(v float64, metric string) string {
	d, _ := eval.Define(metric)
	switch {
	case d.Unit == eval.Share:
		return prose.Percent(v)
	case metric == "cost/flops":
		return strconv.FormatFloat(v/1e9, 'g', 3, 64) + " GFLOP"
	case math.Abs(v) >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

func meanText(e study.Estimate, metric string) string {
	if e.Interval == nil {
		return shownNumber(e.Mean, metric)
	}
	return shownNumber(e.Mean, metric) + " [" + span(max(0, e.Low), e.High, metric) + "]"
}

// span returns an interval as text, with more digits where its ends would look alike.
func span(low, high float64, metric string) string {
	from, to := shownNumber(low, metric), shownNumber(high, metric)
	d, _ := eval.Define(metric)
	switch {
	case from != to:
	case d.Unit == eval.Share:
		from, to = fmt.Sprintf("%.2f", 100*low), fmt.Sprintf("%.2f", 100*high)+prose.PercentSign
	default:
		from, to = fmt.Sprintf("%.3f", low), fmt.Sprintf("%.3f", high)
	}
	return strings.TrimSuffix(from, prose.PercentSign) + " to " + to
}

// Every lesson has a section with everything that a lecturer needs, whose plan takes 45 minutes.
func TestTeachingHasEveryLesson(t *testing.T) {
	page := teachingPage(t)
	sections := sectionsOf(page)
	var have []string
	for _, name := range lesson.Names() {
		l := builtIn(t, name)
		have = append(have, name)
		section := sections[name+": "+l.Title]
		for _, want := range []string{"**Plan.**", "**Predict, observe, explain.**",
			"**Expected numbers.**", "**The second experiment.**", "**Exercise 1.**",
			"**Exercise 2.**", "**Likely misunderstandings.**", "**Against the claim.**"} {
			if strings.Count(section, "\n"+want) != 1 {
				t.Errorf("docs/teaching.md: the section %s: %s has not one %s", name, l.Title, want)
			}
		}
		if sum, rows := minutes(section); sum != 45 || rows < 5 {
			t.Errorf("docs/teaching.md: the plan of %s has %d parts and takes %d minutes, want "+
				"5 and 45", name, rows, sum)
		}
		var parts []string
		for _, r := range allTaught(name) {
			parts = append(parts, r.part)
		}
		if want := []string{firstRun, secondRun, exercise1, exercise2}; !slices.Equal(parts, want) {
			t.Errorf("lesson %s has the runs %v, want %v", name, parts, want)
		}
	}
	for _, r := range teachingRuns {
		if !slices.Contains(have, r.lesson) {
			t.Errorf("there is no lesson %s", r.lesson)
		}
	}
}

// sectionsOf returns the sections of a page by their headings of the second level.
func sectionsOf(page string) map[string]string {
	all := map[string]string{}
	for _, part := range strings.Split(page, "\n## ")[1:] {
		title, text, _ := strings.Cut(part, "\n")
		all[title] = text
	}
	return all
}

var planRow = regexp.MustCompile(`(?m)^\| (\d+) min \|`)

// minutes returns what the parts of a lesson's plan take together, and how many there are.
func minutes(section string) (sum, rows int) {
	for _, found := range planRow.FindAllStringSubmatch(section, -1) {
		n, _ := strconv.Atoi(found[1]) // it is a number, by the expression
		sum, rows = sum+n, rows+1
	}
	return sum, rows
}

// The statements of docs/teaching.md about its runs are true, and the runs were recorded with
// today's engine and are those of the exhibits' curves.
func TestTeachingSaysWhatWasMeasured(t *testing.T) {
	kept := records(t)
	for _, name := range lesson.Names() {
		for _, r := range allTaught(name) {
			have, ok := kept[r.command()]
			if !ok || have.Engine != train.Engine {
				t.Errorf("%s: %s is recorded of engine %d, want %d", teachingRecord, r.command(),
					have.Engine, train.Engine)
			}
			for _, f := range r.factList(t) {
				left, known := f.left.of(have)
				right, also := f.right.of(have)
				if !known || !also || f.less != (left < right) || left == right {
					t.Errorf("%s: %s is not so: %v and %v", r.command(), f.text, left, right)
				}
			}
		}
		curves, err := exhibitOf(t, name).Curves()
		if err != nil {
			t.Fatal(err)
		}
		for _, curve := range curves.Lanes {
			for _, lane := range kept[allTaught(name)[0].command()].Lanes {
				if lane.Label == curve.Label && lane.Digest != curve.Digest {
					t.Errorf("%s: lane %s of %s ends with %s, its curve with %s", teachingRecord,
						lane.Label, name, lane.Digest, curve.Digest)
				}
			}
		}
	}
}

// A reader can paste every command of docs/teaching.md.
func TestTeachingCommandsAreValid(t *testing.T) {
	found := 0
	for _, block := range regexp.MustCompile("(?s)```\n(.*?)```").FindAllStringSubmatch(
		teachingPage(t), -1) {
		for line := range strings.Lines(block[1]) {
			_, rest, ok := strings.Cut(line, "posttrain ")
			if !ok {
				continue
			}
			found++
			words := shellWords(rest)
			var c commandLine
			env := &environment{out: &output{to: io.Discard}, err: io.Discard,
				catalogue: recipe.Standard()}
			parser := newParser(&c, env, func(int) {})
			command, err := parser.Parse(words)
			if err == nil && command.Selected().Name == "run" {
				_, err = c.Run.recipe(recipe.Standard())
			}
			if err != nil {
				t.Errorf("docs/teaching.md: posttrain %s: %v", strings.Join(words, " "), err)
			}
		}
	}
	if want := 3 * len(lesson.Names()); found < want {
		t.Errorf("docs/teaching.md has %d commands, want at least %d", found, want)
	}
}

// shellWords splits a line as a shell does, up to the end of its first command. It knows quotes
// without anything that is special in them.
func shellWords(line string) (words []string) {
	word, quote, started := "", rune(0), false
	for _, c := range line + "\n" {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, started = c, true
		case quote != 0:
			word += string(c)
		case strings.ContainsRune(" \t\n;|&>#", c):
			if started {
				words = append(words, word)
			}
			word, started = "", false
			if c != ' ' && c != '\t' {
				return words
			}
		default:
			word, started = word+string(c), true
		}
	}
	return words
}
