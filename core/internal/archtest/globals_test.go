package archtest

import (
	"fmt"
	"go/types"
	"os"
	"strings"
	"testing"
)

// globalRule type-checks packages for a platform and finds exported variables through which any
// importer can change what the others see.
func globalRule(platform string, patterns ...string) (complaints []string, err error) {
	loaded, err := typeCheck(platform, patterns...)
	if err != nil {
		return nil, err
	}
	for _, p := range loaded {
		scope := p.Types.Scope()
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if ok && v.Exported() && shared(v.Type()) {
				at := inTree(p.Fset.Position(v.Pos()))
				complaints = append(complaints, fmt.Sprintf(
					"%s: importers can change what %s holds: make it a function that "+
						"returns a copy",
					at, name))
			}
		}
	}
	return complaints, nil
}

// shared reports whether a copy of a value of this type shares memory with the original.
func shared(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer:
		return true
	}
	return false
}

func TestNoGlobalIsMutable(t *testing.T) {
	t.Parallel()
	// What is only built for the page is below wasm.
	for platform, pattern := range map[string]string{
		platforms[0]:          "./...",
		"GOOS=js GOARCH=wasm": "./wasm/...",
	} {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			complaints, err := globalRule(platform, pattern)
			if err != nil {
				t.Fatal(err)
			}
			report(t, complaints)
		})
	}
}

func TestGlobalRuleBites(t *testing.T) {
	t.Parallel()
	const dir = "core/internal/archtest/testdata/globals"
	text, err := os.ReadFile("testdata/globals/globals.go")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(text), "\n") {
		if strings.HasSuffix(line, "// mutable") {
			want = append(want, fmt.Sprintf("%s/globals.go:%d:", dir, i+1))
		}
	}
	got, err := globalRule(platforms[0], "./"+dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) || len(want) != 5 {
		t.Fatalf("got %q\nwant a complaint about each of %q", got, want)
	}
	for i, w := range want {
		if !strings.HasPrefix(got[i], w) {
			t.Errorf("got %q, want one about %s", got[i], w)
		}
	}
}
