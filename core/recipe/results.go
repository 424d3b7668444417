//go:build !page

package recipe

import (
	"embed"
	"encoding/json"
)

//go:embed results
var results embed.FS

// Results is the summary over seeds that was judged for an exhibit: a study.Summary as JSON, null when there is none. The page
// fetches it when it is shown.
func (e Exhibit) Results() json.RawMessage {
	file, err := results.ReadFile(e.File())
	if err != nil {
		return json.RawMessage("null")
	}
	return file
}
