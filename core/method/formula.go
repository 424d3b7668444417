package method

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// Piece is a piece of a formula.
type Piece struct {
	Text  string   `json:"text"`
	Dials []string `json:"dials,omitempty"` // those of [DialsAt] that decide it; nil for none
}

// FormulaAt returns what [Dials] maximises at a position, in the notation of the methods' formulas.
// It returns "" for a position that [Dials] refuses.
func FormulaAt(v param.Values) string {
	var lines []string
	for _, line := range FormulaPieces(v) {
		lines = append(lines, textOf(line))
	}
	return strings.Join(lines, ", ")
}

// FormulaPieces returns the pieces of [FormulaAt]: first those of what is maximised, then those of
// each line that says what a symbol means. It returns nil for a position that [Dials] refuses.
func FormulaPieces(v param.Values) [][]Piece {
	if refuseDials(v) != "" {
		return nil
	}
	f := formula{v, partOf(v, "advantage"), partOf(v, "limit")}
	return append([][]Piece{f.maximised()}, f.where()...)
}

// textOf returns the text of pieces.
func textOf(pieces []Piece) (text string) {
	for _, p := range pieces {
		text += p.Text
	}
	return text
}

// fixed returns a piece that no dial decides.
func fixed(text string) []Piece { return []Piece{{Text: text}} }

// decided returns a piece that dials decide, and nil if the text is "".
func decided(text string, dials ...string) []Piece {
	if text == "" {
		return nil
	}
	return []Piece{{text, dials}}
}

// formula writes the pieces of a formula at a position.
type formula struct {
	v                param.Values
	advantage, limit part
}

// maximised returns the pieces of what is maximised.
func (f formula) maximised() []Piece {
	term := slices.Concat(f.pushed(), f.held(), f.penalty())
	if text := textOf(term); strings.Contains(text, " − ") || strings.Contains(text, " + ") {
		term = slices.Concat(fixed("[ "), term, fixed(" ]"))
	}
	average, source := partOf(f.v, "average"), partOf(f.v, "source")
	line := slices.Concat(fixed("J = "), decided(average.formula, "average"), fixed(" "), term)
	switch {
	case average.name == "tokens":
		line = slices.Concat(line, decided(" over the N tokens of all ", "average"))
	case source.name != "rollouts":
		line = append(line, fixed(" over ")...)
	default:
		return line
	}
	return append(line, decided(source.formula, "source")...)
}

// ratio returns the symbol of the ratio, and nil where it is 1.
func (f formula) ratio() []Piece {
	switch {
	case f.v.Choice("denominator") == "policy":
		return nil
	case f.v.Choice("span") == "token":
		return decided("ρ_it", "denominator", "span")
	}
	return decided("ρ_i", "denominator", "span")
}

// symbol returns the symbol of the advantage without the term for the entropy, and "" where it is
// 1.
func (f formula) symbol() string {
	switch {
	case f.advantage.formula == "":
		return ""
	case f.advantage.byToken:
		return "A_it"
	}
	return "A_i"
}

// times returns a factor times the advantage, with the term for the entropy if there is one.
func (f formula) times(factor []Piece) []Piece {
	symbol := f.symbol()
	if f.v.Float("alpha") != 0 {
		symbol = "Â_it"
	}
	if factor == nil || symbol == "" {
		return slices.Concat(factor, decided(symbol, "advantage"))
	}
	return slices.Concat(factor, fixed("·"), decided(symbol, "advantage"))
}

// pushed returns the term whose gradient is the push on a token.
func (f formula) pushed() (term []Piece) {
	if p := partOf(f.v, "tokens"); strings.HasPrefix(p.formula, "m") {
		term = append(decided("m_it", "tokens"), fixed("·")...)
	}
	ratio, limit := f.ratio(), func(text string) []Piece { return decided(text, "limit") }
	switch {
	case ratio != nil && f.limit.name == "clip":
		clipped := slices.Concat(limit("clip("), ratio, limit(", 1−eps_low, 1+eps_high)"))
		return slices.Concat(term, limit("min("), f.times(ratio), limit(", "), f.times(clipped),
			limit(")"))
	case ratio != nil && f.limit.name == "free" && f.v.Choice("span") == "token":
		return slices.Concat(term, f.times(ratio))
	case ratio != nil && f.limit.name != "free":
		ratio = slices.Concat(limit("f("), ratio, limit(")"))
	}
	if weight := f.times(ratio); weight != nil {
		term = slices.Concat(term, weight, fixed("·"))
	}
	return append(term, fixed("log π(a_it|s_it)")...)
}

// held returns the term that holds tokens back, with its sign.
func (f formula) held() []Piece {
	if f.v.Choice("tokens") != "kl_cov" {
		return nil
	}
	return decided(" − kl_coef·|log π/π_old|·[cov_it is among the share·N largest]", "tokens")
}

// penalty returns the KL in the loss and the entropy bonus, with their signs.
func (f formula) penalty() (terms []Piece) {
	switch klAt(f.v) {
	case "loss":
		terms = decided(" − β·k3_it", "kl")
	case "exact":
		terms = decided(" − β·KL(π‖π_ref)_it", "kl")
	case "forward":
		terms = decided(" − β·KL(π_ref‖π)_it", "kl")
	}
	if f.v.Float("entropy") != 0 {
		terms = append(terms, decided(" + entropy·H_it", "entropy")...)
	}
	return terms
}

// where returns what the symbols of the formula mean, a line for each.
func (f formula) where() (lines [][]Piece) {
	add := func(pieces ...Piece) {
		if len(pieces) > 0 {
			lines = append(lines, pieces)
		}
	}
	add(decided(f.advantage.formula, "advantage")...)
	if f.v.Float("alpha") != 0 {
		of := cmp.Or(f.symbol(), "1")
		add(decided(fmt.Sprintf("Â_it = %s + min(alpha·H_it, |%s|/kappa), H held fixed", of, of),
			"advantage")...)
	}
	if klAt(f.v) == "reward" {
		add(decided(f.advantage.kl, "kl")...)
	}
	if f.ratio() != nil {
		before, after, _ := strings.Cut(partOf(f.v, "span").formula, "%s")
		add(slices.Concat(decided(before, "span"),
			decided(partOf(f.v, "denominator").formula, "denominator"), decided(after, "span"))...)
		add(decided(f.limit.formula, "limit")...)
		if f.limit.name == "clip" && f.v.Float("dual_clip") > 0 {
			add(decided("where A < 0 the minimum is at least dual_clip·A", "limit")...)
		}
	}
	add(decided(partOf(f.v, "tokens").formula, "tokens")...)
	if klAt(f.v) == "loss" {
		add(decided("k3 = π_ref/π − log(π_ref/π) − 1", "kl")...)
	}
	return lines
}
