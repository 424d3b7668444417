package param

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// sampleKnobs has one knob of every kind.
func sampleKnobs() []Knob {
	return []Knob{
		Number("lr", "", 1e-4, 1e-6, 0.1, "How far an update goes.").Logarithmic(),
		Integer("group", "rollouts", 8, 1, 64, "Answers per prompt."),
		Choice("style", "plain", []string{"plain", "long-form"}, "How answers are written."),
		Flag("shuffle", true, "Whether the order changes."),
		Number("shift", "nats", 0, -1e300, 1e300, "Anything at all."),
	}
}

func TestKnobJSON(t *testing.T) {
	got, err := json.Marshal(sampleKnobs()[:4])
	if err != nil {
		t.Fatal(err)
	}
	want := `[` +
		`{"name":"lr","type":"number","default":0.0001,"min":0.000001,"max":0.1,"choices":[],"unit":"","log":true,"doc":"How far an update goes."},` +
		`{"name":"group","type":"integer","default":8,"min":1,"max":64,"choices":[],"unit":"rollouts","log":false,"doc":"Answers per prompt."},` +
		`{"name":"style","type":"choice","default":"plain","min":null,"max":null,"choices":["plain","long-form"],"unit":"","log":false,"doc":"How answers are written."},` +
		`{"name":"shuffle","type":"flag","default":true,"min":null,"max":null,"choices":[],"unit":"","log":false,"doc":"Whether the order changes."}]`
	if string(got) != want {
		t.Errorf("JSON\n%s\nwant\n%s", got, want)
	}
}

func TestAccepts(t *testing.T) {
	want := []string{"a number from 1e-06 to 0.1", "a whole number from 1 to 64",
		"one of plain, long-form", "true or false"}
	for i, k := range sampleKnobs()[:4] {
		if k.Accepts() != want[i] {
			t.Errorf("%s: %q, want %q", k.Name, k.Accepts(), want[i])
		}
	}
}

func TestWithChangesTheDefaultAlone(t *testing.T) {
	lr := sampleKnobs()[0]
	if v := Defaults([]Knob{lr.With(0.01)}); v.Float("lr") != 0.01 {
		t.Errorf("lr = %v", v.Float("lr"))
	}
	if lr.Default != 1e-4 {
		t.Error("With changed its receiver")
	}
	if v := Defaults([]Knob{Number("x", "", 0, 0, 3, "x").With(2)}); v.Float("x") != 2 {
		t.Errorf("x = %v", v.Float("x"))
	}
}

func TestMalformedDeclarationsPanic(t *testing.T) {
	knobs := sampleKnobs()
	number := func(name string, def, min, max float64) Knob {
		return Number(name, "", def, min, max, "doc")
	}
	for name, bad := range map[string][]Knob{
		"twice":            {knobs[0], knobs[1], knobs[0]},
		"no name":          {number("", 0, 0, 1)},
		"upper case":       {number("LR", 0, 0, 1)},
		"leading digit":    {number("1r", 0, 0, 1)},
		"space":            {number("l r", 0, 0, 1)},
		"no doc":           {Number("lr", "", 0, 0, 1, "")},
		"below":            {number("lr", -1, 0, 1)},
		"above":            {number("lr", 2, 0, 1)},
		"NaN":              {number("lr", math.NaN(), 0, 1)},
		"empty range":      {number("lr", 1, 1, 1)},
		"NaN range":        {number("lr", 0, math.NaN(), 1)},
		"infinite range":   {number("lr", 0, 0, math.Inf(1))},
		"log from below 0": {number("lr", 0, -1, 1).Logarithmic()},
		"huge integers": {{Name: "n", Type: TypeInteger, Default: 0, Max: 1 << 60,
			Doc: "doc"}},
		"text for a number":  {knobs[0].With("big")},
		"number for integer": {knobs[1].With(3.0)},
		"unknown choice":     {Choice("style", "tall", []string{"plain"}, "doc")},
		"repeated choice":    {Choice("style", "plain", []string{"plain", "plain"}, "doc")},
		"choice with comma":  {Choice("style", "a,b", []string{"a,b"}, "doc")},
		"empty choice":       {Choice("style", "", []string{""}, "doc")},
		"no type":            {{Name: "x", Doc: "doc"}},
	} {
		func() {
			defer func() {
				if e, ok := recover().(string); !ok || !strings.HasPrefix(e, "param: ") {
					t.Errorf("%s: recovered %v", name, e)
				}
			}()
			Defaults(bad)
		}()
	}
}
