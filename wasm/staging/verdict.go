package staging

import (
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/verdict"
)

// Verdict is the verdict on the lanes, with the signals that were found in them.
type Verdict struct {
	verdict.Verdict
	Notices []recipe.Notice `json:"notices"` // the newest first
}
