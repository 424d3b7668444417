package checkpoint

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Two contents that a mixture of is easily told from.
var (
	contentA = bytes.Repeat([]byte("A"), 1<<18)
	contentB = bytes.Repeat([]byte("B"), 3<<16)
)

const writerVariable = "CHECKPOINT_TEST_WRITER"

// TestMain lets the test start itself as a program that does nothing but write.
func TestMain(m *testing.M) {
	path := os.Getenv(writerVariable)
	if path == "" {
		os.Exit(m.Run())
	}
	for {
		for _, content := range [][]byte{contentA, contentB} {
			if err := WriteFile(path, content); err != nil {
				os.Exit(1)
			}
			os.Stdout.Write([]byte("written\n"))
		}
	}
}

func whole(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, contentA) && !bytes.Equal(data, contentB) {
		t.Fatalf("a reader found %d bytes that are neither the old nor the new content", len(data))
	}
	return data
}

func entries(t *testing.T, folder string) (names []string) {
	t.Helper()
	all, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}

func TestAReaderFindsTheOldOrTheNewFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := WriteFile(path, contentA); err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				if data, err := os.ReadFile(path); err != nil ||
					!bytes.Equal(data, contentA) && !bytes.Equal(data, contentB) {
					t.Errorf("a reader found %d bytes, %v", len(data), err)
					return
				}
			}
		}
	})
	for range 30 {
		for _, content := range [][]byte{contentB, contentA} {
			if err := WriteFile(path, content); err != nil {
				t.Error(err)
			}
		}
	}
	close(stop)
	reader.Wait()
	if names := entries(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestAKilledWriterLeavesAWholeFile(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "file")
	for kill := range 8 {
		writer := exec.Command(program)
		writer.Env = append(os.Environ(), writerVariable+"="+path)
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range 1 + kill {
			if !lines.Scan() {
				t.Fatal("the writer stopped by itself")
			}
		}
		if err := writer.Process.Kill(); err != nil { // somewhere in a later write
			t.Fatal(err)
		}
		writer.Wait()
		whole(t, path)
	}
}

func TestAFailedWriteChangesNothing(t *testing.T) {
	folder := t.TempDir()
	occupied := filepath.Join(folder, "occupied")
	if err := os.MkdirAll(filepath.Join(occupied, "inside"), 0o755); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(folder, "plain")
	if err := WriteFile(plain, contentA); err != nil {
		t.Fatal(err)
	}
	before := entries(t, folder)
	for what, path := range map[string]string{
		"a folder in its place":      occupied,
		"a file where its folder is": filepath.Join(plain, "file"),
		"no such folder":             filepath.Join(folder, "missing", "file"),
		"a name that cannot be":      filepath.Join(folder, "a\x00b"),
		"a name longer than possible": filepath.Join(folder,
			string(bytes.Repeat([]byte("n"), 300))),
	} {
		err, early := WriteFile(path, contentB), CheckWritable(path)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %v", what, err)
		}
		if fmt.Sprint(early) != fmt.Sprint(err) {
			t.Errorf("%s: before the work it is said that %v, after it %v", what, early, err)
		}
		if after := entries(t, folder); len(after) != len(before) {
			t.Errorf("%s: the folder now has %q", what, after)
		}
	}
	if !bytes.Equal(whole(t, plain), contentA) || len(entries(t, occupied)) != 1 {
		t.Error("a failed write changed another file")
	}
}

// A link stays a link, and the file behind it keeps its permissions.
func TestLinksAreFollowed(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "elsewhere", "file"), filepath.Join(folder, "link")
	if err := errors.Join(os.Mkdir(filepath.Dir(file), 0o755), os.WriteFile(file, contentA, 0o600),
		os.Symlink(filepath.Join("elsewhere", "file"), link)); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, contentB); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	end, linkErr := os.Readlink(link)
	if err := errors.Join(err, linkErr); err != nil || !bytes.Equal(whole(t, file), contentB) ||
		info.Mode().Perm() != 0o600 || end != filepath.Join("elsewhere", "file") {
		t.Errorf("the link leads to %s with permissions %v, %v", end, info.Mode(), err)
	}
	if names := slices.Concat(entries(t, folder),
		entries(t, filepath.Dir(file))); !slices.Equal(names, []string{"elsewhere", "link",
		"file"}) {
		t.Errorf("there are %q", names)
	}
}

// Writers of one file do not meet: each has a temporary file of its own.
func TestWritersOfOneFileDoNotMeet(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	var writers sync.WaitGroup
	for _, content := range [][]byte{contentA, contentB, contentA} {
		writers.Go(func() {
			for range 20 {
				if err := WriteFile(path, content); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	whole(t, path)
	if names := entries(t, filepath.Dir(path)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

func TestTemporaryNames(t *testing.T) {
	for name, want := range map[string]string{
		".recipe.txt.123": "recipe.txt", ".lane-1.msgp.0": "lane-1.msgp", ".a.b.7": "a.b",
		"recipe.txt.123": "", ".recipe.txt": "", ".recipe.txt.": "", ".recipe.txt.bak": "",
		"..1": "", ".1": "", "": "", ".gitignore": "", ".a.-1": "",
	} {
		if of, ok := Temporary(name); ok != (want != "") || ok && of != want {
			t.Errorf("%q was to replace %q, %v; want %q", name, of, ok, want)
		}
	}
	f, _, err := begin(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	if of, ok := Temporary(filepath.Base(f.Name())); !ok || of != "file" {
		t.Errorf("%s is not taken for a temporary file of file: %q", f.Name(), of)
	}
}

func TestWrittenFilesCanBeReadByOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for range 2 { // new, then replaced
		if err := WriteFile(path, nil); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o644 || info.Size() != 0 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}

// A model may be written in the place of another, and where there is nothing; what cannot be made
// again stays.
func TestWhatAModelMayReplace(t *testing.T) {
	folder := t.TempDir()
	lane, err := os.ReadFile("testdata/good_lane.msgp")
	model, err2 := os.ReadFile("testdata/good_model.msgp")
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte // nil: no file
		says    string // "" when it may be replaced
	}{
		"nothing":         {nil, ""},
		"an empty file":   {[]byte{}, ""},
		"a model":         {model, ""},
		"a damaged model": {model[:headerLen], ""},
		"a lane": {lane,
			"there is a checkpoint of a run's lane: remove it, or choose a new name"},
		"somebody's thesis": {[]byte("years of work"),
			"there is a file that this program did not write: remove it, or choose a new name"},
		"a longer one": {bytes.Repeat([]byte("years of work"), 99),
			"there is a file that this program did not write"},
	} {
		path := filepath.Join(folder, name)
		if c.content != nil {
			if err := os.WriteFile(path, c.content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := CheckReplaceable(path); (err == nil) != (c.says == "") ||
			err != nil && !strings.Contains(err.Error(), "cannot write "+path+": "+c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}
