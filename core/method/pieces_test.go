package method

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// about returns the texts of the pieces that are about a part, by themselves or by their clause.
func about(pieces []protocol.Piece, part string) (texts []string) {
	for _, p := range pieces {
		if p.Part == part || p.Clause == part {
			texts = append(texts, p.Text)
		}
	}
	return texts
}

// Every formula is cut without loss, has a main clause, and names something of the policy or
// another method's objective.
func TestPieces(t *testing.T) {
	for _, m := range All() {
		pieces := Pieces(m.Formula)
		whole := ""
		for _, p := range pieces {
			whole += p.Text
		}
		if whole != m.Formula {
			t.Errorf("%s: the pieces make %q, want %q", m.Name, whole, m.Formula)
		}
		main := strings.Join(about(pieces, "main"), "")
		if !strings.HasPrefix(main, "J = ") {
			t.Errorf("%s: the main clause is %q", m.Name, main)
		}
		if about(pieces, "policy") == nil && !strings.Contains(m.Formula, "J_") {
			t.Errorf("%s: nothing of %q is about the policy", m.Name, m.Formula)
		}
		if about(pieces, "material") == nil && !strings.Contains(m.Formula, "J_") &&
			!strings.Contains(m.Formula, "Σ_i") {
			t.Errorf("%s: nothing of %q is about the material", m.Name, m.Formula)
		}
	}
}

// What is marked for a stage of an update is the part of the formula that the stage is about.
func TestPiecesOfAPart(t *testing.T) {
	for _, c := range []struct {
		method Method
		part   string
		want   []string
	}{
		{SFT, "state", []string{"s_it"}},
		{SFT, "material", []string{"a_it", " over the N tokens of all ", "demonstrations",
			" in the batch"}},
		{SFT, "reward", nil},
		{SFT, "policy", []string{"log", "π"}},
		{REINFORCE, "advantage", []string{"A_i", " ", "A_i", " = ", "r_i", " − mean(", "r",
			" in the group),", "A"}},
		{REINFORCE, "reward", []string{"r_i", "r"}},
		{DPO, "material", []string{"pairs", "chosen", "rejected"}},
		{GRPO, "ratio", []string{"min", "ρ_it", "clip", "ρ_it", " ", "ρ", " = ", "π", "/",
			"π_old", ","}},
		{OPD, "advantage", []string{"A_it", " ", "A_it", " = ", "log", " ", "π_T", "(", "a_it", "|",
			"s_it", ") − ", "log", " ", "π", "(", "a_it", "|", "s_it", ") held fixed,"}},
	} {
		if got := about(Pieces(c.method.Formula), c.part); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %q, want %q", c.method.Name, c.part, got, c.want)
		}
	}
}

// Braces after an underscore belong to the word, so that a sum from s≥t stays one.
func TestWords(t *testing.T) {
	got := words("Σ_{s≥t} (γλ)^(s−t)·V_{s+1}, π'_v")
	want := []string{"Σ_{s≥t}", " (", "γλ", ")^(", "s", "−", "t", ")·", "V_{s+1}", ", ", "π'_v"}
	if !slices.Equal(got, want) {
		t.Errorf("words %q, want %q", got, want)
	}
}
