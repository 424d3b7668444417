package site

import (
	"archive/zip"
	"bytes"
	"time"
)

// A packedFile is a file in an archive.
type packedFile struct {
	name    string
	content []byte
}

// Zip returns an archive with a page as index.html, which any host can unpack. With its manifest it
// is also a package of SCORM 1.2, to which the page reports: see js/scorm.js.
func Zip(page []byte, title string) ([]byte, error) {
	about, err := manifestOf(title)
	if err != nil {
		return nil, err
	}
	return archive(packedFile{manifestName, about}, packedFile{"index.html", page})
}

// archive returns a zip archive of files. The same files give the same bytes.
func archive(files ...packedFile) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range files {
		// the earliest time that an archive can have
		entry, err := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return nil, err
		}
		if _, err := entry.Write(f.content); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
