//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Every command that reads a file refuses one that never ends, and one that is too large, without
// reading it.
func TestFilesWithoutAnEnd(t *testing.T) {
	folder := t.TempDir()
	pipe, huge, link := filepath.Join(folder, "pipe"), filepath.Join(folder,
		"huge"), filepath.Join(folder, "link")
	for _, err := range []error{syscall.Mkfifo(pipe, 0o644), os.WriteFile(huge, nil, 0o644),
		os.Truncate(huge, 1<<38), os.Symlink("pipe", link)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	kept := filepath.Join(folder, "kept")
	const resumed = "run cards --lane sft,steps=1,batch=1 --set eval_prompts=1 --resume --out "
	if code, said := inProcess(t, nil, io.Discard, strings.Fields(resumed+kept)...); code != 0 {
		t.Fatal(said)
	}
	for path, says := range map[string]string{
		"/dev/zero": "it is a device: want a regular file",
		pipe:        "it is a named pipe: want a regular file",
		link:        "it is a named pipe: want a regular file", huge: "",
	} {
		for _, command := range []string{"digest FILE", "eval FILE", "eval cards --base FILE",
			"logits FILE", "sample FILE A1234=", "run cards --lane sft --base FILE",
			"run cards --lane sft --data FILE"} {
			says := says
			switch {
			case path == huge && strings.Contains(command, "--data"):
				says = "it has 274877906944 bytes, and at most 8388608 are read"
			case path == huge:
				says = "not a usable checkpoint: it does not start like a posttrain file"
			}
			var stdout bytes.Buffer
			code, said := inProcess(t, strings.NewReader(""), &stdout,
				strings.Fields(strings.ReplaceAll(command, "FILE", path))...)
			if code == 0 || stdout.Len() > 0 || !strings.HasSuffix(said, path+": "+says+"\n") ||
				strings.Count(said, "\n") != 1 {
				t.Errorf("%s: exit code %d, and it said %q, want %q",
					strings.ReplaceAll(command, "FILE", path), code, said, says)
			}
		}
		for _, name := range []string{"recipe.txt", "result.json", "lane-1.msgp"} {
			if name == "lane-1.msgp" { // which is read when there is no result
				if err := os.Remove(filepath.Join(kept, "result.json")); err != nil {
					t.Fatal(err)
				}
			}
			at, aside := filepath.Join(kept, name), filepath.Join(folder, "aside")
			for _, err := range []error{os.Rename(at, aside), os.Symlink(path, at)} {
				if err != nil {
					t.Fatal(err)
				}
			}
			code, said := inProcess(t, nil, io.Discard, strings.Fields(resumed+kept)...)
			if code != exitFailed || !strings.Contains(said, at+": ") {
				t.Errorf("%s in the place of %s: exit code %d, and it said %q", path, name, code,
					said)
			}
			if err := os.Rename(aside, at); err != nil {
				t.Fatal(err)
			}
		}
		if code, said := inProcess(t, nil, io.Discard, strings.Fields(resumed+kept)...); code != 0 {
			t.Fatal(said)
		}
	}
}
