package main

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// The checked-in kernels are what this generator writes.
func TestKernelsAreUpToDate(t *testing.T) {
	dir := t.TempDir()
	asm, stubs := filepath.Join(dir, "asm"), filepath.Join(dir, "stubs")
	for name, value := range map[string]string{"pkg": "num", "out": asm, "stubs": stubs} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	main()
	for made, kept := range map[string]string{asm: "../kernels_amd64.s",
		stubs: "../kernels_amd64_stubs.go"} {
		if !bytes.Equal(withoutHeader(t, made), withoutHeader(t, kept)) {
			t.Errorf("%s is out of date: run go generate", kept)
		}
	}
}

// withoutHeader reads a file but for its first line, which names the command that made it.
func withoutHeader(t *testing.T, path string) []byte {
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(b, []byte("\n"))
	return rest
}
