//go:build !page

package recipe

import (
	"embed"
	"encoding/json"
)

//go:embed results
var results embed.FS

// Results returns the summary over the seeds that decide an exhibit: a study.Summary as JSON, null
// if there is none. The page fetches it when it is shown.
func (e Exhibit) Results() json.RawMessage {
	file, err := results.ReadFile(e.File())
	if err != nil {
		return json.RawMessage("null")
	}
	return file
}
