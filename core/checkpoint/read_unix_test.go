//go:build unix

package checkpoint

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// What may have no end is not opened; links are followed.
func TestOnlyRegularFilesAreRead(t *testing.T) {
	at := oddities(t)
	for _, err := range []error{os.WriteFile(at("file"), contentA, 0o644),
		os.Symlink("file", at("link")), os.Symlink("link", at("link to a link"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, says := range map[string]string{
		"pipe":             "it is a named pipe: want a regular file",
		"link to a pipe":   "it is a named pipe: want a regular file",
		"link to a device": "it is a device: want a regular file",
		"socket":           "it is a socket: want a regular file",
		"folder":           "it is a folder: want a regular file",
		"link to a folder": "it is a folder: want a regular file",
	} {
		if _, err := ReadFile(t.Context(), at(name), 1<<20); err == nil ||
			err.Error() != at(name)+": "+says {
			t.Errorf("%s: %v, want %q", name, err, says)
		}
		if _, err := ReadModel(t.Context(), at(name)); err == nil ||
			err.Error() != at(name)+": "+says {
			t.Errorf("%s as a model: %v, want %q", name, err, says)
		}
	}
	for _, name := range []string{"dangling", "missing"} {
		if _, err := ReadFile(t.Context(), at(name), 1<<20); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadFile(t.Context(), at("round"), 1<<20); err == nil ||
		!strings.Contains(err.Error(), at("round")) {
		t.Errorf("round: %v", err)
	}
	for _, name := range []string{"link", "link to a link"} {
		if data, err := ReadFile(t.Context(), at(name), 1<<20); err != nil ||
			string(data) != string(contentA) {
			t.Errorf("%s: %d bytes, %v", name, len(data), err)
		}
	}
}
