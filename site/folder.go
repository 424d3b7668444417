package site

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
)

// A folder is a built site. Files are read while they are sent, never into memory as a whole.
type folder struct {
	dir string

	mu   sync.Mutex
	tags map[string]tag // by the name of the file; compressed forms have their own
}

// A tag is the ETag of a file. It is valid as long as the file has not changed.
type tag struct {
	info os.FileInfo
	text string
}

// A file is an open file of the site, in one of its forms.
type file struct {
	*os.File
	name     string // without the suffix of a compressed form
	encoding string // "" for the file as it is
	tag      tag
}

// open opens a file in the smallest form that this Accept-Encoding accepts.
func (d *folder) open(name, accept string) (*file, error) {
	if _, known := types[path.Ext(name)]; !known || hidden(name) {
		return nil, fs.ErrNotExist
	}
	if compressible[path.Ext(name)] {
		for _, e := range encodings {
			if !accepts(accept, e.name) {
				continue
			}
			if f, err := d.openForm(name, e); err == nil {
				return f, nil
			}
		}
	}
	return d.openForm(name, encoding{})
}

// openForm opens a file in the folder. It follows no link out of the folder.
func (d *folder) openForm(name string, e encoding) (*file, error) {
	root, err := os.OpenRoot(d.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name + e.suffix)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fs.ErrNotExist
	}
	f, err := root.Open(name + e.suffix)
	if err != nil {
		return nil, err
	}
	t, err := d.tag(name+e.suffix, f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &file{f, name, e.name, t}, nil
}

// tag returns the tag of an open file. It is computed at the first request and when the file has
// changed.
func (d *folder) tag(name string, f *os.File) (tag, error) {
	info, err := f.Stat()
	if err != nil {
		return tag{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if t, ok := d.tags[name]; ok && os.SameFile(t.info, info) &&
		t.info.ModTime().Equal(info.ModTime()) && t.info.Size() == info.Size() {
		return t, nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return tag{}, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return tag{}, err
	}
	if d.tags == nil {
		d.tags = map[string]tag{}
	}
	d.tags[name] = tag{info, fmt.Sprintf(`"%x"`, hash.Sum(nil))}
	return d.tags[name], nil
}

// hidden reports whether a part of the name starts with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// accepts reports whether an Accept-Encoding accepts an encoding.
func accepts(list, name string) bool {
	for item := range strings.SplitSeq(list, ",") {
		coding, quality, _ := strings.Cut(strings.TrimSpace(item), ";")
		if strings.EqualFold(strings.TrimSpace(coding), name) {
			q := strings.TrimPrefix(strings.ReplaceAll(quality, " ", ""), "q=")
			return strings.Trim(q, "0.") != "" || q == ""
		}
	}
	return false
}
