package recipe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

// The most lanes of a recipe, and the most stages of a lane.
const (
	mostLanes  = 16
	mostStages = 16
)

// Parse reads a link, bare or as the fragment of a whole URL:
//
//	NAME?v=ENGINE&seed=7&lane=sft,lr=1e-3,style=y&lane=sft,steps=100~grpo,steps=200
//
// NAME is an exhibit or a task. If an exhibit has the name of its task, a link with lanes means the
// task. Lanes of the link replace the exhibit's, and the extra arguments replace the link's lanes.
// A link that programs have changed on its way is repaired if it can only mean one thing.
func (c *Catalogue) Parse(link string, instead ...string) (*Recipe, error) {
	return c.parse(link, instead, c.named)
}

// parse starts with the recipe of the link's name and applies the link's keys.
func (c *Catalogue) parse(
	link string, instead []string, named func(name string) (*Recipe, error),
) (*Recipe, error) {
	a, err := linkReader{c}.readAddress(link)
	if err != nil {
		return nil, err
	}
	preset, err := named(a.name)
	if err != nil {
		return nil, err
	}
	r := preset.Clone()
	r.preset = preset
	if err := r.apply(a, instead); err != nil {
		return nil, err
	}
	r.relink()
	return r, nil
}

// apply applies the keys of a link, and the lanes that replace its own.
func (r *Recipe) apply(a address, instead []string) (err error) {
	for _, p := range a.pairs { // first, since it decides what the other keys accept
		if r.decidesBase(p.key) {
			if err := r.setBase(p.key, p.value); err != nil {
				return err
			}
		}
	}
	if err := r.fit(); err != nil {
		return err
	}
	var lanes []string
	rows := ""
	for _, p := range a.pairs {
		switch {
		case r.decidesBase(p.key):
		case p.key == "v":
			err = r.setEngine(p.value)
		case p.key == "data":
			err = r.setData(p.value)
		case p.key == "rows":
			rows = p.value
		case p.key == "lane":
			lanes = append(lanes, p.value)
		case slices.Contains(pageKeys, p.key):
			err = r.setPage(p.key, p.value)
		default:
			err = r.setWide(p.key, p.value)
		}
		if err != nil {
			return err
		}
	}
	if err := r.setLanes(lanes, instead); err != nil || rows == "" {
		return err
	}
	return r.unpack(rows)
}

// setLanes sets the recipe's lanes to those of the link, or to those that replace them. Without
// either the recipe keeps its own.
func (r *Recipe) setLanes(texts, instead []string) error {
	for _, all := range [][]string{texts, instead} {
		if len(all) > mostLanes {
			return fmt.Errorf("%d lanes are too many: want at most %d", len(all), mostLanes)
		}
		var lanes []Lane
		for _, text := range all {
			lane, err := r.catalogue.ParseLane(r.Task, text)
			if err != nil {
				return err
			}
			lanes = append(lanes, lane)
		}
		if lanes != nil {
			r.Lanes = lanes
		}
	}
	if len(r.Lanes) == 0 {
		return fmt.Errorf("recipe %s has no lane: add one, such as lane=sft or lane=grpo", r.Name)
	}
	return nil
}

// named returns the recipe of an exhibit, or a task without lanes.
func (c *Catalogue) named(name string) (*Recipe, error) {
	if err := plain(name); err != nil {
		return nil, err
	}
	if e, err := c.Exhibit(name); err == nil {
		r, err := c.parse(e.Link, nil, c.onTask)
		if err != nil {
			return nil, fmt.Errorf("exhibit %s: %w", name, err)
		}
		r.Name, r.exhibit, r.preset = name, &e, nil
		r.relink()
		return r, nil
	}
	if r, err := c.onTask(name); err == nil {
		return r, nil
	}
	return nil, param.Unknown("exhibit or task", name, c.linkNames())
}

// onTask returns a task without lanes.
func (c *Catalogue) onTask(name string) (*Recipe, error) {
	t := densities
	if name != t.Name {
		var err error
		if t, err = c.Task(name); err != nil {
			return nil, err
		}
	}
	r := &Recipe{
		Name: name, Engine: train.Engine, Task: t, Values: param.Defaults(c.Knobs(t)),
		bases: bases{task: t, given: map[string]*model.Params{}},
		page:  map[string]string{}, catalogue: c,
	}
	return r, r.fit()
}

// maxWord bounds a name or a setting, in bytes.
const maxWord = 100

// plain returns an error for a text that cannot be a name or a setting, so that
// errors that quote one are short and on one line.
func plain(word string) error {
	if len(word) > maxWord || strings.ContainsFunc(word,
		func(r rune) bool { return !unicode.IsPrint(r) }) {
		return fmt.Errorf("%s cannot be a name or a setting: want at most %d printable characters",
			param.Quote(word), maxWord)
	}
	return nil
}

func (r *Recipe) setEngine(text string) error {
	v, err := strconv.Atoi(text)
	if err != nil || v < 1 || v > train.Engine {
		return fmt.Errorf("v=%s: expected an engine from 1 to %d, which is this program's",
			param.Quote(text), train.Engine)
	}
	r.Engine = v
	return nil
}

// setData sets the digest of the data set to train on.
func (r *Recipe) setData(digest string) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	if len(digest) != task.DigestLen || strings.Trim(digest, "0123456789abcdef") != "" {
		return fmt.Errorf("data=%s: expected the digest of a data set, %d digits of 0-9a-f",
			param.Quote(digest), task.DigestLen)
	}
	r.Data = digest
	return nil
}

// setWide sets a recipe-wide knob.
func (r *Recipe) setWide(key, value string) error {
	for _, word := range []string{key, value} {
		if err := plain(word); err != nil {
			return err
		}
	}
	if r.Values.Has(key) {
		return r.Values.Set(key, value)
	}
	return r.unknownKey(key, value)
}

// ParseLane reads one lane: stages joined by ~, each a method with its settings:
// sft,steps=100~grpo,steps=200,beta=0.
func (c *Catalogue) ParseLane(t task.Task, text string) (Lane, error) {
	var lane Lane
	trained := c.policyOn(t)
	if stages := strings.Count(text, "~") + 1; stages > mostStages {
		return nil, fmt.Errorf("lane %s has %d stages: want at most %d", param.Quote(text), stages,
			mostStages)
	}
	for stage := range strings.SplitSeq(text, "~") {
		for word := range strings.SplitSeq(stage, ",") {
			if err := plain(word); err != nil {
				return nil, fmt.Errorf("lane %s: %w", param.Quote(text), err)
			}
		}
		name, rest, _ := strings.Cut(stage, ",")
		if name == "" {
			return nil, fmt.Errorf("lane %s names no method: want one in each stage, such as "+
				"sft,lr=1e-3 or sft~grpo", param.Quote(text))
		}
		m, err := trained.method(name)
		if err != nil {
			return nil, fmt.Errorf("lane %s: %w", param.Quote(text), err)
		}
		values, given := param.Defaults(trained.stageKnobs(m, len(lane) == 0)), onceEach{}
		for _, setting := range splitSettings(rest) {
			key, value, ok := strings.Cut(setting, "=")
			if !ok {
				return nil, fmt.Errorf("lane %s: %s has no value: want knob=value",
					param.Quote(text), param.Quote(setting))
			}
			err := values.Set(key, value)
			if err == nil {
				err = given.add(key, value)
			}
			if err != nil {
				return nil, fmt.Errorf("lane %s: method %s: %w", param.Quote(text), name, err)
			}
		}
		lane = append(lane, train.Stage{Method: m, Values: values})
	}
	return lane, nil
}

// splitSettings splits the settings of a stage at their commas, but not a number that was written
// with a decimal comma, so that the error about it quotes it whole. No setting begins with a digit.
func splitSettings(text string) (settings []string) {
	for part := range strings.SplitSeq(text, ",") {
		last := len(settings) - 1
		switch {
		case part == "":
		case last >= 0 && unicode.IsDigit(rune(part[0])) && !strings.Contains(part, "="):
			settings[last] += "," + part
		default:
			settings = append(settings, part)
		}
	}
	return settings
}

// String returns the lane as in a link, with the settings that are not defaults.
func (l Lane) String() string {
	stages := make([]string, len(l))
	for i, s := range l {
		stages[i] = strings.Join(append([]string{s.Method.Name}, s.Values.Changed()...), ",")
	}
	return strings.Join(stages, "~")
}

// Link returns the canonical text of the recipe: its seed, what differs from the
// defaults or from what its exhibit sets, and every lane, so that it means the
// same when the exhibit's lanes change. Equal links are equal experiments; what
// only travels with one is in [Recipe.Address].
func (r *Recipe) Link() string { return r.link }

// relink updates the link after a change.
func (r *Recipe) relink() { r.link = r.write(r.Values.Text("seed")) }

// write returns the canonical text of the recipe with a seed.
func (r *Recipe) write(seed string) string {
	parts := []string{fmt.Sprintf("v=%d", r.Engine), "seed=" + seed}
	usual := []param.Values{param.Defaults(r.Values.Knobs())}
	if r.preset != nil {
		usual = append(usual, r.preset.Values)
	}
	for _, k := range r.Values.Knobs() {
		text := r.Values.Text(k.Name)
		differs := func(v param.Values) bool { return v.Has(k.Name) && v.Text(k.Name) != text }
		changed := slices.ContainsFunc(usual, differs)
		if k.Name == "base" {
			text = r.baseText()
			changed = text != k.Default || r.preset != nil && r.preset.baseText() != text
		}
		if k.Name != "seed" && !(k.Name == "base" && r.own != nil) && changed {
			parts = append(parts, k.Name+"="+text)
		}
	}
	parts = append(parts, r.sizeKeys()...)
	if r.Data != "" {
		parts = append(parts, "data="+r.Data)
	}
	if r.own != nil {
		parts = append(parts, "base="+ownPrefix+r.own.digest)
	}
	for _, lane := range r.Lanes {
		parts = append(parts, "lane="+lane.String())
	}
	return r.Name + "?" + strings.Join(parts, "&")
}
