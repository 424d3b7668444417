package checkpoint

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// ReadFile returns the content of the regular file at path, or of the one that the symbolic links
// there lead to. It refuses pipes and devices, which may never end, and files of more than most
// bytes before it reads anything; its errors name the path. If ctx ends first it returns the
// context's error at once, even if the file system hangs.
func ReadFile(ctx context.Context, path string, most int64) ([]byte, error) {
	return readFile(ctx, path, func(_ []byte, size int64) error {
		if size > most {
			return fmt.Errorf("it has %d bytes, and at most %d are read", size, most)
		}
		return nil
	})
}

// readFile reads a regular file if its first bytes and its size pass a check.
func readFile(ctx context.Context, path string, check func(head []byte, size int64) error) ([]byte,
	error) {
	return unlessEnded(ctx, func() ([]byte, error) { return readRegular(path, check) })
}

// unlessEnded returns what read returns, or the context's error at once if ctx ends first.
func unlessEnded[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		data T
		err  error
	}
	done := make(chan result, 1)
	go func() {
		data, err := read()
		done <- result{data, err}
	}()
	select {
	case r := <-done:
		return r.data, r.err
	case <-ctx.Done():
		return *new(T), ctx.Err()
	}
}

func readRegular(path string, check func(head []byte, size int64) error) ([]byte, error) {
	f, size, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, min(size, int64(headerLen)))
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, readError(path, err)
	}
	if err := check(head, size); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	data := append(make([]byte, 0, size), head...)
	if _, err := io.ReadFull(f, data[len(head):cap(data)]); err != nil {
		return nil, readError(path, err)
	}
	return data[:cap(data)], nil
}

// openRegular opens a regular file and returns it with its size.
func openRegular(path string) (*os.File, int64, error) {
	info, err := os.Stat(path) // opening a pipe would wait for its writer
	if err != nil {
		return nil, 0, openError(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s: it is a %s: want a regular file", path,
			FileKind(info.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, openError(path, err)
	}
	return f, info.Size(), nil
}

// openError returns the error of a file that could not be opened, with the path in place of the
// system's call.
func openError(path string, err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		err = at.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// readError returns the error of a file that could not be read, or that ended before its size.
func readError(path string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it became shorter while it was read")
	}
	return fmt.Errorf("%s: %w", path, err)
}
