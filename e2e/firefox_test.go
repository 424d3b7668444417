//go:build verify

package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/posttrain/posttrain/site"
)

// The page that Firefox is sent to: it runs an exhibit in a frame and posts what came out.
const (
	checkPage   = `<!doctype html><meta charset="utf-8"><title>A check</title><link rel="icon" href="data:,"><iframe src="/#memorise" width="1200" height="900"></iframe><script src="/check.js"></script>`
	checkScript = `
		const lab = () => document.querySelector("iframe").contentWindow.posttrain;
		const post = (result) => fetch("/result", { method: "POST", body: JSON.stringify(result) });
		addEventListener("error", (e) => post({ error: e.message }));
		const until = (yes) => new Promise((resolve) => { const timer = setInterval(() => { if (yes()) { clearInterval(timer); resolve(); } }, 50); });
		until(lab).then(() => {
			lab().on("error", (e) => post({ error: e.message }));
			lab().run();
			return until(() => lab().state().done);
		}).then(() => post({ digests: Object.fromEntries(lab().state().lanes.map((l) => [l.label, l.digest])) }));`
)

// The exhibit memorise has the same bits in another engine for WebAssembly.
func TestVerifyFirefox(t *testing.T) {
	type result struct {
		Digests map[string]string
		Error   string
	}
	results := make(chan result, 10)
	mux := http.NewServeMux()
	mux.Handle("/", site.Handler(built))
	send := func(kind, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write([]byte(text)) // the browser may have gone
		}
	}
	mux.HandleFunc("/check.html", send("text/html", checkPage))
	mux.HandleFunc("/check.js", send("text/javascript", checkScript))
	mux.HandleFunc("POST /result", func(_ http.ResponseWriter, r *http.Request) {
		var got result
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			got.Error = err.Error()
		}
		results <- got
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	home := t.TempDir()
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Minute) // a machine may be slow
	defer stop()
	cmd := exec.CommandContext(ctx, "firefox-esr", "--headless", "--no-remote", "--profile", home,
		server.URL+"/check.html")
	cmd.Env = append(os.Environ(), "HOME="+home, "MOZ_CRASHREPORTER_DISABLE=1")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: make firefox installs it", err)
	}
	defer func() {
		stop()
		_ = cmd.Wait() // it was interrupted
	}()
	start := time.Now()
	select {
	case got := <-results:
		t.Logf("it took %v", time.Since(start))
		if got.Error != "" {
			t.Fatalf("Firefox says: %s", got.Error)
		}
		equal(t, got.Digests, golden(t))
	case <-ctx.Done():
		t.Fatal("Firefox has not answered in half an hour")
	}
}
