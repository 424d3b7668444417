package recipe

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/task"
)

// rowsOf returns a data set with n of the task's training prompts and their answers.
func rowsOf(t *testing.T, k task.Task, n int) *task.Data {
	t.Helper()
	text := "prompt,answer\n"
	for _, p := range k.TrainPrompts(1, n) {
		text += p.Prompt + "," + p.Answer + "\n"
	}
	d, err := k.ReadData("mine.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A link with the digest of a data set can only be run with that data set.
func TestDataIsNamedByTheLink(t *testing.T) {
	cards := mustTask(t, "cards")
	mine, other := rowsOf(t, cards, 5), rowsOf(t, cards, 4)
	r := parsed(t, "memorise")
	if err := r.SetUserData(mine); err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(parsed(t, "memorise").Link(), "&lane=sft",
		"&data="+mine.Digest+"&lane=sft", 1); r.Link() != want {
		t.Errorf("with data, the link is %s, want %s", r.Link(), want)
	}
	again := parsed(t, r.Link())
	if d := again.Describe(); d.Data == nil || d.Data.Known || d.Data.Digest != mine.Digest ||
		d.Link != r.Link() || d.Studied || !strings.Contains(d.Missing, "which is not here") ||
		d.Command != "posttrain run '"+r.Link()+"' --data FILE.csv" {
		t.Errorf("described as %+v, %q, %s", d.Data, d.Missing, d.Command)
	}
	if _, err := again.Plan(); err == nil ||
		!strings.Contains(err.Error(), mine.Digest+", which is not here: bring the file of rows") {
		t.Errorf("without its data a recipe is planned: %v", err)
	}
	if err := again.SetUserData(other); err == nil ||
		!strings.Contains(err.Error(), "want the same rows in the same order") {
		t.Errorf("other data is taken: %v", err)
	}
	parity := mustTask(t, "parity")
	if err := again.SetUserData(rowsOf(t, parity, 1)); err == nil ||
		!strings.Contains(err.Error(), "for task parity: want some for cards") {
		t.Errorf("another task's data is taken: %v", err)
	}
	if err := again.SetUserData(mine); err != nil {
		t.Fatal(err)
	}
	if d := again.Describe(); d.Data == nil ||
		*d.Data != (DataDescription{mine.Digest, true, 5, 0}) || d.Missing != "" {
		t.Errorf("described as %+v, %q", d.Data, d.Missing)
	}
	lanes, err := again.Clone().Plan()
	if err != nil || len(lanes[0].Task.TrainPrompts(1, 500)) != 5 {
		t.Errorf("the plan does not train on it: %v", err)
	}
}

// The address of a recipe has the rows of a small data set, so no file is needed to open it. The
// rows are checked against the digest.
func TestSmallDataTravelsInTheLink(t *testing.T) {
	cards := mustTask(t, "cards")
	mine, other := rowsOf(t, cards, 40), rowsOf(t, cards, 39)
	r := parsed(t, "memorise?hide=cost")
	if err := r.SetUserData(mine); err != nil {
		t.Fatal(err)
	}
	rows := cards.Pack(mine)
	if want := r.Link() + "&rows=" + rows + "&hide=cost"; r.Address() != want ||
		strings.Contains(r.Link(), "rows=") {
		t.Errorf("the address is %s, want %s", r.Address(), want)
	}
	again := parsed(t, r.Address())
	if again.Ready() != nil || again.Address() != r.Address() || again.UserData().Len() != 40 ||
		again.UserData().Digest != mine.Digest {
		t.Errorf("it comes back as %s with %+v", again.Address(), again.UserData())
	}
	if d := again.Describe(); d.Command != ShellCommand("posttrain", "run",
		r.Link()+"&rows="+rows) ||
		again.Command("--data", "my data.csv") != ShellCommand("posttrain", "run",
			r.Link())+" --data 'my data.csv'" {
		t.Errorf("the commands are %s and %s", d.Command, again.Command("--data", "my data.csv"))
	}
	alone := parsed(t, "memorise?rows="+rows)
	if alone.Link() != r.Link() {
		t.Errorf("rows alone make %s, want %s", alone.Link(), r.Link())
	}
	if broken := parsed(t, "memorise?rows=\n"+rows[:30]+"\n "+rows[30:]+
		"."); broken.Link() != r.Link() {
		t.Errorf("rows that were wrapped make %s", broken.Link())
	}
	large := parsed(t, "memorise")
	if err := large.SetUserData(rowsOf(t, cards, 3000)); err != nil {
		t.Fatal(err)
	}
	if large.Address() != large.Link() {
		t.Errorf("3000 rows travel in %d characters", len(large.Address()))
	}

	for link, says := range map[string]string{
		"memorise?data=" + other.Digest + "&rows=" + rows: "names the data set " + other.Digest +
			" and brings rows of " + mine.Digest,
		"memorise?rows=" + rows[:39]: "rows cannot be unpacked, so a part " +
			"of the link is missing",
		"memorise?rows=" + rows[:40] + "!" + rows[41:]: "a part of the link is missing",
		"memorise?rows=" + strings.Repeat("_", 40):     "a part of the link is missing",
		"memorise?rows=" + strings.Repeat("A", 40):     "rows has no rows",
		"memorise?rows=" + strings.ToUpper(rows):       "rows",
		"memorise?rows=" + strings.Repeat(rows, 20):    "at most 4096 are read",
		"memorise?rows=" + rows + rows:                 "stands in line",
		"densities?rows=" + rows:                       errNoPrompts.Error(),
	} {
		if r, err := Standard().Parse(link); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.80s: the error does not say %q: %v, %v", link, says, err, r)
		}
	}
}

// The address keeps the keys of the page, and the canonical link leaves them out.
func TestPageKeysTravel(t *testing.T) {
	r := parsed(t, "cards?scene=plane&lane=sft&x=id/accuracy&axis=flops&hide=cost,%20field&seed=3&"+
		"hide=share,cost&tab=")
	plain := parsed(t, "cards?lane=sft&seed=3")
	if r.Link() != plain.Link() || plain.Address() != plain.Link() {
		t.Errorf("the links are %s and %s", r.Link(), plain.Link())
	}
	want := plain.Link() + "&hide=share,cost&scene=plane&axis=flops&x=id/accuracy"
	if r.Address() != want {
		t.Errorf("the address is %s, want %s", r.Address(), want)
	}
	if d := r.Describe(); d.Address != r.Address() || len(d.Page) != 4 ||
		d.Page["hide"] != "share,cost" || strings.Contains(d.Command, "hide") {
		t.Errorf("described as %s, %v, %s", d.Address, d.Page, d.Command)
	}
	if d := r.Describe(); len(d.Unused) > 0 {
		t.Errorf("%v are said to have no effect", d.Unused)
	}
	clone := r.Clone()
	clone.page["scene"] = "tree"
	if !strings.Contains(r.Address(), "scene=plane") {
		t.Error("a clone's page keys are the original's")
	}
}

// Keys that never had an effect are accepted in links as before. Their description lists them, and
// no error suggests them.
func TestKeysWithoutEffect(t *testing.T) {
	r := parsed(t, "cards?lane=sft&theme=dark&ask=A1&tab=race&speed=2&lang=en&scene=tree")
	if got := r.Describe().Unused; !slices.Equal(got, unusedKeys) {
		t.Errorf("%v have no effect, want %v", got, unusedKeys)
	}
	if want := parsed(t, "cards?lane=sft").Link() +
		"&ask=A1&scene=tree&speed=2&theme=dark&tab=race&lang=en"; r.Address() != want {
		t.Errorf("the address is %s, want %s", r.Address(), want)
	}
	_, err := Standard().Parse("cards?lane=sft&scenes=race")
	_, accepted, _ := strings.Cut(fmt.Sprint(err), "accepted: ")
	for _, key := range unusedKeys {
		if slices.Contains(strings.Split(accepted, ", "), key) {
			t.Errorf("%s is suggested: %v", key, err)
		}
	}
	if !strings.Contains(accepted, "hide, scene, axis") {
		t.Errorf("the keys that have an effect are not listed: %v", err)
	}
}

// A shell splits a command into the words that it was made of.
func TestShellCommand(t *testing.T) {
	words := []string{"printf", `%s\n`, "plain", "my data.csv", "it's", `a"b`, "$HOME `ls` \\ !",
		"", "cards?seed=1&lane=sft~grpo", "*", "#x", "~", "-n", "a=b", "line\nbreak", "ü"}
	out, err := exec.CommandContext(t.Context(), "sh", "-c", ShellCommand(words...)).Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(words[2:], "\n") + "\n"; string(out) != want {
		t.Errorf("%s\nprints %q, want %q", ShellCommand(words...), out, want)
	}
	if got := ShellCommand("posttrain", "run", "memorise", "--data",
		"mine/rows-2.csv"); got != "posttrain run memorise --data mine/rows-2.csv" {
		t.Errorf("what needs no quotes has some: %s", got)
	}
}
