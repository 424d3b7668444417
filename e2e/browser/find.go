package browser

import (
	"fmt"
	"os/exec"
)

// names are those that Chromium and what is made from it go by.
var names = []string{
	"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
}

// Find says where a Chromium is.
func Find() (path string, err error) {
	for _, name := range names {
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium here, under none of the names %q: install it, or let make chromium do it", names)
}
