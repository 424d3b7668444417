package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// settle reports all complaints so far.
func (p *Page) settle() {
	p.t.Helper()
	if !p.t.Failed() && !p.frame {
		Eval[bool](p, "true") // earlier events arrive before this answer
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range append(p.complaints, p.b.abroad.take()...) {
		if !p.isExpected(c) {
			p.t.Errorf("the page complains: %s", c)
		}
	}
	p.complaints = nil
}

// excused has complaints of the browser about actions of tests that visitors do not do: leaving a
// lab in the middle of a run without a click anywhere in it, and opening a file without an icon.
var excused = []string{"Blocked attempt to show a 'beforeunload' confirmation", "/favicon.ico)"}

func (p *Page) isExpected(complaint string) bool {
	for _, e := range slices.Concat(excused, p.expected) {
		if strings.Contains(complaint, e) {
			return true
		}
	}
	return false
}

// Expect excuses complaints that contain a text.
func (p *Page) Expect(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, text)
}

// hear records complaints and requests to other origins. Complaints of workers are reported as the
// page's.
func (p *Page) hear(event any) {
	if e, ok := event.(*page.EventJavascriptDialogOpening); ok {
		go p.answer(e)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	complain := func(format string, args ...any) {
		p.complaints = append(p.complaints, fmt.Sprintf(format, args...))
	}
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		switch e.Type {
		case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning,
			runtime.ConsoleAPICalledTypeAssert:
			complain("console.%s: %s", e.Type, words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		d := e.ExceptionDetails
		complain("%s %s (%s:%d)", d.Text, words([]*runtime.RemoteObject{d.Exception}), d.URL,
			d.LineNumber+1)
	case *log.EventEntryAdded:
		if strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
			return // the icon of a document that is no page, such as that of forget
		}
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			complain("%s %s: %s (%s)", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || p.origin == "" {
			return
		}
		if origin := originOf(u); origin != "" && origin != p.origin {
			complain("request to another origin: %s", e.Request.URL)
		}
	}
}

// originOf returns the origin of an address. Each file is one by itself; what is no file and on no
// host, such as a blob, has none.
func originOf(u *url.URL) string {
	switch {
	case u.Scheme == "file":
		return "file://" + u.Path
	case u.Host != "" && strings.HasPrefix(u.Scheme, "http"):
		return u.Scheme + "://" + u.Host
	}
	return ""
}

// answer records a dialog that the page has opened, and accepts it.
func (p *Page) answer(e *page.EventJavascriptDialogOpening) {
	p.mu.Lock()
	p.questions = append(p.questions, string(e.Type))
	p.mu.Unlock()
	// the tab may be gone
	_, _ = chromedp.Call(p.ctx, page.HandleJavaScriptDialog,
		page.HandleJavaScriptDialogParams{Accept: true})
}

// Questions returns the types of the dialogs that the page has opened since the last call.
func (p *Page) Questions() (types []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	types, p.questions = p.questions, nil
	return types
}

func words(objects []*runtime.RemoteObject) string {
	var said []string
	for _, o := range objects {
		switch {
		case o == nil:
		case o.Description != "":
			said = append(said, o.Description)
		default:
			said = append(said, string(o.Value))
		}
	}
	return strings.Join(said, " ")
}
