package method

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posttrain/posttrain/core/param"
)

// FormulaAt returns what [Dials] maximises at a position, in the notation of the methods' formulas.
// It returns "" for a position that [Dials] refuses.
func FormulaAt(v param.Values) string {
	if refuseDials(v) != "" {
		return ""
	}
	f := formula{v, partOf(v, "advantage"), partOf(v, "limit")}
	term := f.pushed() + f.held() + f.penalty()
	if strings.Contains(term, " − ") || strings.Contains(term, " + ") {
		term = "[ " + term + " ]"
	}
	average := partOf(v, "average")
	text := "J = " + average.formula + " " + term
	if average.name == "tokens" {
		text += " over the N tokens of all " + partOf(v, "source").formula
	} else if source := partOf(v, "source"); source.name != "rollouts" {
		text += " over " + source.formula
	}
	return strings.Join(append([]string{text}, f.where()...), ", ")
}

// formula writes the parts of a formula at a position.
type formula struct {
	v                param.Values
	advantage, limit part
}

// ratio returns the symbol of the ratio, and "" where it is 1.
func (f formula) ratio() string {
	switch {
	case f.v.Choice("denominator") == "policy":
		return ""
	case f.v.Choice("span") == "token":
		return "ρ_it"
	}
	return "ρ_i"
}

// symbol returns the symbol of the advantage, and "" where it is 1.
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
func (f formula) times(factor string) string {
	symbol := f.symbol()
	if f.v.Float("alpha") != 0 {
		symbol = "Â_it"
	}
	if factor == "" || symbol == "" {
		return factor + symbol
	}
	return factor + "·" + symbol
}

// pushed returns the term whose gradient is the push on a token.
func (f formula) pushed() string {
	ratio, mask := f.ratio(), ""
	if p := partOf(f.v, "tokens"); strings.HasPrefix(p.formula, "m") {
		mask = "m_it·"
	}
	switch {
	case ratio != "" && f.limit.name == "clip":
		return mask + "min(" + f.times(ratio) + ", " +
			f.times("clip("+ratio+", 1−eps_low, 1+eps_high)") + ")"
	case ratio != "" && f.limit.name == "free" && f.v.Choice("span") == "token":
		return mask + f.times(ratio)
	case ratio != "" && f.limit.name != "free":
		ratio = "f(" + ratio + ")"
	}
	if weight := f.times(ratio); weight != "" {
		return mask + weight + "·log π(a_it|s_it)"
	}
	return mask + "log π(a_it|s_it)"
}

// held returns the term that holds tokens back, with its sign.
func (f formula) held() string {
	if f.v.Choice("tokens") != "kl_cov" {
		return ""
	}
	return " − kl_coef·|log π/π_old|·[cov_it is among the share·N largest]"
}

// penalty returns the KL in the loss and the entropy bonus, with their signs.
func (f formula) penalty() (text string) {
	switch klAt(f.v) {
	case "loss":
		text = " − β·k3_it"
	case "exact":
		text = " − β·KL(π‖π_ref)_it"
	case "forward":
		text = " − β·KL(π_ref‖π)_it"
	}
	if f.v.Float("entropy") != 0 {
		text += " + entropy·H_it"
	}
	return text
}

// where returns what the symbols of the formula mean.
func (f formula) where() (all []string) {
	add := func(text string) {
		if text != "" {
			all = append(all, text)
		}
	}
	add(f.advantage.formula)
	if f.v.Float("alpha") != 0 {
		of := cmp.Or(f.symbol(), "1")
		add(fmt.Sprintf("Â_it = %s + min(alpha·H_it, |%s|/kappa), H held fixed", of, of))
	}
	if klAt(f.v) == "reward" {
		add(f.advantage.kl)
	}
	if f.ratio() != "" {
		add(fmt.Sprintf(partOf(f.v, "span").formula, partOf(f.v, "denominator").formula))
		add(f.limit.formula)
	}
	add(partOf(f.v, "tokens").formula)
	if klAt(f.v) == "loss" {
		add("k3 = π_ref/π − log(π_ref/π) − 1")
	}
	return all
}
