package study

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/train"
)

func put(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// finished returns a folder with a whole run of tinyLink.
func finished(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deep", "run")
	if _, err := run(t, context.Background(), parse(t, tinyLink),
		Options{Threads: 2, Folder: NewFolder(path, false)}, tally{}, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFinishedRunKeepsItsResult(t *testing.T) {
	path := finished(t)
	before := files(t, path)
	for _, name := range []string{recipeFile, resultFile, "lane-1.msgp", "lane-2.msgp"} {
		if before[name] == "" {
			t.Errorf("no %s in %v", name, len(before))
		}
	}
	if len(before) != 4 {
		t.Errorf("%d files, want 4", len(before))
	}
	r := parse(t, tinyLink)
	result, err := runOpenings(context.Background(), r, tiny(r),
		Options{Threads: 1, Folder: NewFolder(path, true)})
	if err != nil {
		t.Fatal(err)
	}
	if inJSON(t, result)+"\n" != before[resultFile] {
		t.Errorf("the result came back as\n%s\nwant\n%s", inJSON(t, result), before[resultFile])
	}
	if !maps.Equal(files(t, path), before) {
		t.Error("asking for the result changed a file")
	}
	for i, lane := range result.Lanes {
		m, err := checkpoint.ReadModel(t.Context(),
			filepath.Join(path, []string{"lane-1.msgp", "lane-2.msgp"}[i]))
		if err != nil || m.Params.Digest() != lane.Digest || m.Link != r.Link() || m.Lane != i {
			t.Errorf("lane %d's checkpoint is not its end: %v", i, err)
		}
	}
}

// A result is used without a checkpoint to compare it with, and says so.
func TestAResultThatCannotBeChecked(t *testing.T) {
	for name, c := range map[string]struct {
		change spoil
		says   []string
	}{
		"whole": {func(*testing.T, string) {}, nil},
		"a checkpoint less": {remove("lane-2.msgp"),
			[]string{"result.json cannot be checked for lane rft, because PATH/lane-2.msgp " +
				"is not there"}},
		"a damaged one": {edit("lane-1.msgp", func(d []byte) []byte { return d[:len(d)-1] }),
			[]string{"result.json cannot be checked for lane sft~grpo: PATH/lane-1.msgp: not a " +
				"usable checkpoint: it is cut short"}},
		"none": {func(t *testing.T, path string) {
			remove("lane-1.msgp")(t, path)
			remove("lane-2.msgp")(t, path)
		}, []string{"result.json cannot be checked, because there are no checkpoints beside it"}},
	} {
		path := finished(t)
		c.change(t, path)
		r := parse(t, tinyLink)
		result, err := runOpenings(t.Context(), r, tiny(r),
			Options{Threads: 1, Folder: NewFolder(path, true)})
		if err != nil || len(result.Unchecked) != len(c.says) {
			t.Errorf("%s: %+v, %v", name, result, err)
			continue
		}
		for i, says := range c.says {
			if !strings.Contains(result.Unchecked[i], strings.ReplaceAll(says, "PATH", path)) {
				t.Errorf("%s: it says %q, want %q", name, result.Unchecked[i], says)
			}
		}
	}
}

// begin begins a run of tinyLink and ends it at once.
func begin(t testing.TB, path string, resume bool) error {
	t.Helper()
	f := NewFolder(path, resume)
	done, err := f.begin(t.Context(), parse(t, tinyLink))
	if done == nil && err == nil {
		f.end()
	}
	return err
}

func TestFoldersThatCanBeUsed(t *testing.T) {
	top := t.TempDir()
	for name, c := range map[string]struct {
		prepare func(path string) error
		resume  bool
		says    string // "" when it can be used
	}{
		"new":              {func(string) error { return nil }, false, ""},
		"new, to resume":   {func(string) error { return nil }, true, ""},
		"empty":            {func(path string) error { return os.Mkdir(path, 0o755) }, false, ""},
		"begun, to resume": {func(path string) error { return begin(t, path, false) }, true, ""},
		"begun": {func(path string) error { return begin(t, path, false) }, false,
			"is not empty: add --resume"},
		"a file": {func(path string) error { return os.WriteFile(path, nil, 0o644) },
			true, "not a directory"},
		"a link": {func(path string) error { return os.Symlink(t.TempDir(), path) }, false, ""},
		"a dangling link": {func(path string) error { return os.Symlink("nowhere", path) }, true,
			"is a link to nowhere, which is not a folder"},
		"odd [1-9 *.": {func(path string) error {
			return errors.Join(os.Mkdir(path, 0o755),
				os.WriteFile(filepath.Join(path, ".lane-12.msgp.34"), nil,
					0o644), os.WriteFile(filepath.Join(path, ".result.json.5"), nil, 0o644))
		}, false, ""},
		"looked into by a desktop": {func(path string) error {
			return errors.Join(os.Mkdir(path, 0o755),
				os.WriteFile(filepath.Join(path, ".DS_Store"), nil, 0o644))
		}, false, ""},
		"a link without its end of line": {func(path string) error {
			return errors.Join(begin(t, path, false),
				os.WriteFile(filepath.Join(path, recipeFile), []byte(parse(t, tinyLink).Link()),
					0o644))
		}, true, ""},
		"a lock that is no file": {func(path string) error {
			return os.MkdirAll(filepath.Join(path, lockFile), 0o755)
		}, false,
			"its .posttrain.lock is a folder: remove it"},
	} {
		path := filepath.Join(top, name, "deep")
		if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := c.prepare(path); err != nil {
			t.Fatal(err)
		}
		err := begin(t, path, c.resume)
		if said := fmt.Sprint(err); (err == nil) != (c.says == "") ||
			err != nil && !(strings.Contains(said, c.says) && strings.Contains(said, path)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if c.says == "" {
			names := slices.DeleteFunc(slices.Sorted(maps.Keys(files(t, path))), MadeByDesktop)
			if !slices.Equal(names, []string{recipeFile}) {
				t.Errorf("%s: it has %v afterwards", name, names)
			}
		}
	}
}

func TestResumingAnEmptyFolderStarts(t *testing.T) {
	want, _ := whole(t, parse(t, tinyLink))
	path := t.TempDir()
	put(t, filepath.Join(path, ".recipe.txt.123"), "left by a kill before the first write")
	put(t, filepath.Join(path, lockFile), "left by the same kill")
	got, err := run(t, context.Background(), parse(t, tinyLink),
		Options{Threads: 1, Folder: NewFolder(path, true)}, tally{}, nil)
	if err != nil || !want.equal(got) {
		t.Errorf("%v\n%s", err, got.result)
	}
	if names := slices.Sorted(maps.Keys(files(t, path))); !slices.Equal(names,
		[]string{"lane-1.msgp", "lane-2.msgp", recipeFile, resultFile}) {
		t.Errorf("it has %v afterwards", names)
	}
}

// spoil changes something in the folder of a run.
type spoil func(t *testing.T, path string)

func write(name, text string) spoil {
	return func(t *testing.T, path string) { put(t, filepath.Join(path, name), text) }
}

func edit(name string, f func(data []byte) []byte) spoil {
	return func(t *testing.T, path string) {
		put(t, filepath.Join(path, name), string(f([]byte(files(t, path)[name]))))
	}
}

// changed edits the result.
func changed(change func(r *Result)) spoil {
	return func(t *testing.T, path string) {
		edit(resultFile, func(d []byte) []byte { return edited(t, d, change) })(t, path)
	}
}

func remove(name string) spoil {
	return func(t *testing.T, path string) {
		if err := os.Remove(filepath.Join(path, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// unfinished takes away the result first.
func unfinished(then spoil) spoil {
	return func(t *testing.T, path string) {
		remove(resultFile)(t, path)
		then(t, path)
	}
}

// swapped puts the second lane's checkpoint in place of the first's.
func swapped(t *testing.T, path string) {
	put(t, filepath.Join(path, "lane-1.msgp"), files(t, path)["lane-2.msgp"])
}

// ofEngine has the first lane's checkpoint say that another engine computed it.
func ofEngine(n int) spoil {
	field := func(n int) string { return "\xa6engine" + string([]byte{byte(n)}) }
	return edit("lane-1.msgp",
		func(d []byte) []byte { return reseal(d, field(train.Engine), field(n)) })
}

// refusals are folders that cannot be used, and what is said of them.
var refusals = map[string]struct {
	link   string
	change spoil
	says   []string
}{
	"another recipe": {tinyLink + "&seed=2", func(*testing.T, string) {},
		[]string{"holds another run", "seed=1", "seed=2"}},
	"a recipe that is a terminal's undoing": {tinyLink, write(recipeFile, "\x1b[31mred\nmore"),
		[]string{`holds another run, "\x1b[31mred": `}},
	"a recipe that is a device": {tinyLink, func(t *testing.T, path string) {
		remove(recipeFile)(t, path)
		if err := os.Symlink(os.DevNull, filepath.Join(path, recipeFile)); err != nil {
			t.Fatal(err)
		}
	}, []string{"recipe.txt: it is a device"}},
	"another's digest": {tinyLink, edit(resultFile, func(d []byte) []byte {
		return bytes.Replace(d, []byte(`"digest":"`), []byte(`"digest":"z`), 1)
	}), []string{resultFile, `digest is "z`, "64", "remove it"}},
	"a lane's end without measurements": {tinyLink,
		unfinished(edit("lane-2.msgp", func(d []byte) []byte {
			return reseal(bytes.ReplaceAll(d, []byte("ood/accuracy"), []byte("ood/accurasy")), "",
				"")
		})), []string{"lane-2.msgp", "eval/ood/accurasy"}},
	"a result with another digest": {tinyLink,
		changed(func(r *Result) { r.Lanes[1].Digest = strings.Repeat("a", 64) }),
		[]string{resultFile, `lane 2: digest is "aaaa`, `but lane-2.msgp has "`, "remove it"}},
	"a result with another metric": {tinyLink,
		changed(func(r *Result) { r.Lanes[0].Metrics["eval/id/accuracy"] = 0.125 }),
		[]string{"lane 1: eval/id/accuracy is 0.125, but lane-1.msgp has"}},
	"a result with another cost": {tinyLink,
		changed(func(r *Result) { r.Lanes[0].Cost.Copies++ }), []string{"lane 1: cost is {"}},
	"a result with another base": {tinyLink,
		changed(func(r *Result) { r.Base["eval/id/accuracy"] = 0.125 }), []string{"base is map["}},
	"a result that lacks a metric": {tinyLink,
		changed(func(r *Result) { delete(r.Lanes[0].Metrics, "eval/id/kl_base_policy_nats") }),
		[]string{"lane 1: there are ", "metrics, but lane-1.msgp has"}},
	"a result of lanes that go on": {tinyLink, func(t *testing.T, path string) {
		l, err := checkpoint.ReadLane(t.Context(), filepath.Join(path, "lane-2.msgp"))
		if err != nil {
			t.Fatal(err)
		}
		l.State.Done = false
		data, err := checkpoint.EncodeLane(*l)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(path, "lane-2.msgp"), string(data))
	}, []string{"lane 2: it has ended, but in lane-2.msgp it is at step 3 and goes on"}},
	"an emptied recipe": {tinyLink, write(recipeFile, ""), []string{"holds another run"}},
	"no recipe":         {tinyLink, remove(recipeFile), []string{"no recipe.txt"}},
	"a result cut short": {tinyLink,
		edit(resultFile, func(d []byte) []byte { return d[:len(d)/2] }),
		[]string{resultFile, "remove it"}},
	"an empty result":       {tinyLink, write(resultFile, ""), []string{resultFile, "remove it"}},
	"the result of nothing": {tinyLink, write(resultFile, "{}"), []string{resultFile, "remove it"}},
	"a result that is null": {tinyLink, write(resultFile, "null"),
		[]string{resultFile, "remove it"}},
	"a lane cut short": {tinyLink,
		unfinished(edit("lane-2.msgp", func(d []byte) []byte { return d[:len(d)-1] })),
		[]string{"lane-2.msgp", "cut short"}},
	"an empty lane": {tinyLink, unfinished(write("lane-1.msgp", "")), []string{"lane-1.msgp"}},
	"a damaged lane": {tinyLink,
		unfinished(edit("lane-1.msgp", func(d []byte) []byte { d[len(d)/2] ^= 4; return d })),
		[]string{"lane-1.msgp", "damaged"}},
	"a lane of a later engine": {tinyLink, unfinished(ofEngine(train.Engine + 1)),
		[]string{"lane-1.msgp", fmt.Sprintf("computed by engine %d", train.Engine+1)}},
	"a lane of an older engine": {tinyLink, unfinished(ofEngine(train.Engine - 1)),
		[]string{"lane-1.msgp", fmt.Sprintf("computed by engine %d", train.Engine-1)}},
	"a stage that is not there": {tinyLink, unfinished(edit("lane-2.msgp",
		func(d []byte) []byte { return reseal(d, "\xa5stage\x00", "\xa5stage\x07") })),
		[]string{"lane-2.msgp", "stage is 7"}},
	"lanes that changed places": {tinyLink, unfinished(swapped),
		[]string{"lane-1.msgp belongs to lane 2"}},
	"a lane of another run": {tinyLink, unfinished(edit("lane-1.msgp",
		func(d []byte) []byte { return reseal(d, "seed=1", "seed=3") })),
		[]string{fmt.Sprintf("lane-1.msgp belongs to lane 1 of cards?v=%d&seed=3", train.Engine)}},
}

// What is in a folder decides whether it can be used; nothing in it is touched
// when it cannot.
func TestFoldersThatAreRefused(t *testing.T) {
	for name, c := range refusals {
		t.Run(name, func(t *testing.T) {
			path := finished(t)
			c.change(t, path)
			before := files(t, path)
			r := parse(t, c.link)
			_, err := runOpenings(context.Background(), r, tiny(r),
				Options{Threads: 1, Folder: NewFolder(path, true)})
			if err == nil {
				t.Fatal("it was used")
			}
			if strings.Contains(err.Error(), "\x1b") {
				t.Errorf("the error has an escape code: %q", err)
			}
			for _, want := range append(c.says, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("the error does not say %q: %v", want, err)
				}
			}
			after := files(t, path)
			for file, text := range before {
				if after[file] != text && !strings.Contains(name, "lane") {
					t.Errorf("%s was changed", file)
				}
			}
			if _, ok := after[resultFile]; ok && after[resultFile] != before[resultFile] {
				t.Error("a result was written")
			}
		})
	}
	foreign := t.TempDir()
	put(t, filepath.Join(foreign, "thesis.tex"), "years of work")
	if _, err := runOpenings(context.Background(), parse(t, tinyLink), nil,
		Options{Folder: NewFolder(foreign, true)}); !errors.Is(err, ErrFolder) ||
		len(files(t, foreign)) != 1 {
		t.Errorf("a folder of somebody else's: %v", err)
	}
}

// reseal changes a checkpoint's content and fits its checksum to that.
func reseal(file []byte, from, to string) []byte {
	content := bytes.Replace(file[:len(file)-sha256.Size], []byte(from), []byte(to), 1)
	sum := sha256.Sum256(content)
	return append(content, sum[:]...)
}
