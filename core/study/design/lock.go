package design

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/posttrain/posttrain/core/param"
)

// Lock is what a study claims and by what it will be judged, in a canonical text. Two files of a
// study with the same lock differ at most in titles, prose, comments, citations, in the order of
// keys and entries, and in arms that no hypothesis is about.
type Lock struct {
	Hash string // sha256 of Text, in hexadecimal
	Text string
}

// Lock returns the lock of the study.
//
// Its text consists of blocks. A block is a line and the indented lines below it: the analysis,
// then each experiment, arm and hypothesis in the order of their names. It has the seeds of the
// tuning part too, since they decide which configs are judged.
func (s *Study) Lock() Lock {
	text := strings.Join(s.blocks(s.Hypotheses), "")
	return Lock{digest(text), text}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// blocks returns the blocks of a lock with some of the hypotheses and all that they depend on.
func (s *Study) blocks(hypotheses []Hypothesis) []string {
	var experiments, arms, claims []string
	for _, h := range hypotheses {
		claims = append(claims, h.block())
		for _, name := range h.Arms() {
			a, e := s.arm(name)
			experiments, arms = append(experiments, e.block()), append(arms, a.block(name))
		}
	}
	all := []string{block("analysis", fmt.Sprintf("resamples %d", s.Analysis.Resamples),
		fmt.Sprintf("level %v", s.Analysis.Level), "correction "+s.Analysis.Correction)}
	for _, kind := range [][]string{experiments, arms, claims} {
		slices.Sort(kind)
		all = append(all, slices.Compact(kind)...)
	}
	return all
}

// block returns a line with indented lines below it. No line is empty.
func block(first string, lines ...string) string {
	text := first + "\n"
	for _, line := range lines {
		text += "  " + line + "\n"
	}
	return text
}

func (e Experiment) block() string {
	seeds := func(what string, seeds []uint64) string {
		text := what
		for _, seed := range slices.Sorted(slices.Values(seeds)) {
			text += fmt.Sprintf(" %d", seed)
		}
		return text
	}
	return block("experiment "+e.Name, "recipe "+e.Recipe,
		seeds("tuning bases", e.Bases.Tune), seeds("tuning seeds", e.Seeds.Tune),
		seeds("judged bases", e.Bases.Judge), seeds("judged seeds", e.Seeds.Judge))
}

func (a Arm) block(name ArmName) string {
	return block("arm "+name.String(), slices.Sorted(slices.Values(a.Configs))...)
}

func (h Hypothesis) block() string {
	lines := []string{"says " + h.Says}
	if l := h.Law; l != nil {
		var arms []string
		for _, name := range l.Arms {
			arms = append(arms, name.String())
		}
		slices.Sort(arms)
		sign := "above"
		if l.Below {
			sign = "below"
		}
		lines = append(lines, "x "+l.X, "y "+l.Y, "arms "+strings.Join(arms, " "),
			fmt.Sprintf("correlation %s %v", sign, l.Bound))
	} else {
		lines = append(lines, h.Comparison.lines()...)
	}
	return block("hypothesis "+h.Name, lines...)
}

func (c *Comparison) lines() []string {
	sign := "-"
	if c.Ratio {
		sign = "/"
	}
	lines := []string{
		"metric " + c.Metric,
		fmt.Sprintf("claim %s %s %s > %v", c.Higher, sign, c.Lower, c.By),
		strings.TrimRight(fmt.Sprintf("at %s %s", c.At.Where, c.At.Metric), " "),
	}
	if c.At.Where != End {
		lines[2] += fmt.Sprintf(" %v", c.At.Value)
	}
	if c.Choose != nil {
		which := "highest"
		if c.Choose.Lowest {
			which = "lowest"
		}
		lines = append(lines, "choose "+which+" "+c.Choose.Metric)
	}
	if c.Budget != "" {
		lines = append(lines, "budget unequal, because "+c.Budget)
	}
	return lines
}

// String returns the side as the file of a study has it, with the experiment of an arm.
func (s Side) String() string {
	switch {
	case s.Arm != nil:
		return s.Arm.String()
	case s.Base:
		return baseSide
	}
	return fmt.Sprint(s.Value)
}

// Entry is a lock as it was registered, in a file beside that of the study.
type Entry struct {
	Hash       string `yaml:"hash" json:"hash"`
	Registered string `yaml:"registered" json:"registered"` // a date, such as 2026-11-29
	Engine     int    `yaml:"engine" json:"engine"`
	Program    string `yaml:"program" json:"program"` // the program's version
	Text       string `yaml:"text" json:"text"`
}

const lockComment = `# What the study beside this file claims, as "posttrain study register" wrote it
# down. Commit it before the first run. An entry that was changed by hand is refused.
`

// FormatLock returns the content of a lock file with these entries, the oldest first.
func FormatLock(entries []Entry) ([]byte, error) {
	text, err := yaml.MarshalWithOptions(entries, yaml.UseLiteralStyleIfMultiline(true))
	return append([]byte(lockComment), text...), err
}

// ParseLock reads the content of a lock file. It refuses an entry whose text does not have its
// hash.
func ParseLock(text []byte) (entries []Entry, err error) {
	r := &reader{}
	root := r.document(text, 16*maxFile)
	list, ok := root.(*ast.SequenceNode)
	if r.err == nil && !ok {
		r.failAt(root, "want a list of what was registered, as posttrain study register writes it")
	}
	for i := 0; r.err == nil && i < len(list.Values); i++ {
		entries = append(entries, r.entry(list.Values[i]))
	}
	if r.err == nil && len(entries) == 0 {
		r.err = errEmpty
	}
	if r.err != nil {
		return nil, fmt.Errorf("it is not a lock file: %w", r.err)
	}
	return entries, nil
}

// entry reads an entry of a lock file.
func (r *reader) entry(n ast.Node) Entry {
	f := r.fields(n, "an entry", "hash", "registered", "engine", "program", "text")
	e := Entry{Hash: f.text("hash"), Registered: f.text("registered"), Program: f.text("program")}
	f.text("text") // for its errors
	if r.err != nil {
		return e
	}
	e.Engine, _ = strconv.Atoi(f.text("engine"))
	switch text := f.values["text"].(type) {
	case *ast.LiteralNode:
		e.Text = text.Value.Value
	case *ast.StringNode:
		e.Text = text.Value
	}
	if r.err == nil && digest(e.Text) != e.Hash {
		f.fail("text", "the entry of %s was changed: the hash of its text is not %s",
			param.Quote(e.Registered), param.Quote(e.Hash))
	}
	return e
}

// blocksOf returns the blocks of a lock's text.
func blocksOf(text string) (all []string) {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, " ") && len(all) > 0 {
			all[len(all)-1] += line
		} else {
			all = append(all, line)
		}
	}
	return all
}
