//go:build unix

package checkpoint

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// oddities makes a folder with one of everything that is no regular file, and links to it.
func oddities(t *testing.T) (at func(name string) string) {
	t.Helper()
	folder := t.TempDir()
	at = func(name string) string { return filepath.Join(folder, name) }
	socket, err := net.Listen("unix", at("socket"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	for _, err := range []error{
		syscall.Mkfifo(at("pipe"), 0o644), os.Symlink("pipe", at("link to a pipe")),
		os.Symlink("/dev/zero", at("link to a device")),
		os.Mkdir(at("folder"), 0o755), os.Symlink("folder", at("link to a folder")),
		os.Symlink("nowhere", at("dangling")), os.Symlink("round", at("round")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return at
}

// What is no file stays what it is: a program that reads from the pipe or writes
// to the device would otherwise meet a file.
func TestOnlyRegularFilesAreReplaced(t *testing.T) {
	at := oddities(t)
	if err := os.WriteFile(at("protected"), contentA, 0o444); err != nil {
		t.Fatal(err)
	}
	before := entries(t, at(""))
	for name, says := range map[string]string{
		"pipe":             "it is a named pipe",
		"link to a pipe":   "it is a named pipe",
		"link to a device": "it is a device",
		"socket":           "it is a socket",
		"folder":           "it is a folder",
		"link to a folder": "it is a folder",
		"dangling":         "it is a link to nowhere, which does not exist",
		"round":            "too many levels of symbolic links",
		"protected":        "it is protected against writing",
	} {
		was, err := os.Lstat(at(name))
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteFile(at(name), contentB); err == nil ||
			!strings.HasPrefix(err.Error(), "cannot write "+at(name)+": "+says) {
			t.Errorf("%s: the error is %v, want %q", name, err, says)
		}
		if is, err := os.Lstat(at(name)); err != nil || !os.SameFile(was, is) ||
			is.Mode() != was.Mode() {
			t.Errorf("%s is another now: %v, %v", name, is, err)
		}
	}
	if after := entries(t, at("")); !slices.Equal(after, before) {
		t.Errorf("the folder had %q and has %q", before, after)
	}
}
