// Package e2e tests the page in a real Chromium, as a visitor meets it.
package e2e

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
)

const tree = ".."

// built is where the site is between tests, so that only what has changed is made again.
var built = filepath.Join(tree, "bin", "site")

var (
	chromium *browser.Browser
	address  string // of the site, without a slash at its end
)

func TestMain(m *testing.M) {
	code, err := around(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func around(m *testing.M) (code int, err error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := site.Build(ctx, tree, built, func(what string) { fmt.Println(what) }); err != nil {
		return 0, err
	}
	server := httptest.NewServer(site.Handler(built))
	defer server.Close()
	address = server.URL
	if chromium, err = browser.Start(ctx, browser.SoftwareGL()...); err != nil {
		return 0, err
	}
	defer chromium.Close()
	return m.Run(), nil
}
