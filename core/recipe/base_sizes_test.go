package recipe

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/train"
)

// ofSizes returns a base for cards, and a model of it as its file holds it.
func ofSizes(t *testing.T, sizes ...string) (Base, *checkpoint.Model) {
	t.Helper()
	sized, err := BaseCards.Task.Resized("page", sizes)
	if err != nil {
		t.Fatal(err)
	}
	b, err := BaseCards.With(sized, "dim=8", "heads=2", "layers=1")
	if err != nil {
		t.Fatal(err)
	}
	p := model.NewParams(b.Config())
	p.Init(1)
	p.RoundBF16()
	file, err := b.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	m, err := checkpoint.DecodeModel(file)
	if err != nil {
		t.Fatal(err)
	}
	return b, m
}

// A base's file says the sizes of its task, unless they are the declared ones.
func TestABaseSaysItsSizes(t *testing.T) {
	for settings, want := range map[string]string{
		"": "", "hand=4": "", "train_prompts=70": "", "hand=6": "hand=6",
		"hand=6 train_prompts=70": "hand=6",
	} {
		b, m := ofSizes(t, strings.Fields(settings)...)
		if have := strings.Join(m.Sizes, " "); have != want {
			t.Errorf("%q: the file says %q, want %q", settings, have, want)
		}
		sized, err := Standard().TaskOf(m)
		if err != nil || !slices.Equal(SizesOf(sized), SizesOf(b.Task)) {
			t.Errorf("%q: the task has %v: %v", settings, SizesOf(sized), err)
		}
		if err := b.CheckModel(m); err != nil {
			t.Error(err)
		}
	}
	b, m := ofSizes(t, "hand=5")
	if m.Sizes = []string{"hand=6"}; b.CheckModel(m) == nil {
		t.Error("a base of other sizes is taken from a cache")
	}
	if m.Sizes = nil; b.CheckModel(m) != nil {
		t.Error("a file from before files said sizes is not taken from a cache")
	}
}

// A link says the sizes before or behind a base from a file, and keeps them when it is read again.
func TestSizesBesideABaseFromAFile(t *testing.T) {
	for _, link := range []string{
		"cards?hand=6&base=file-0123456789abcdef&lane=sft",
		"cards?base=file-0123456789abcdef&hand=6&lane=sft",
		"cards?train_prompts=70&base=file-0123456789abcdef&hand=6&lane=sft",
	} {
		r := parsed(t, link)
		if have := r.Task.SizeValues().Int("hand"); have != 6 {
			t.Errorf("%s: a hand has %d cards", link, have)
		}
		again := parsed(t, r.Link())
		if again.Link() != r.Link() || again.Task.Prompts != r.Task.Prompts ||
			again.Task.SizeValues().Int("hand") != 6 {
			t.Errorf("%s becomes %s and then %s", link, r.Link(), again.Link())
		}
	}
}

// The files of shipped bases say no sizes, and keep their bytes when they are written again.
func TestShippedFilesKeepTheirBytes(t *testing.T) {
	for _, b := range Standard().Bases() {
		if b.Computed {
			continue
		}
		file, err := readShipped(b.Name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := checkpoint.DecodeModel(file)
		if err != nil || m.Sizes != nil {
			t.Fatalf("%s says the sizes %v: %v", b.Name, m.Sizes, err)
		}
		if again, err := b.Encode(m.Params); err != nil || m.Engine == train.Engine &&
			!bytes.Equal(again, file) {
			t.Errorf("%s is written again as another file: %v", b.Name, err)
		}
	}
}

// A model is taken only for the sizes at which it was trained.
func TestABaseOfOtherSizes(t *testing.T) {
	const four = "the model is for task cards with hand=4, and the recipe has hand=6: want " +
		"hand=4 in the link, or another model"
	const six = "the model is for task cards with hand=6, and the recipe has hand=4: want " +
		"hand=6 in the link, or another model"
	_, usual := ofSizes(t)
	_, other := ofSizes(t, "hand=6")
	lane := &checkpoint.Model{Task: "cards", Link: "cards?hand=6&lane=sft", Params: other.Params}
	for _, c := range []struct {
		link  string
		model *checkpoint.Model
		want  string
	}{
		{"cards?lane=sft", usual, ""},
		{"cards?train_prompts=70&lane=sft", usual, ""},
		{"cards?hand=6&lane=sft", usual, four},
		{"cards?hand=6&lane=sft", other, ""},
		{"cards?lane=sft", other, six},
		{"cards?hand=6&lane=sft", lane, ""},
		{"cards?lane=sft", lane, six},
		{"cards?lane=sft", &checkpoint.Model{Task: "cards", Sizes: []string{"hand=99"},
			Params: usual.Params}, "the model's sizes of task cards: hand=99: expected a whole " +
			"number from 4 to 12"},
		{"cards?lane=sft", &checkpoint.Model{Task: "cards", Sizes: []string{"hand"},
			Params: usual.Params}, "the model's sizes of task cards: \"hand\" has no value"},
	} {
		said := ""
		if err := parsed(t, c.link).UseBase(c.model); err != nil {
			said = err.Error()
		}
		if said != c.want {
			t.Errorf("%s with a model of %v: %q, want %q", c.link, c.model.Sizes, said, c.want)
		}
	}
}

// A model from a file takes the place of the link's base if it has the shape that the settings of
// that base give it, or if they give it none.
func TestABaseOfAnotherShape(t *testing.T) {
	_, small := ofSizes(t)
	_, larger := ofSizes(t, "hand=6")
	full, err := BaseCards.Task.Resized("full", nil)
	if err != nil {
		t.Fatal(err)
	}
	grown, err := BaseCards.With(full, "size=full")
	if err != nil {
		t.Fatal(err)
	}
	ofFull := &checkpoint.Model{Task: "cards", Sizes: SizesOf(full),
		Params: &model.Params{Config: grown.Config()}}
	for _, c := range []struct {
		link  string
		model *checkpoint.Model
		want  string
	}{
		{"cards?lane=sft", small, ""},
		{"cards?base=cards,seed=2,steps=9&lane=sft", small, ""},
		{"cards?base=cards,dim=8,heads=2,layers=1&lane=sft", small, ""},
		{"cards?base=cards,dim=8,heads=2,layers=1&hand=6&lane=sft", larger, ""},
		{"cards?base=cards,dim=128&lane=sft", small, "the model in the file has dim=8, " +
			"layers=1, heads=2 and hidden=24, and the recipe's base has dim=128, layers=2, " +
			"heads=4 and hidden=344: leave out dim=128 to start from the file"},
		{"cards?base=cards,dim=8,heads=2,layers=1,context=40&lane=sft", small, "the model in the " +
			"file has context=32, and the recipe's base has context=40: leave out " +
			"dim=8,layers=1,heads=2,context=40 to start from the file"},
		{"cards?base=cards,size=full&lane=sft", ofFull, ""},
		{"cards?base=cards,size=full,layers=2&lane=sft", ofFull, "the model in the file has " +
			"layers=6, and the recipe's base has layers=2: leave out size=full,layers=2 to start " +
			"from the file"},
	} {
		said := ""
		if err := parsed(t, c.link).UseBase(c.model); err != nil {
			said = err.Error()
		}
		if said != c.want {
			t.Errorf("%s: %q, want %q", c.link, said, c.want)
		}
	}
}

// The keys of a base lead back to it.
func TestLinkKeys(t *testing.T) {
	for given, want := range map[string]string{
		"base=cards,dim=96,steps=60":               "base=cards,dim=96,steps=60",
		"hand=6&train_prompts=70":                  "base=cards&hand=6",
		"base=cards,size=full":                     "base=cards,size=full",
		"base=cards,size=full,heads=4&hand=6":      "base=cards,size=full,heads=4&hand=6",
		"base=cards_expert,seed=2,mistakes=0.5":    "base=cards_expert,seed=2,mistakes=0.5",
		"base=cards,size=full&train_prompts=9&v=2": "base=cards,size=full",
	} {
		link := "cards?" + given + "&lane=sft"
		b := parsed(t, link).Unshipped()[0]
		have := strings.Join(b.LinkKeys(), "&")
		if have != want {
			t.Errorf("%s: the keys are %s, want %s", link, have, want)
		}
		again := parsed(t, b.Task.Name+"?"+have+"&lane=sft").Unshipped()
		if len(again) != 1 || again[0].Key() != b.Key() {
			t.Errorf("%s: its keys lead to %v", link, again)
		}
	}
}
