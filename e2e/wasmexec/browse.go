package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A message is what the page reports: output, or the end.
type message struct {
	FD    int    `json:"fd"`
	Text  string `json:"text"`
	Exit  *int   `json:"exit"`
	Error string `json:"error"`
}

// browse opens the page and passes on its reports until the program ends.
func browse(ctx context.Context, url string) (code int, err error) {
	chromium, err := findBrowser()
	if err != nil {
		return 0, err
	}
	var said bytes.Buffer
	ctx, closeBrowser := chromedp.NewExecAllocator(ctx, append(flags(), chromedp.ExecPath(chromium), chromedp.CombinedOutput(&said))...)
	defer closeBrowser()
	ctx, closePage := chromedp.NewContext(ctx)
	defer closePage()

	reports := chromedp.Events(ctx, runtime.BindingCalled)
	if _, err := chromedp.Call(ctx, runtime.AddBinding, runtime.AddBindingParams{Name: "report"}); err != nil {
		return 0, fmt.Errorf("%s does not start: %w\n%s", chromium, err, said.Bytes())
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		return 0, err
	}
	for event, err := range reports {
		if err != nil {
			return 0, err
		}
		var m message
		if err := json.Unmarshal([]byte(event.Payload), &m); err != nil {
			return 0, err
		}
		switch {
		case m.Error != "":
			return 0, errors.New(m.Error)
		case m.Exit != nil:
			return *m.Exit, nil
		case m.FD == 2:
			os.Stderr.WriteString(m.Text)
		default:
			os.Stdout.WriteString(m.Text)
		}
	}
	return 0, errors.New("the page went away before the program ended")
}

// flags keep the browser to itself: no window, no news from outside, a profile that is thrown away, and timers that are not
// slowed down although no window is in front.
func flags() (options []chromedp.ExecAllocatorOption) {
	for _, name := range []string{
		"headless", "disable-gpu", "disable-quic", "no-first-run", "no-default-browser-check", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-extensions", "disable-dev-shm-usage",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // the sandbox is not for the superuser
	}
	return options
}

// browsers are the names that Chromium and what is made from it go by.
var browsers = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

func findBrowser() (path string, err error) {
	for _, name := range browsers {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium here, under none of the names %q: install it, or let make chromium do it", browsers)
}
