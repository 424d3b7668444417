package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// WriteFile writes data to the file at path. Readers find either the old file or the whole new one,
// whatever happens: WriteFile writes a temporary file beside it, syncs it, renames it and syncs the
// folder. If several processes write to one path, the last one wins.
//
// If path is a symbolic link, the file that it leads to is replaced. A file that is replaced keeps
// its permissions. WriteFile refuses to replace what is not a regular file or is protected against
// writing.
func WriteFile(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Write is [WriteFile] with what content writes. If content returns an error, the file stays as it
// was.
func Write(path string, content func(w io.Writer) error) error {
	f, to, err := begin(path)
	if err != nil {
		return writeError(path, err)
	}
	if err := finish(f, to, content); err != nil {
		_ = f.Close() // it may be closed already
		_ = os.Remove(f.Name())
		return writeError(path, err)
	}
	return writeError(path, syncFolder(filepath.Dir(to.path)))
}

// CheckWritable returns the error that [WriteFile] would return before it writes the first byte. It
// leaves no file behind.
func CheckWritable(path string) error {
	f, _, err := begin(path)
	if err != nil {
		return writeError(path, err)
	}
	return writeError(path, errors.Join(f.Close(), os.Remove(f.Name())))
}

// CheckReplaceable returns an error that says what would be lost if a model were written to path.
// It returns nil if there is no file, an empty one, or a model, which can be made again. The
// checkpoint of a lane is the record of a run, and that of a pretraining may hold hours of work:
// neither may be replaced.
func CheckReplaceable(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return writeError(path, err)
	}
	defer f.Close()
	head := make([]byte, headerLen)
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0 && err == io.EOF:
		return nil
	case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF:
		return writeError(path, err)
	case !strings.HasPrefix(string(head[:n]), magic):
		return writeError(path,
			errors.New("there is a file that this program did not write: remove it, or "+
				"choose a new name"))
	case n > len(magic)+1 && kind(head[len(magic)+1]) == laneKind:
		return writeError(path,
			errors.New("there is a checkpoint of a run's lane: remove it, or choose a new name"))
	case n > len(magic)+1 && kind(head[len(magic)+1]) == pretrainingKind:
		return writeError(path,
			errors.New("there is a base in the middle of its pretraining: remove it, or choose a "+
				"new name"))
	}
	return nil
}

// Temporary reports whether name belongs to a temporary file of [WriteFile], such as
// .lane-1.msgp.123, and returns the name of the file that it was to replace. A process that is
// killed while it writes leaves such a file behind.
func Temporary(name string) (of string, ok bool) {
	hidden, isHidden := strings.CutPrefix(name, ".")
	dot := strings.LastIndexByte(hidden, '.')
	if !isHidden || dot < 1 {
		return "", false
	}
	_, err := strconv.ParseUint(hidden[dot+1:], 10, 64)
	return hidden[:dot], err == nil
}

// target is a file to be written.
type target struct {
	path string      // with symbolic links resolved
	perm fs.FileMode // of the existing file, or for a new one
}

// begin creates a temporary file beside the one that path leads to.
func begin(path string) (*os.File, target, error) {
	to, err := resolve(path)
	if err != nil {
		return nil, to, err
	}
	f, err := os.CreateTemp(filepath.Dir(to.path), "."+filepath.Base(to.path)+".*")
	return f, to, err
}

// resolve returns the file that path leads to, or an error if it must not be replaced.
func resolve(path string) (target, error) {
	to := target{path, 0o644}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if end, err := os.Readlink(path); err == nil {
			return to, fmt.Errorf("it is a link to %s, which does not exist", end)
		}
		return to, nil
	}
	if err != nil {
		return to, err
	}
	if !info.Mode().IsRegular() {
		return to, fmt.Errorf("it is a %s: want a regular file or a new name",
			FileKind(info.Mode()))
	}
	if to.perm = info.Mode().Perm(); to.perm&0o200 == 0 {
		return to, errors.New("it is protected against writing: allow its owner to write to it, " +
			"or choose a new name")
	}
	to.path, err = filepath.EvalSymlinks(path)
	return to, err
}

// FileKind returns the name of a kind of file that is not a regular one, such as "folder".
func FileKind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "folder"
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	default:
		return "special file"
	}
}

// finish writes the content of the temporary file and renames it to its target.
func finish(f *os.File, to target, content func(w io.Writer) error) error {
	if err := content(f); err != nil {
		return err
	}
	if err := f.Chmod(to.perm); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), to.path)
}

// writeError returns the error of a file that could not be written, with its path in place of the
// temporary file's. nil stays nil.
func writeError(path string, err error) error {
	if err == nil {
		return nil
	}
	var at *fs.PathError
	var between *os.LinkError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &between):
		err = between.Err
	}
	return fmt.Errorf("cannot write %s: %w", path, err)
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
