package param

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

func TestDefaultsAndReading(t *testing.T) {
	v := Defaults(sampleKnobs())
	if v.Float("lr") != 1e-4 || v.Int("group") != 8 || v.Choice("style") != "plain" ||
		!v.Flag("shuffle") {
		t.Errorf("defaults: %v %v %v %v", v.Float("lr"), v.Int("group"), v.Choice("style"),
			v.Flag("shuffle"))
	}
	if len(v.Changed()) != 0 {
		t.Errorf("changed: %v", v.Changed())
	}
	if !v.Has("lr") || v.Has("rl") {
		t.Error("Has is wrong")
	}
	if !reflect.DeepEqual(v.Knobs(), sampleKnobs()) {
		t.Error("Knobs is not what was declared")
	}
}

func TestSetAndChanged(t *testing.T) {
	v := Defaults(sampleKnobs())
	for _, s := range [][2]string{{"shuffle", "false"}, {"style", "long-form"}, {"group", "16"},
		{"lr", "1e-3"}} {
		if err := v.Set(s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := strings.Join(v.Changed(), " "), "lr=0.001 group=16 style=long-form "+
		"shuffle=false"; got != want {
		t.Errorf("changed %q, want %q", got, want)
	}
	if d := v.AsDefaults(); len(d.Changed()) != 0 || d.Text("lr") != "0.001" ||
		d.Knobs()[0].Default == v.Knobs()[0].Default {
		t.Errorf("the settings as defaults: %v, changed %v", d.Knobs(), d.Changed())
	}
	w := v.Clone()
	if err := w.Set("group", "2"); err != nil || v.Int("group") != 16 || w.Int("group") != 2 {
		t.Errorf("a clone is not independent: %v", err)
	}
	if err := v.Set("shift", "-0"); err != nil || v.Text("shift") != "0" {
		t.Errorf("-0 became %s, %v", v.Text("shift"), err)
	}
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"lr", "0.2", []string{"lr=0.2", "a number from 1e-06 to 0.1"}},
		{"lr", "0,001", []string{"lr=0,001: write 0.001, with a point"}},
		{"lr", "1,5e-3", []string{"lr=1,5e-3: write 1.5e-3, with a point"}},
		{"lr", "0,5", []string{"lr=0,5: expected a number from 1e-06 to 0.1"}},
		{"lr", "0,0,1", []string{"lr=0,0,1: expected a number from"}},
		{"shift", "1,000,000", []string{"shift=1,000,000: write 1000000, without a comma"}},
		{"group", "2,5", []string{"group=2,5: expected a whole number from 1 to 64"}},
		{"group", "16,", []string{"group=16,: expected a whole number"}},
		{"many", "1,000", []string{"many=1,000: write 1000, without a comma"}},
		{"many", "1,00", []string{"many=1,00: expected a whole number"}},
		{"style", "plain,3", []string{"style=plain,3: expected one of"}},
		{"lr", "fast", []string{"lr=fast", "a number from"}},
		{"lr", "", []string{"lr=", "a number from"}},
		{"lr", "NaN", []string{"a number from"}},
		{"shift", "nan", []string{"a number from"}},
		{"shift", "Inf", []string{"a number from"}},
		{"shift", "1e400", []string{"a number from"}},
		{"group", "2.5", []string{"group=2.5", "a whole number from 1 to 64"}},
		{"group", "0", []string{"a whole number"}},
		{"group", "99999999999999999999", []string{"a whole number"}},
		{"style", "Plain", []string{"style=Plain", "one of plain, long-form"}},
		{"shuffle", "maybe", []string{"shuffle=maybe", "true or false"}},
		{"groups", "3", []string{`"groups"`, "did you mean group?",
			"lr, group, style, shuffle, shift, many"}},
	} {
		v := Defaults(append(sampleKnobs(),
			Integer("many", "", 0, 0, 5000, "More than a thousand.")))
		err := v.Set(c.name, c.text)
		if err == nil {
			t.Errorf("%s=%s: accepted", c.name, c.text)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s=%s: %q does not say %q", c.name, c.text, err, w)
			}
		}
		if len(v.Changed()) != 0 {
			t.Errorf("%s=%s: refused, and yet %v", c.name, c.text, v.Changed())
		}
	}
	if err := (Values{}).Set("lr", "1"); err == nil {
		t.Error("no knobs, and yet one was set")
	}
}

func TestReadingWronglyPanics(t *testing.T) {
	v := Defaults(sampleKnobs())
	for name, f := range map[string]func(){
		"undeclared":        func() { v.Float("rl") },
		"undeclared text":   func() { v.Text("rl") },
		"integer as number": func() { v.Float("group") },
		"number as integer": func() { v.Int("lr") },
		"flag as choice":    func() { v.Choice("shuffle") },
		"choice as flag":    func() { v.Flag("style") },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

// Any accepted setting survives a link: Changed, split at the first =, set again.
func TestTextsRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 10000 {
		v := Defaults(sampleKnobs())
		bits := math.Float64frombits(r.Uint64())
		_ = v.Set("shift", number(bits)) // refused when it is not finite or too large
		_ = v.Set("lr", number(math.Pow(10, -6*r.Float64())))
		_ = v.Set("group", number(float64(r.IntN(70))))
		_ = v.Set("style", sampleKnobs()[2].Choices[r.IntN(2)])
		roundTrip(t, v)
		if x := v.Float("shift"); x != 0 && x != bits {
			t.Fatalf("%v became %v", bits, x)
		}
	}
}

func roundTrip(t *testing.T, v Values) {
	t.Helper()
	w := Defaults(v.Knobs())
	for _, s := range v.Changed() {
		name, text, _ := strings.Cut(s, "=")
		if err := w.Set(name, text); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if !reflect.DeepEqual(v, w) {
		t.Fatalf("%v came back as %v", v.Changed(), w.Changed())
	}
	for _, k := range v.Knobs() {
		if err := w.Set(k.Name, v.Text(k.Name)); err != nil {
			t.Fatalf("%s=%s: %v", k.Name, v.Text(k.Name), err)
		}
	}
}

func FuzzSet(f *testing.F) {
	for _, k := range sampleKnobs() {
		f.Add(k.Name, "1")
		f.Add(k.Name, "0x1p-2")
	}
	f.Add("", "")
	f.Add("\xff", "1_000")
	f.Fuzz(func(t *testing.T, name, text string) {
		v := Defaults(sampleKnobs())
		if err := v.Set(name, text); err == nil {
			roundTrip(t, v)
		} else if len(v.Changed()) != 0 {
			t.Errorf("refused, and yet %v", v.Changed())
		}
	})
}
