package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/train"
)

// golden returns the digests of the exhibit memorise that core/study holds every platform to.
func golden(t testing.TB) (digests map[string]string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree, "core", "study", "testdata", "memorise.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &digests); err != nil {
		t.Fatal(err)
	}
	return digests
}

// firstExhibit is the exhibit that the page opens with.
const firstExhibit = "whose_words"

func TestThePageOpensWithTheFirstExhibit(t *testing.T) {
	want := fmt.Sprintf("%s?v=%d&seed=1", firstExhibit, train.Engine)
	if link := openDrawn(t, "").link(); !strings.HasPrefix(link, want) {
		t.Errorf("the page opens with %s, want %s", link, want)
	}
}

// A whole exhibit gives the bits of the command line, also when it is paused after its first update
// and rewound. How long it takes is what the tests of the long tier look at.
func TestMemorise(t *testing.T) {
	p := openFirst(t, "memorise")
	p.awaitRest()
	p.awaitStage()
	p.Run("posttrain.run()")
	p.Wait(time.Minute, "posttrain.state().lanes.some((l) => l.step > 0)")
	p.Run("posttrain.pause()")
	p.awaitRest()
	p.Run("posttrain.reset()")
	p.awaitRest()
	equal(t, p.train(5*time.Minute), golden(t))
	p.reads(".where", golden(t)["sft"][:8])
	p.reads(".verdict", "rule B")
}
