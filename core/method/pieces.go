package method

import (
	"slices"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/protocol"
)

// parts has the words of formulas by what they are about. All formulas are in one notation.
var parts = []struct {
	name  string
	words []string
}{
	{"state", []string{"s_it", "s_t"}},
	{"material", []string{"a_it", "a_t", "y_i", "answer", "answers", "demonstration",
		"demonstrations", "demonstrated", "rollout", "rollouts", "sampled", "pairs", "chosen",
		"rejected", "replayed", "given", "Σ_rollouts", "Σ_replayed", "Σ_demonstrations"}},
	{"reward", []string{"r", "r_i", "r_s", "R", "R_i", "R_it", "R_v", "reward", "φ", "right",
		"wrong"}},
	{"advantage", []string{"A", "A_i", "A_it", "Â", "Â_it", "D", "w", "w_i", "w_it", "w_q"}},
	{"ratio", []string{"ρ", "ρ_it", "ρ_i", "s_i", "clip", "min", "f", "m_it"}},
	{"policy", []string{"π", "π_it", "π'", "π'_v", "π_ref", "π_old", "π_T", "log", "odds", "P", "H",
		"H_it", "entropy", "k3", "k3_it", "KL", "q", "q_v"}},
}

// Pieces splits a method's formula into pieces, each of which is about one part of an update. Their
// texts joined are the formula.
func Pieces(formula string) (pieces []protocol.Piece) {
	for i, clause := range clauses(formula) {
		about := clauseAbout(clause)
		if i == 0 {
			about = "main"
		}
		for _, word := range words(clause) {
			piece := protocol.Piece{Text: word, Part: partNamed(word), Clause: about}
			if last := len(pieces) - 1; last >= 0 && pieces[last].Part == piece.Part &&
				pieces[last].Clause == about {
				pieces[last].Text += word
			} else {
				pieces = append(pieces, piece)
			}
		}
	}
	return pieces
}

// clauses cuts a formula after each comma and semicolon that no bracket encloses.
func clauses(formula string) (all []string) {
	depth, from := 0, 0
	for i, r := range formula {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',', ';':
			if depth == 0 {
				all, from = append(all, formula[from:i+1]), i+1
			}
		}
	}
	return append(all, formula[from:])
}

// clauseAbout returns the part that a clause defines, or that it names first if it says what is
// averaged over.
func clauseAbout(clause string) string {
	text := strings.TrimSpace(clause)
	if symbol, _, ok := strings.Cut(text, " = "); ok {
		return partNamed(symbol)
	}
	if strings.HasPrefix(text, "over ") {
		return "material"
	}
	return ""
}

// words cuts a text into words and what is between them.
func words(text string) (all []string) {
	inside, braces, from := false, false, 0
	for i, r := range text {
		switch {
		case inside && r == '{' && text[i-1] == '_':
			braces = true
		case braces:
			braces = r != '}'
			continue
		}
		letter := braces || r == '_' || r == '\'' || unicode.IsLetter(r) || unicode.IsDigit(r)
		if letter != inside && i > from {
			all, from = append(all, text[from:i]), i
		}
		inside = letter
	}
	return append(all, text[from:])
}

// partNamed returns the name of the part that a word is about, and "" if it is about none.
func partNamed(word string) string {
	for _, p := range parts {
		if slices.Contains(p.words, word) {
			return p.name
		}
	}
	return ""
}
