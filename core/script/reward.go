package script

import (
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
)

const (
	mostParts = 8    // of a reward
	largest   = 1000 // number that a reward or a weight may be, in either direction

	rewardFunction = "reward"
	required       = 3 // parameters of the function; score may follow
)

// Reward reads a reward of somebody's own. The script defines reward(prompt, response, answer), or
// reward(prompt, response, answer, score) to read the verifier's reward too, which returns a
// number. It may return several parts as a dictionary of numbers; then weights is a dictionary with
// the weight of each. A response that never ends earns what unfinished says, a number or a
// dictionary of numbers, and 0 without it. The file's name is for errors, which are of type
// [*Error].
func Reward(file, text string) (*reward.Own, error) {
	p, err := Compile(file, text)
	if err != nil {
		return nil, err
	}
	f, ok := p.globals[rewardFunction].(*starlark.Function)
	if !ok || f.NumParams() < required || f.NumParams() > required+1 {
		return nil, &Error{file, 0, "there is no function reward(prompt, response, answer), or " +
			"reward(prompt, response, answer, score)"}
	}
	parts, err := p.parts()
	if err != nil {
		return nil, err
	}
	own := &reward.Own{Name: file, Parts: parts, Text: text, Digest: digest(text),
		Score: func(j reward.Judged) ([]float64, error) {
			args := []starlark.Value{starlark.String(j.Prompt), starlark.String(j.Response),
				starlark.String(j.Answer), starlark.Float(j.Score)}
			v, err := p.call(rewardFunction, args[:f.NumParams()]...)
			if err != nil {
				return nil, err
			}
			return p.numbers(rewardFunction+" returned", v, parts)
		}}
	return own, nil
}

// digest returns what identifies a script: the beginning of the SHA-256 of its text.
func digest(text string) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:task.DigestLen]
}

// parts reads the weights and the rewards of a response that never ends.
func (p *Program) parts() (parts []reward.Part, err error) {
	weights, several := p.globals["weights"]
	if !several {
		parts = []reward.Part{{Weight: 1}}
	} else if parts, err = p.weighted(weights); err != nil {
		return nil, err
	}
	v, ok := p.globals["unfinished"]
	if !ok {
		return parts, nil
	}
	unfinished, err := p.numbers("unfinished is", v, parts)
	if err != nil {
		return nil, err
	}
	for i, x := range unfinished {
		parts[i].Unfinished = x
	}
	return parts, nil
}

// weighted reads the parts of a reward with their weights.
func (p *Program) weighted(weights starlark.Value) (parts []reward.Part, err error) {
	d, ok := weights.(*starlark.Dict)
	if !ok || d.Len() < 1 || d.Len() > mostParts {
		return nil, &Error{p.file, 0, fmt.Sprintf("weights is %s: want a dictionary of 1 to %d "+
			"numbers, such as {\"right\": 1, \"short\": 0.2}", kind(weights), mostParts)}
	}
	for key, value := range d.Entries() {
		name, _ := starlark.AsString(key)
		if !param.IsName(name) {
			return nil, &Error{p.file, 0, fmt.Sprintf("weights has the part %s: want names of "+
				"small letters, digits and _ that begin with a letter", key)}
		}
		weight, why := number(value)
		if why != "" {
			return nil, &Error{p.file, 0, fmt.Sprintf("the weight of %s is %s: want a number", name,
				why)}
		}
		parts = append(parts, reward.Part{Name: name, Weight: weight})
	}
	return parts, nil
}

// numbers reads a number for each part (parts). Errors begin with what the value is.
func (p *Program) numbers(is string, v starlark.Value, parts []reward.Part) ([]float64, error) {
	wrong := func(format string, args ...any) error {
		return &Error{p.file, p.line(rewardFunction), is + " " + fmt.Sprintf(format, args...)}
	}
	d, several := v.(*starlark.Dict)
	if single := parts[0].Name == ""; single && several {
		return nil, wrong("a dictionary: want a number, or a dictionary weights beside the "+
			"function that has the same names (%s)", keys(d))
	} else if single {
		x, why := number(v)
		if why != "" {
			return nil, wrong("%s: want a number", why)
		}
		return []float64{x}, nil
	}
	if !several {
		return nil, wrong("%s: want a dictionary with the names of weights: %s", kind(v),
			names(parts))
	}
	if d.Len() != len(parts) {
		return nil, wrong("the parts %s: want those of weights, which are %s", keys(d),
			names(parts))
	}
	all := make([]float64, len(parts))
	for key, value := range d.Entries() {
		name, _ := starlark.AsString(key)
		i := slices.IndexFunc(parts, func(p reward.Part) bool { return p.Name == name })
		if i < 0 {
			return nil, wrong("the parts %s: want those of weights, which are %s", keys(d),
				names(parts))
		}
		x, why := number(value)
		if why != "" {
			return nil, wrong("%s for the part %s: want a number", why, name)
		}
		all[i] = x
	}
	return all, nil
}

// number returns a number of a script. If it is none, or not one that a reward may be, it says in
// words what it is instead.
func number(v starlark.Value) (x float64, why string) {
	if b, ok := v.(starlark.Bool); ok {
		if b {
			return 1, ""
		}
		return 0, ""
	}
	x, ok := starlark.AsFloat(v)
	switch {
	case !ok:
		return 0, kind(v)
	case math.IsNaN(x):
		return 0, "a number that is none (NaN)"
	case math.Abs(x) > largest:
		return 0, fmt.Sprintf("%g, outside -%d to %d", x, largest, largest)
	}
	return x, ""
}

// kind returns what kind of value v is, in words.
func kind(v starlark.Value) string {
	switch v := v.(type) {
	case starlark.NoneType:
		return "nothing"
	case starlark.Int, starlark.Float:
		return "the number " + v.String()
	case starlark.String:
		return "the text " + param.Quote(string(v))
	case *starlark.Dict:
		return "a dictionary of " + fmt.Sprint(v.Len())
	}
	return "a value of type " + v.Type()
}

// keys returns the keys of a dictionary with commas between them.
func keys(d *starlark.Dict) string {
	var all []string
	for _, key := range d.Keys() {
		all = append(all, key.String())
	}
	return strings.Join(all, ", ")
}

// names returns the names of parts with commas between them.
func names(parts []reward.Part) string {
	var all []string
	for _, p := range parts {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}
