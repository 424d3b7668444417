package recipe

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

const (
	maxLanes  = 16 // of a recipe
	maxStages = 16 // of a lane
)

// Parse reads a link, which may be the fragment of a URL:
//
//	NAME?v=ENGINE&seed=7&lane=sft,lr=1e-3,style=y&lane=sft,steps=100~grpo,steps=200
//
// NAME is an exhibit or a task. If an exhibit has the name of its task, a link with lanes means the
// task. Lanes in the link replace those of the exhibit, and lanes that are passed as further
// arguments replace both.
//
// Mailers, chat programs and the like change links. Parse repairs such a link if it can only mean
// one recipe, and otherwise returns an error.
func (c *Catalogue) Parse(link string, lanes ...string) (*Recipe, error) {
	return c.parse(link, lanes, (*Catalogue).recipeNamed)
}

// ParseTask reads a link that names a task, and ignores its lanes. A recipe without lanes cannot be
// run: [Recipe.SetLanes] gives it some.
func (c *Catalogue) ParseTask(link string) (*Recipe, error) {
	a, err := linkReader{c}.readAddress(link)
	if err != nil {
		return nil, err
	}
	if c, err = c.withProgram(a); err != nil {
		return nil, err
	}
	named, err := c.recipeNamed(a.name) // as Parse does, so that both write the same links
	if err != nil {
		return nil, err
	}
	if named.Name != named.Task.Name {
		return nil, fmt.Errorf("%s is an exhibit: want a task, such as %s", a.name, named.Task.Name)
	}
	r := named.Clone()
	r.preset = named
	if err := r.applyKeys(a, nil); err != nil {
		return nil, err
	}
	r.Lanes = nil
	r.relink()
	return r, nil
}

// parse calls preset with the name in the link, and applies the keys of the link and the lanes to a
// copy of the recipe that it returns.
func (c *Catalogue) parse(
	link string, lanes []string, preset func(c *Catalogue, name string) (*Recipe, error),
) (*Recipe, error) {
	a, err := linkReader{c}.readAddress(link)
	if err != nil {
		return nil, err
	}
	if c, err = c.withProgram(a); err != nil {
		return nil, err
	}
	named, err := preset(c, a.name)
	if err != nil {
		return nil, err
	}
	r := named.Clone()
	r.preset = named
	if err := r.apply(a, lanes); err != nil {
		return nil, err
	}
	r.relink()
	return r, nil
}

// apply sets what the keys of a link say. If lanes is not empty, it replaces the lanes of the link.
// It returns an error if the recipe then has no lane.
func (r *Recipe) apply(a address, lanes []string) error {
	if err := r.applyKeys(a, lanes); err != nil {
		return err
	}
	if len(r.Lanes) == 0 {
		return fmt.Errorf("recipe %s has no lane: add one, such as lane=sft or lane=grpo", r.Name)
	}
	return nil
}

func (r *Recipe) applyKeys(a address, lanes []string) (err error) {
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
	var linkLanes []string
	rows, script := "", ""
	for _, p := range a.pairs {
		switch {
		case r.decidesBase(p.key):
		case p.key == "v":
			err = r.setEngine(p.value)
		case p.key == "data":
			err = r.setData(p.value)
		case p.key == "rows":
			rows = p.value
		case p.key == "task" || p.key == "program": // see withProgram
		case p.key == "reward":
			err = r.setRewardDigest(p.value)
		case p.key == "script":
			script = p.value
		case p.key == "lane":
			linkLanes = append(linkLanes, p.value)
		case slices.Contains(pageKeys, p.key):
			err = r.setPage(p.key, p.value)
		default:
			err = r.setKnob(p.key, p.value)
		}
		if err != nil {
			return err
		}
	}
	for _, texts := range [][]string{linkLanes, lanes} {
		if err := r.setLanes(texts); err != nil {
			return err
		}
	}
	if script != "" {
		if err := r.setScript(script); err != nil {
			return err
		}
	}
	if rows == "" {
		return nil
	}
	return r.setRows(rows)
}

// SetLanes replaces the recipe's lanes by those with these texts, see [Catalogue.ParseLane].
func (r *Recipe) SetLanes(texts ...string) error {
	defer r.relink()
	return r.setLanes(texts)
}

// setLanes replaces the recipe's lanes, unless texts is empty.
func (r *Recipe) setLanes(texts []string) error {
	if len(texts) > maxLanes {
		return fmt.Errorf("%d lanes are too many: want at most %d", len(texts), maxLanes)
	}
	var lanes []Lane
	for _, text := range texts {
		lane, err := r.catalogue.ParseLane(r.Task, text)
		if err != nil {
			return err
		}
		lanes = append(lanes, lane)
	}
	if lanes != nil {
		r.Lanes = lanes
	}
	return nil
}

// recipeNamed returns the recipe of the exhibit with this name, or else that of the task, which has
// no lanes.
func (c *Catalogue) recipeNamed(name string) (*Recipe, error) {
	if err := checkWord(name); err != nil {
		return nil, err
	}
	if e, err := c.Exhibit(name); err == nil {
		r, err := c.parse(e.Link, nil, (*Catalogue).recipeOfTask)
		if err != nil {
			return nil, fmt.Errorf("exhibit %s: %w", name, err)
		}
		r.Name, r.exhibit, r.preset = name, &e, nil
		r.relink()
		return r, nil
	}
	if r, err := c.recipeOfTask(name); err == nil {
		return r, nil
	}
	return nil, param.Unknown("exhibit or task", name, c.linkNames())
}

// recipeOfTask returns a recipe with the task of this name and no lanes.
func (c *Catalogue) recipeOfTask(name string) (*Recipe, error) {
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

// maxWord is the greatest length of a name or a setting, in bytes.
const maxWord = 220

// checkWord returns an error for a text that cannot be a name or a setting. What it accepts can be
// quoted in an error message, which stays short and on one line.
func checkWord(word string) error {
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
	r.Data = digest
	return checkDigest("data", "a data set", digest)
}

// checkDigest returns an error if the value of a key is no digest of what the key stands for.
func checkDigest(key, of, digest string) error {
	if len(digest) != task.DigestLen || strings.Trim(digest, "0123456789abcdef") != "" {
		return fmt.Errorf("%s=%s: expected the digest of %s, %d digits of 0-9a-f", key,
			param.Quote(digest), of, task.DigestLen)
	}
	return nil
}

// setKnob sets a recipe-wide knob.
func (r *Recipe) setKnob(key, value string) error {
	for _, word := range []string{key, value} {
		if err := checkWord(word); err != nil {
			return err
		}
	}
	if r.Values.Has(key) {
		return r.Values.Set(key, value)
	}
	return r.unknownKey(key, value)
}

// ParseLane reads the text of a lane, such as sft,steps=100~grpo,steps=200,beta=0. It has stages
// joined by ~, and each stage has a method and its settings.
func (c *Catalogue) ParseLane(t task.Task, text string) (Lane, error) {
	var lane Lane
	p := c.policyOn(t)
	if stages := strings.Count(text, "~") + 1; stages > maxStages {
		return nil, fmt.Errorf("lane %s has %d stages: want at most %d", param.Quote(text), stages,
			maxStages)
	}
	for stage := range strings.SplitSeq(text, "~") {
		for word := range strings.SplitSeq(stage, ",") {
			if err := checkWord(word); err != nil {
				return nil, fmt.Errorf("lane %s: %w", param.Quote(text), err)
			}
		}
		name, rest, _ := strings.Cut(stage, ",")
		if name == "" {
			return nil, fmt.Errorf("lane %s names no method: want one in each stage, such as "+
				"sft,lr=1e-3 or sft~grpo", param.Quote(text))
		}
		m, err := p.method(name)
		if err != nil {
			return nil, fmt.Errorf("lane %s: %w", param.Quote(text), err)
		}
		values, given := param.Defaults(p.stageKnobs(m, len(lane) == 0)), onceEach{}
		for _, setting := range splitSettings(rest) {
			key, value, ok := strings.Cut(setting, "=")
			if !ok {
				return nil, fmt.Errorf("lane %s: %s has no value: want knob=value",
					param.Quote(text), param.Quote(setting))
			}
			err := c.misplaced(t, values, key, value)
			if err == nil {
				err = values.Set(key, value)
			}
			if err == nil {
				err = given.add(key, value)
			}
			if err != nil {
				return nil, fmt.Errorf("lane %s: method %s: %w", param.Quote(text), name, err)
			}
		}
		if err := objective.CheckJudged(values); err != nil {
			return nil, fmt.Errorf("lane %s: method %s: %w", param.Quote(text), name, err)
		}
		lane = append(lane, train.Stage{Method: m, Values: values})
	}
	return lane, nil
}

// splitSettings splits the settings of a stage at the commas between them. It keeps a number with a
// decimal comma whole, so that the error about it can quote all of it: such a comma is followed by
// a digit, and no setting begins with one.
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

// String returns the lane as a link has it, without settings that are at their defaults.
func (l Lane) String() string {
	stages := make([]string, len(l))
	for i, s := range l {
		stages[i] = strings.Join(append([]string{s.Method.Name}, s.Values.Changed()...), ",")
	}
	return strings.Join(stages, "~")
}

// Link returns the canonical link of the recipe. Equal links are equal experiments.
//
// A canonical link has the seed, and the recipe-wide knobs whose values differ from their defaults
// or from those of the exhibit. It has all lanes, also those of the exhibit, so that it still means
// the same after the exhibit has been given other lanes. [Recipe.Address] returns a link that also
// has the rows of a data set and the keys of the page.
func (r *Recipe) Link() string { return r.link }

// relink updates the link after a change.
func (r *Recipe) relink() { r.link = r.linkWithSeed(r.Values.Text("seed")) }

// linkWithSeed returns the canonical link of the recipe with another seed.
func (r *Recipe) linkWithSeed(seed string) string {
	parts := []string{fmt.Sprintf("v=%d", r.Engine), "seed=" + seed}
	implied := []param.Values{param.Defaults(r.Values.Knobs())}
	if r.preset != nil {
		implied = append(implied, r.preset.Values)
	}
	for _, k := range r.Values.Knobs() {
		text := r.Values.Text(k.Name)
		differs := func(v param.Values) bool { return v.Has(k.Name) && v.Text(k.Name) != text }
		changed := slices.ContainsFunc(implied, differs)
		if k.Name == "base" {
			text = r.baseText()
			changed = text != k.Default || r.preset != nil && r.preset.baseText() != text
		}
		if k.Name != "seed" && !(k.Name == "base" && r.userBase != nil) && changed {
			parts = append(parts, k.Name+"="+text)
		}
	}
	parts = append(parts, r.sizeKeys()...)
	if r.Task.Program != "" {
		parts = append(parts, "task="+r.Task.Program)
	}
	if r.Data != "" {
		parts = append(parts, "data="+r.Data)
	}
	if r.Reward != "" {
		parts = append(parts, "reward="+r.Reward)
	}
	if r.userBase != nil {
		parts = append(parts, "base="+userBasePrefix+r.userBase.digest)
	}
	for _, lane := range r.Lanes {
		parts = append(parts, "lane="+lane.String())
	}
	return r.Name + "?" + strings.Join(parts, "&")
}
