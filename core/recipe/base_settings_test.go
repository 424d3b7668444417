package recipe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

func TestBaseInALink(t *testing.T) {
	const lanes = "lane=sft,steps=20&lane=grpo,steps=10"
	for given, want := range map[string]string{
		"base=cards":                                   "",
		"base=cards,dim=64":                            "",
		"base=cards,":                                  "",
		"base=cards,dim=128,layers=2,steps=200":        "base=cards,dim=128,steps=200&",
		"base=cards,hidden=344,dim=128":                "base=cards,dim=128&",
		"base=cards,dim=128,hidden=352":                "base=cards,dim=128,hidden=352&",
		"base=cards_expert,seed=2":                     "base=cards_expert,seed=2&",
		"base=cards,size=full,dim=256,heads=8":         "base=cards,size=full&",
		"base=cards,size=large,layers=2,steps=3000":    "base=cards,size=large,layers=2&",
		"base=cards,mistakes=0.50,foreign=0,size=page": "base=cards,mistakes=0.5&",
		"base=cards_expert,mistakes=0":                 "base=cards_expert&",
		"eval_every=5&base=cards,dim=32":               "eval_every=5&base=cards,dim=32&",
		"base=file-0123456789abcdef":                   "base=file-0123456789abcdef&",
		"base= cards , dim = 128":                      "base=cards,dim=128&",
		"base=cards%2Cdim%3D128":                       "base=cards,dim=128&",
	} {
		r, err := Standard().Parse("cards?" + given + "&" + lanes)
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		want := fmt.Sprintf("cards?v=%d&seed=1&%s%s", train.Engine, want, lanes)
		if have := r.Link(); have != want {
			t.Errorf("%s becomes %s, want %s", given, have, want)
		}
		if again := mustParse(r.Link()).Link(); again != r.Link() {
			t.Errorf("%s becomes %s when it is read again", r.Link(), again)
		}
	}
}

// What a base has today is what its sizes and the rule for hidden units give.
func TestShapes(t *testing.T) {
	for dim, want := range map[int]int{64: 176, 128: 344, 256: 688} {
		if have := usualHidden(dim); have != want {
			t.Errorf("%d channels have %d hidden units, want %d", dim, have, want)
		}
	}
	for size, want := range map[string]model.Config{
		"page":  {Dim: 64, Layers: 2, Heads: 4, Hidden: 176},
		"full":  {Dim: 256, Layers: 6, Heads: 8, Hidden: 688},
		"large": {Dim: 512, Layers: 8, Heads: 8, Hidden: 1376},
	} {
		r := mustParse("cards?base=cards,size=" + size + "&lane=sft")
		have := r.bases.main.Shape
		if have.Context < r.Task.Context() {
			t.Errorf("%s: the context is %d, and the task needs %d", size, have.Context,
				r.Task.Context())
		}
		if have.Context = 0; have != want {
			t.Errorf("%s is %+v, want %+v", size, have, want)
		}
	}
}

// Where there is no network, no base is needed.
func TestNoBase(t *testing.T) {
	r := mustParse("densities?lane=sft")
	if len(r.Bases()) > 0 || len(r.Unshipped()) > 0 || r.Bytes(4) != 0 {
		t.Errorf("densities need %v and %v in %v bytes", r.Bases(), r.Unshipped(), r.Bytes(4))
	}
}

// A base as it is declared is one of the program, whatever way the link says so.
func TestUnshippedBases(t *testing.T) {
	for link, want := range map[string]string{
		"cards?lane=sft":                                                "",
		"cards?base=cards,layers=2&lane=sft":                            "",
		"cards?base=cards,seed=2&lane=sft":                              "cards",
		"cards?base=cards,seed=2&lane=sft,base=cards_expert":            "",
		"cards?base=cards,seed=2&lane=sft&lane=sft,base=cards_expert":   "cards",
		"cards?base=cards,layers=1&lane=sft&lane=sft,base=cards_expert": "cards,cards_expert",
		"cards?base=cards,layers=1&lane=opd":                            "cards,cards_expert",
		"cards?base=cards,seed=2&lane=opd":                              "cards",
		"lock?base=lock_untrained,seed=2&lane=sft":                      "lock_untrained",
	} {
		var names []string
		for _, b := range mustParse(link).Unshipped() {
			names = append(names, b.Name)
		}
		if have := strings.Join(names, ","); have != want {
			t.Errorf("%s needs %q computed, want %q", link, have, want)
		}
	}
}

// Equal keys are equal weights: the name of a base does not matter, and the engine does.
func TestOrigin(t *testing.T) {
	with := func(b Base, settings ...string) Base {
		made, err := b.With(b.Task, settings...)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	if a, b := with(BaseCards, "mistakes=0").Origin(), BaseCardsExpert.Origin(); a != b {
		t.Errorf("one origin is %s, the other %s", a, b)
	}
	if a, b := with(BaseCards, "seed=2").Key(), BaseCards.Key(); a == b {
		t.Errorf("two bases have the key %s", a)
	}
	for _, b := range Standard().Bases() {
		if have := with(b).Origin(); have != b.Origin() {
			t.Errorf("%s has the origin %s, and without settings %s", b.Name, b.Origin(), have)
		}
	}
}

func TestSupply(t *testing.T) {
	const link = "cards?base=cards,dim=16,layers=1,heads=2,steps=1,batch=1&lane=sft,steps=1"
	r := mustParse(link)
	if _, err := r.Start(0); err == nil || !strings.Contains(err.Error(), "has to be computed") {
		t.Errorf("the error is %v, want has to be computed", err)
	}
	b := r.Unshipped()[0]
	p, err := b.Pretraining().Run(1, func(int, float64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	r.Supply(b, p)
	if start, err := r.Clone().Start(0); err != nil || start != p {
		t.Errorf("the lane starts from %v (%v), want what was supplied", start, err)
	}
}

// Sizes of the task are keys of the link, and a larger model has larger problems.
func TestSizesInALink(t *testing.T) {
	for given, want := range map[string]string{
		"hand=4":                                    "",
		"hand=6&base=cards":                         "hand=6&",
		"train_prompts=50":                          "train_prompts=50&",
		"base=cards,size=full":                      "base=cards,size=full&",
		"base=cards,size=full&hand=8":               "base=cards,size=full&",
		"hand=4&base=cards,size=full,dim=8,heads=4": "base=cards,size=full,dim=8,heads=4&hand=4&",
	} {
		r, err := Standard().Parse("cards?" + given + "&lane=sft")
		if err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		want := fmt.Sprintf("cards?v=%d&seed=1&%slane=sft", train.Engine, want)
		if have := r.Link(); have != want {
			t.Errorf("%s becomes %s, want %s", given, have, want)
		}
		if again := mustParse(r.Link()).Link(); again != r.Link() {
			t.Errorf("%s becomes %s when it is read again", r.Link(), again)
		}
	}
	r := mustParse("cards?base=cards,size=full&lane=sft")
	if hand := r.Task.SizeValues().Int("hand"); hand != 8 || r.Task.Prompts != 5000 {
		t.Errorf("at full size a hand has %d cards, and there are %d prompts", hand, r.Task.Prompts)
	}
	if b := r.Unshipped()[0]; b.Shape.Context != 32 || b.Task.MaxResponse != 20 {
		t.Errorf("the context is %d tokens, and a response has up to %d", b.Shape.Context,
			b.Task.MaxResponse)
	}
	if err := r.Set("hand", "12"); err != nil {
		t.Fatal(err)
	}
	if b := r.Unshipped()[0]; b.Shape.Context != 48 {
		t.Errorf("with twelve cards the context is %d tokens, want 48", b.Shape.Context)
	}
	more := mustParse("cards?train_prompts=900&lane=sft")
	if len(more.Unshipped()) > 0 || more.Task.Prompts != 900 {
		t.Errorf("more prompts need %d other bases", len(more.Unshipped()))
	}
	if _, err := Standard().Parse("paths?hand=5&lane=sft"); err == nil {
		t.Error("a task of one size takes a size")
	}
}
