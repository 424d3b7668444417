package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/posttrain/posttrain/e2e/browser"
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
	b, err := browser.Start(ctx, browser.NoGL()...)
	if err != nil {
		return 0, err
	}
	defer b.Close()
	ctx = b.Tab()
	reports := chromedp.Events(ctx, runtime.BindingCalled)
	if _, err := chromedp.Call(ctx, runtime.AddBinding,
		runtime.AddBindingParams{Name: "report"}); err != nil {
		return 0, err
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
