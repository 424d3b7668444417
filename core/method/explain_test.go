package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/param"
)

func TestExplainIsWhatAddWrites(t *testing.T) {
	eachMethod(t, func(t *testing.T, m Method, v param.Values) {
		if m.Family == "preference" {
			return
		}
		if err := lab.Explained(m.Build(v), v); err != nil {
			t.Error(err)
		}
	})
}
