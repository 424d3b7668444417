//go:build !page

package recipe

import (
	"embed"
	"encoding/json"
)

//go:embed results
var results embed.FS

// Results returns the exhibit's results over several seeds, which decide its hypotheses. They are a
// study.Summary as JSON, or null if there are none. The page's program does not contain them: the
// page fetches the file when it shows them.
func (e Exhibit) Results() json.RawMessage {
	file, err := results.ReadFile(e.File())
	if err != nil {
		return json.RawMessage("null")
	}
	return file
}
