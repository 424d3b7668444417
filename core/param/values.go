package param

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Values holds one setting for each knob of a list. Like a map, a copy shares its settings with the
// original; use [Values.Clone] for an independent one. The zero value declares no knobs.
//
// Reading a name that was not declared, or with another type than declared, is a mistake in the
// program and panics. Texts come from people, so [Values.Set] returns errors instead.
type Values struct {
	knobs    []Knob
	settings []any // settings[i] belongs to knobs[i]: float64, int, string or bool
}

// Check returns an error when a knob is malformed (see [Knob.Check]) or declared twice.
func Check(knobs []Knob) error {
	for i, k := range knobs {
		if err := k.Check(); err != nil {
			return err
		}
		if slices.ContainsFunc(knobs[:i], func(o Knob) bool { return o.Name == k.Name }) {
			return fmt.Errorf("param: knob %s is declared twice", k.Name)
		}
	}
	return nil
}

// Defaults returns values in which every knob is at its default. It panics where [Check] returns an
// error.
func Defaults(knobs []Knob) Values {
	if err := Check(knobs); err != nil {
		panic(err.Error())
	}
	v := Values{knobs: slices.Clone(knobs), settings: make([]any, len(knobs))}
	for i, k := range v.knobs {
		v.settings[i] = k.Default
	}
	return v
}

// Set sets a knob to the value of a text. If the knob does not accept the text, the setting stays
// as it was and the error says what would be accepted. The error for an unknown name has the
// nearest declared name and all others.
func (v Values) Set(name, text string) error {
	i := v.index(name)
	if i < 0 {
		return v.unknown(name)
	}
	x, ok := v.knobs[i].parse(text)
	if !ok {
		return fmt.Errorf("%s=%s: %s", name, text, v.knobs[i].wanted(text))
	}
	v.settings[i] = x
	return nil
}

func (v Values) unknown(name string) error {
	names := make([]string, len(v.knobs))
	for i, k := range v.knobs {
		names[i] = k.Name
	}
	return Unknown("setting", name, names)
}

// parse returns the value of a text. ok reports whether the knob accepts it.
func (k Knob) parse(text string) (x any, ok bool) {
	var err error
	switch k.Type {
	case TypeNumber:
		var f float64
		if strings.ContainsAny(text, "_xX") { // Go would accept 1_000 and 0x10
			return nil, false
		}
		f, err = strconv.ParseFloat(text, 64)
		if f == 0 {
			f = 0 // -0 becomes 0, since it would be printed differently
		}
		x = f
	case TypeInteger:
		x, err = strconv.Atoi(text)
	case TypeChoice, TypeText:
		x = text
	case TypeFlag:
		x, err = strconv.ParseBool(text)
	}
	return x, err == nil && k.accepts(x)
}

// wanted returns what to write instead of a text that the knob does not accept. For a number with a
// comma it is the number that was probably meant.
func (k Knob) wanted(text string) string {
	whole := strings.ReplaceAll(text, ",", "")
	if point := strings.Replace(text, ",", ".", 1); point != text && k.reads(point) {
		return "write " + point + ", with a point"
	}
	if inThousands(text) && k.reads(whole) {
		return "write " + whole + ", without a comma"
	}
	return "expected " + k.Accepts()
}

func (k Knob) reads(text string) bool {
	_, ok := k.parse(text)
	return ok
}

// inThousands reports whether the text has commas that separate groups of three digits, as in
// 1,000,000.
func inThousands(text string) bool {
	groups := strings.Split(text, ",")
	return len(groups) > 1 && !slices.ContainsFunc(groups[1:],
		func(g string) bool { return len(g) != 3 })
}

// Float returns the setting of a number knob.
func (v Values) Float(name string) float64 { return get[float64](v, name) }

// Int returns the setting of an integer knob.
func (v Values) Int(name string) int { return get[int](v, name) }

// Choice returns the setting of a choice knob.
func (v Values) Choice(name string) string { return get[string](v, name) }

// Flag returns the setting of a flag knob.
func (v Values) Flag(name string) bool { return get[bool](v, name) }

// Has reports whether a knob of this name was declared.
func (v Values) Has(name string) bool { return v.index(name) >= 0 }

// Knobs returns the declared knobs in declared order.
func (v Values) Knobs() []Knob { return slices.Clone(v.knobs) }

// Text returns a setting as a text that [Values.Set] accepts. It panics on an undeclared name.
func (v Values) Text(name string) string { return text(v.settings[v.mustIndex(name)]) }

// Changed returns the settings that differ from their defaults as "name=text", in declared order.
func (v Values) Changed() []string {
	var out []string
	for i, k := range v.knobs {
		if v.settings[i] != k.Default {
			out = append(out, k.Name+"="+text(v.settings[i]))
		}
	}
	return out
}

// AsDefaults returns values for the same knobs, with the settings as the knobs' defaults too.
func (v Values) AsDefaults() Values {
	knobs := slices.Clone(v.knobs)
	for i, setting := range v.settings {
		knobs[i] = knobs[i].With(setting)
	}
	return Defaults(knobs)
}

// Clone returns an independent copy.
func (v Values) Clone() Values {
	return Values{knobs: v.knobs, settings: slices.Clone(v.settings)}
}

func text(setting any) string {
	if x, ok := setting.(float64); ok {
		return number(x)
	}
	return fmt.Sprint(setting)
}

func get[T any](v Values, name string) T {
	i := v.mustIndex(name)
	x, ok := v.settings[i].(T)
	if !ok {
		panic(fmt.Sprintf("param: knob %s is a %s, read as a %T", name, v.knobs[i].Type, x))
	}
	return x
}

func (v Values) mustIndex(name string) int {
	i := v.index(name)
	if i < 0 {
		panic("param: knob " + name + " was not declared")
	}
	return i
}

// index returns the position of a knob, or -1 if it was not declared.
func (v Values) index(name string) int {
	for i := range v.knobs {
		if v.knobs[i].Name == name {
			return i
		}
	}
	return -1
}
