package checkpoint

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	for _, n := range []int{0, 1, headerLen - 1, headerLen, headerLen + 1, 1 << 20} {
		want := bytes.Repeat([]byte("x"), n)
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		if have, err := ReadFile(t.Context(), path, int64(n)); err != nil ||
			!bytes.Equal(have, want) {
			t.Errorf("%d bytes: read %d, %v", n, len(have), err)
		}
		if _, err := ReadFile(t.Context(), path, int64(n)-1); err == nil ||
			!strings.HasPrefix(err.Error(), path+": it has ") {
			t.Errorf("%d bytes, one more than wanted: %v", n, err)
		}
	}
}

// A file is refused by its beginning and its size, before the rest is read: these would fill the
// memory.
func TestHugeFilesAreRefusedUnread(t *testing.T) {
	const huge = 1 << 38
	claiming := func(payload uint64) []byte {
		return binary.LittleEndian.AppendUint64(append([]byte(magic), version, byte(laneKind)),
			payload)
	}
	for what, c := range map[string]struct {
		head []byte
		want string
	}{
		"zeros":              {nil, "it does not start like a posttrain file"},
		"another size":       {claiming(1000), "bytes too many"},
		"a size beyond that": {claiming(1 << 60), "it is cut short"},
		"its own size": {claiming(huge - uint64(headerLen) - 32),
			"at most 4294967296 are read"},
	} {
		path := filepath.Join(t.TempDir(), "file")
		if err := errors.Join(os.WriteFile(path, c.head, 0o644),
			os.Truncate(path, huge)); err != nil {
			t.Fatal(err)
		}
		_, err := ReadModel(t.Context(), path)
		_, laneErr := ReadLane(t.Context(), path)
		_, fileErr := ReadFile(t.Context(), path, 1<<20)
		if err == nil || !errors.Is(err, ErrFormat) || !strings.HasPrefix(err.Error(), path+": ") ||
			!strings.Contains(err.Error(), c.want) || laneErr == nil ||
			laneErr.Error() != err.Error() {
			t.Errorf("%s: %v, and %v; want %s", what, err, laneErr, c.want)
		}
		if want := path + ": it has 274877906944 bytes, and at most " +
			"1048576 are read"; fileErr == nil || fileErr.Error() != want {
			t.Errorf("%s: %v, want %s", what, fileErr, want)
		}
	}
}

// Reading is given up at once, even when the file system does not answer.
func TestReadingEndsWithItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, contentA, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan struct{})
	defer close(answer)
	_, err := readFile(ctx, path, func([]byte, int64) error {
		cancel()
		<-answer
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("it ends with %v", err)
	}
}
