package recipe

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
)

// board returns the dial board of the first stage of a lane on cards.
func board(t *testing.T, lane string) Board {
	t.Helper()
	b, err := parsed(t, "cards?lane="+lane).Board(0, 0)
	if err != nil {
		t.Fatalf("%s: %v", lane, err)
	}
	return b
}

// lane returns a stage as a link has it.
func (s StageText) lane() string {
	return strings.Join(append([]string{s.Method}, s.Settings...), ",")
}

// formula returns the formula of a board as one text.
func (b Board) formula() string {
	var lines []string
	for _, line := range b.Formula {
		text := ""
		for _, p := range line {
			text += p.Text
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, ", ")
}

// Every method that has a position finds itself on its board, and so does the same stage as one of
// dials.
func TestBoardsOfMethodsWithAPosition(t *testing.T) {
	for _, m := range method.All() {
		if m.Dials == "" {
			continue
		}
		b := board(t, m.Name)
		if b.Off != "" || b.Refused != "" || b.Method.Name != m.Name || b.Besides != m.Besides {
			t.Errorf("%s: its board is of %s, off %q, refused %q, besides %q", m.Name,
				b.Method.Name, b.Off, b.Refused, b.Besides)
			continue
		}
		position, err := m.Position(m.Defaults())
		if err != nil {
			t.Fatal(err)
		}
		if got := b.formula(); got != method.FormulaAt(position) {
			t.Errorf("%s: the formula is %s", m.Name, got)
		}
		for _, line := range b.Formula {
			if !slices.ContainsFunc(line, func(p method.Piece) bool { return p.Dials != nil }) {
				t.Errorf("%s: no dial decides anything in %v", m.Name, line)
			}
		}
		checkDials(t, m.Name, b)
		if m.Besides == "" && (len(b.Nearest) != 1 || b.Nearest[0].Name != m.Name ||
			len(b.Nearest[0].Differs) > 0 || b.Nearest[0].Same == nil ||
			b.Nearest[0].Same.lane() != m.Name) {
			t.Errorf("%s: nearest are %+v", m.Name, b.Nearest)
		}
		own := slices.IndexFunc(b.Named, func(n BoardMethod) bool { return n.Name == m.Name })
		if own < 0 || !b.Named[own].Here || b.Named[own].Besides != m.Besides {
			t.Errorf("%s: it is not named, or not here", m.Name)
		} else if again := board(t, b.Named[own].Stage.lane()); again.formula() != b.formula() {
			t.Errorf("%s: turned to itself it is %s", m.Name, again.formula())
		}
		if b := board(t, b.Turned.lane()); m.Besides == "" &&
			(b.Nearest[0].Name != m.Name || b.Nearest[0].Same == nil ||
				b.Nearest[0].Same.lane() != m.Name) {
			t.Errorf("%s: as %s nearest are %+v", m.Name, b.Turned.lane(), b.Nearest)
		}
	}
}

// checkDials fails unless every dial and every number of a board has what the page shows of it.
func checkDials(t *testing.T, name string, b Board) {
	t.Helper()
	if len(b.Dials) != 9 || len(b.Named)+len(b.Apart)+1 != len(method.All()) {
		t.Errorf("%s: there are %d dials, %d methods with a position and %d without", name,
			len(b.Dials), len(b.Named), len(b.Apart))
	}
	for _, d := range b.Dials {
		shown := slices.Clone(d.Numbers)
		if c := d.Choice; c != nil {
			shown = append(shown, *c)
			chosen := slices.Index(c.Choices, c.Text)
			if len(c.Titles) != len(c.Choices) || len(d.Refuses) != len(c.Choices) ||
				chosen < 0 || d.Refuses[chosen] != "" {
				t.Errorf("%s: dial %s is at %q and refuses %q", name, d.Name, c.Text, d.Refuses)
			}
		}
		if d.Label == "" || d.Refused != "" || len(shown) == 0 {
			t.Errorf("%s: a dial is %+v", name, d)
		}
		for _, s := range shown {
			if s.Doc == "" || s.Label() == "" || s.Text == "" {
				t.Errorf("%s: dial %s has the setting %+v", name, d.Name, s)
			}
		}
	}
	for _, m := range b.Apart {
		if m.Why == "" || m.Title == "" {
			t.Errorf("%s: a method without a position is %+v", name, m)
		}
	}
}

// From a method without a position the board says what it is, and a lane can be turned to any that
// has one. What is not the method's own stays.
func TestBoardsOfMethodsWithoutAPosition(t *testing.T) {
	for _, m := range method.All() {
		if m.Apart == "" {
			continue
		}
		b := board(t, m.Name+",steps=7,schedule=linear")
		if b.Off != m.Apart || b.Turned != nil || b.Formula != nil || b.Dials != nil ||
			b.Nearest != nil {
			t.Errorf("%s: the board is %+v", m.Name, b)
		}
		for _, n := range b.Named {
			own, _ := method.Lookup(n.Name)
			if again := board(t, n.Stage.lane()); n.Here || own.Besides == "" &&
				again.Nearest[0].Same.lane() != n.Name+",steps=7,schedule=linear" {
				t.Errorf("%s: turned to %s it is %+v", m.Name, n.Name, again.Nearest)
			}
		}
	}
	if b := board(t, "sft,prior=0.5"); b.Off !=
		"the dial board has no prior of sft except the default" || b.Turned != nil {
		t.Errorf("a setting that the board does not have: %+v", b)
	}
}

// What a position is called: by the method that it is, at whatever settings, or by what differs
// from the nearest ones. What a named method turns is its dials, and nothing else.
func TestBoardNames(t *testing.T) {
	for _, c := range []struct{ lane, want string }{
		{"dials", "grpo same as grpo,beta=0: KL none not k3 in the loss; passk: " +
			"advantage the reward less the mean of the group, divided by the standard deviation " +
			"not what the answer does for k attempts together; sapo: limit of the ratio a token " +
			"is no longer pushed once it has moved past eps_low or eps_high not multiplied " +
			"by a gate that closes the further it is from 1"},
		{"grpo,beta=0.1,steps=3", "grpo same as grpo,beta=0.1,steps=3: KL to the reference " +
			"(beta) 0.1 not 0.04"},
		{"dials,advantage=mean,average=sum,group=4,lr=0.001",
			"dr_grpo same as dr_grpo,lr=0.001,group=4"},
		{"dials,advantage=leave_one_out,average=tokens,source=varied",
			"dapo: advantage the reward less the mean of the others not the reward less the " +
				"mean of the group, divided by the standard deviation, clip above 0.2 not 0.28"},
		{"dials,source=demos,advantage=one,denominator=policy,average=tokens,epochs=2", "sft"},
	} {
		var all []string
		for _, n := range board(t, c.lane).Nearest {
			text := n.Name
			if n.Same != nil {
				text += " same as " + n.Same.lane()
			}
			var differs []string
			for _, d := range n.Differs {
				differs = append(differs, d.Dial+" "+d.Here+" not "+d.Of)
			}
			if differs != nil {
				text += ": " + strings.Join(differs, ", ")
			}
			all = append(all, text)
		}
		if got := strings.Join(all, "; "); got != c.want {
			t.Errorf("%s: nearest are %s, want %s", c.lane, got, c.want)
		}
	}
	b := board(t, "dials,lr=0.002,group=4,eps_low=0.5,steps=7,entropy=0.1")
	dapo := slices.IndexFunc(b.Named, func(n BoardMethod) bool { return n.Name == "dapo" })
	if got := b.Named[dapo].Stage.lane(); got !=
		"dials,lr=0.002,group=4,eps_high=0.28,source=varied,average=tokens,steps=7" {
		t.Errorf("turned to dapo it is %s", got)
	}
}

// A refused position says why at the dial that the reason begins with, and which choices of every
// dial would do.
func TestBoardsOfRefusedPositions(t *testing.T) {
	dial := func(b Board, name string) BoardDial {
		return b.Dials[slices.IndexFunc(b.Dials, func(d BoardDial) bool { return d.Name == name })]
	}
	accepted := func(d BoardDial) (all []string) {
		for i, why := range d.Refuses {
			if why == "" {
				all = append(all, d.Choice.Choices[i])
			}
		}
		return all
	}
	b := board(t, "dials,source=demos")
	const why = "advantage=z_score compares sampled answers by their rewards"
	if !strings.Contains(b.Refused, why) || b.Formula != nil || b.Turned == nil ||
		!strings.HasPrefix(dial(b, "advantage").Refused, why) || dial(b, "limit").Refused != "" {
		t.Errorf("the board is %+v", b)
	}
	if got := accepted(dial(b, "advantage")); !slices.Equal(got,
		[]string{"one", "implicit", "teacher"}) {
		t.Errorf("of the advantages %q are accepted", got)
	}
	if got := accepted(dial(b, "source")); !slices.Equal(got, []string{"rollouts", "varied"}) {
		t.Errorf("of the sources %q are accepted", got)
	}
	if got := accepted(dial(b, "span")); got != nil {
		t.Errorf("of the spans %q are accepted", got)
	}
	b, err := parsed(t, "lock?lane=sft&lane=dpo~dials").Board(1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := accepted(dial(b, "advantage")); slices.Contains(got, "teacher") || len(got) < 10 {
		t.Errorf("without a teacher the advantages %q are accepted", got)
	}
	if d := dial(b, "kl"); !strings.HasPrefix(d.Idle, "beta is 0") {
		t.Errorf("the dial kl makes no difference, because %q", d.Idle)
	}
	for _, at := range [][2]int{{2, 0}, {0, 1}, {-1, 0}, {0, -1}} {
		if _, err := parsed(t, "cards?lane=sft&lane=grpo").Board(at[0], at[1]); err == nil {
			t.Errorf("there is a board for %v", at)
		}
	}
	if _, err := parsed(t, "densities").Board(0, 0); err == nil {
		t.Error("there is a board for densities")
	}
}

// A recipe with a refused position says that its settings are the reason why it cannot be run.
func TestRefusedIsToldFromMissing(t *testing.T) {
	for link, want := range map[string]bool{"cards?lane=dials,source=demos": true,
		"cards?lane=dials": false, "cards?data=0123456789ab&lane=dials,source=demos": false} {
		if d := parsed(t, link).Describe(); d.Refused != want || d.Refused && d.Missing == "" {
			t.Errorf("%s: refused is %v, missing %q", link, d.Refused, d.Missing)
		}
	}
}
