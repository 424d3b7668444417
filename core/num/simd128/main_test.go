package main

import (
	"bytes"
	"os"
	"testing"
)

// The checked-in kernels are what this generator writes.
func TestKernelsAreUpToDate(t *testing.T) {
	asm, stubs := kernels(true).arm64()
	for name, made := range map[string][]byte{
		"kernels.wasm": kernels(false).encode(), "kernels_arm64.s": asm,
		"kernels_arm64_stubs.go": stubs,
	} {
		kept, err := os.ReadFile("../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, made) {
			t.Errorf("%s is out of date: run go generate", name)
		}
	}
}

func TestIntegers(t *testing.T) {
	for _, c := range []struct {
		got, want []byte
	}{
		{unsigned(0), []byte{0}},
		{unsigned(127), []byte{0x7f}},
		{unsigned(128), []byte{0x80, 1}},
		{unsigned(624485), []byte{0xe5, 0x8e, 0x26}},
		{signed(0), []byte{0}},
		{signed(63), []byte{0x3f}},
		{signed(64), []byte{0xc0, 0}},
		{signed(-1), []byte{0x7f}},
		{signed(-64), []byte{0x40}},
		{signed(-123456), []byte{0xc0, 0xbb, 0x78}},
	} {
		if !bytes.Equal(c.got, c.want) {
			t.Errorf("got % x, want % x", c.got, c.want)
		}
	}
}
