package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/e2e/browser"
	"github.com/posttrain/posttrain/site"
)

// openFile writes a link's page in one file and opens that from the disk.
func openFile(t *testing.T, link string) lab {
	t.Helper()
	if err := remember(); err != nil {
		t.Fatal(err)
	}
	subject, err := site.Experiment(link)
	if err != nil {
		t.Fatal(err)
	}
	page, err := site.OneFile(t.Context(), tree, built, subject)
	if err != nil {
		t.Fatal(err)
	}
	if len(page) >= 8_000_000 {
		t.Errorf("the file has %d bytes, want less than 8,000,000", len(page))
	}
	file, err := filepath.Abs(filepath.Join(t.TempDir(), "page.html"))
	if err == nil {
		err = os.WriteFile(file, page, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	p := lab{chromium.Open(t), t}
	p.Go("file://" + filepath.ToSlash(file))
	return p
}

// A page in one file trains to the digests of the command line and draws, without a server and
// without a request. The browser complains about any request besides the file, since the test
// opens it from the disk.
func TestOneFile(t *testing.T) {
	p := openFile(t, short)
	p.Wait(time.Minute, "window.posttrain && !document.querySelector('button.run').disabled")
	if link := p.link(); !strings.HasPrefix(link, "cards?") || !strings.Contains(link, "steps=3") {
		t.Errorf("the file opens with %s", link)
	}
	endsLikeShort(t, p.train(time.Minute))
	p.awaitStage()
	_ = browser.Eval[bool]
}
