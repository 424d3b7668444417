package lesson_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/lesson"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// example returns a file of testdata.
func example(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A true sheet has no differences, and every single change of one is found.
func TestCompare(t *testing.T) {
	l, err := lesson.Parse(example(t, "lesson.md"), words())
	if err != nil {
		t.Fatal(err)
	}
	text := string(example(t, "sheet.json"))
	sheet, err := lesson.ReadSheet([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := recipe.Standard().Parse(sheet.Runs[0].Link)
	if err != nil {
		t.Fatal(err)
	}
	result, err := study.Run(t.Context(), r, study.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	results := []*study.Result{result}
	o := sheet.Compare(l, results)
	if len(o.Differences) > 0 || o.Numbers != 40 || o.Answers != 1 {
		t.Errorf("the true sheet gives %+v, want 40 numbers, 1 answer and no differences", o)
	}
	for _, change := range []struct{ old, changed, want string }{
		{`"engine": 2`, `"engine": 1`, "engine: the sheet was made with 1, this program is 2"},
		{`"lesson": "one-update-each"`, `"lesson": "other"`, `lesson: the sheet says "other"`},
		{l.Digest, "0123456789abcdef", "it is not the same text"},
		{`"id": "why"`, `"id": "how"`, `steps[2]: the sheet says "how", the lesson has why`},
		{`"right": true`, `"right": false`, "the sheet says right: false, the lesson says true"},
		{`"right": true`, `"right": null`, "does not say whether it is right"},
		{"Two updates are not many", "The learning rate is 0", "says right: true, the lesson " +
			"says false"},
		{"Two updates are not many", "No idea", `"No idea" is none of the choices of why`},
		{"Why do both", "Why does it", "answers[0]: the sheet has the question"},
		{`"step": "why"`, `"step": "train"`, `the lesson asks nothing in a step "train"`},
		{`"label": "sft"`, `"label": "rft"`, `the sheet says lane "rft", the link has sft there`},
		{`"updates": 2`, `"updates": 3`, "runs[0] sft updates: the sheet says 3, the run gives 2"},
		{`"56f26d9c`, `"56f26d9d`, "runs[0] sft digest: the sheet says 56f26d9d"},
		{`"id/accuracy": 0.625`, `"id/accuracy": 0.75`, "runs[0] sft id/accuracy: the sheet says " +
			"0.75, the run gives 0.625"},
		{"0.22411757295398788", "0.22411757295398791", "runs[0] sft id/calibration_error: "},
		{`"id/accuracy": 0.625`, `"id/luck": 0.625`, "the run gives no such metric"},
	} {
		changed := strings.Replace(text, change.old, change.changed, 1)
		other, err := lesson.ReadSheet([]byte(changed))
		if err != nil || changed == text {
			t.Errorf("%s: %v", change.changed, err)
			continue
		}
		if o := other.Compare(l, results); len(o.Differences) != 1 ||
			!strings.Contains(o.Differences[0], change.want) {
			t.Errorf("%s gives %q, want one difference, with %s", change.changed, o.Differences,
				change.want)
		}
	}
	idle := *sheet
	idle.Runs = nil
	if o := idle.Compare(l, nil); len(o.Differences) != 1 ||
		!strings.Contains(o.Differences[0], "steps[1]: the sheet says that train is done") {
		t.Errorf("a sheet without its run gives %q", o.Differences)
	}
	sheet.Runs[0].Lanes = sheet.Runs[0].Lanes[:1]
	sheet.Steps = sheet.Steps[:3]
	own := sheet.Answers[0]
	own.Step, own.Question = "in-your-own-words", "What would you change?"
	sheet.Answers = append(sheet.Answers, sheet.Answers[0], own)
	want := "steps: the sheet has 3, the lesson has 4\n" +
		"answers[1]: the step why is answered twice\n" +
		"answers[2]: the sheet says right: true, and the answer to in-your-own-words is in own " +
		"words\n" +
		"runs[0]: the sheet has 1 lanes, the link has 2"
	if got := strings.Join(sheet.Compare(l, results).Differences, "\n"); got != want {
		t.Errorf("a shorter sheet gives %s\nwant %s", got, want)
	}
}

// The full name of a metric means the same.
func TestFullNames(t *testing.T) {
	run := lesson.Run{Lanes: []lesson.Lane{{Label: "sft", Metrics: map[string]float64{
		"eval/id/accuracy": .5, "weights/update_norm": 2}}}}
	sheet := lesson.Sheet{Engine: 2, Runs: []lesson.Run{run}}
	o := sheet.Compare(&lesson.Lesson{}, []*study.Result{{Lanes: []study.LaneResult{{Label: "sft",
		Metrics: map[string]float64{"eval/id/accuracy": .5, "weights/update_norm": 2}}}}})
	if len(o.Differences) > 0 || o.Numbers != 4 {
		t.Errorf("the comparison gives %+v, want 4 numbers and no differences", o)
	}
}

func TestSheetMistakes(t *testing.T) {
	sheet := func(rest string) string {
		return `{"posttrain":"sheet","version":1,"lesson":"a"` + rest + "}"
	}
	lane := func(label, updates, digest string) string {
		return sheet(`,"runs":[{"link":"cards","lanes":[{"label":"` + label + `","updates":` +
			updates + `,"digest":"` + digest + `"}]}]`)
	}
	digest := strings.Repeat("0", 64)
	for text, want := range map[string]string{
		"":                        "this is not the JSON of a sheet: line 1: unexpected end",
		"{\n{":                    "this is not the JSON of a sheet: line 2: ",
		"[]":                      "this is not the JSON of a sheet",
		"{}":                      "this is no sheet: want a file that begins with",
		`{"posttrain":"run"}`:     "this is no sheet",
		`{"posttrain":"sheet"}`:   "the sheet has version 0: this program reads version 1",
		sheet("") + "x":           "invalid character 'x'",
		sheet(`,"steps":1`):       "cannot unmarshal number",
		sheet(`,"stepps":[]`):     `unknown field "stepps"`,
		sheet(`,"lesson":""`):     "lesson is empty",
		sheet(`,"runs":[{}]`):     "runs[0] has no link or no lanes",
		lane("", "1", digest):     "runs[0]: lane \"\" wants a label",
		lane("sft", "-1", digest): "updates of at least 0",
		lane("sft", "1", "abc"):   "a digest of 64 hexadecimal digits",
		sheet(`,"answers":[{"step":"a","answer":" "}]`): "answers[0] has no step or no answer",
		sheet(`,"runs":[` + strings.Repeat("{},", 40) + "{}]"): "the sheet has 41 runs: want at " +
			"most 40",
		strings.Repeat(" ", 512<<10+1): "the sheet has 524289 bytes: want at most 524288",
	} {
		if _, err := lesson.ReadSheet([]byte(text)); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%.100q gives %v, want %s", text, err, want)
		}
	}
}

// A sheet that was read and written again is the same.
func FuzzReadSheet(f *testing.F) {
	f.Add(example(f, "sheet.json"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := lesson.ReadSheet(text)
		if err != nil {
			return
		}
		again, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) <= 512<<10 {
			if _, err := lesson.ReadSheet(again); err != nil {
				t.Errorf("%s was read, and written as %s is not: %v", text, again, err)
			}
		}
	})
}
