package article

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/param"
)

// symbol is a sign in formulas and what it stands for.
type symbol struct {
	sign    string
	meaning string
	found   []string // other texts that show that a formula has it; nil means the sign
}

// notation has the signs that formulas use, in the order in which they are explained.
var notation = []symbol{
	{"J", "what is maximised", []string{"J ="}},
	{"π", "the probability that the policy gives a token, or an answer", nil},
	{"π_old", "the probability under the policy that sampled", nil},
	{"π_ref", "the probability under the reference model", nil},
	{"π_T", "the probability under the teacher", nil},
	{"a_it", "token t of answer i, or of demonstration i", []string{"a_it", "a_t"}},
	{"s_it", "what stands before that token", []string{"s_it", "s_t)"}},
	{"y_i", "answer i as a whole", nil},
	{"Σ_i", "sum over answers, or demonstrations", nil},
	{"Σ_t", "sum over the tokens of an answer", nil},
	{"Σ_v", "sum over the vocabulary", nil},
	{"Π_t", "product over the tokens of an answer", nil},
	{"n", "number of answers, or demonstrations, in the batch", []string{"(1/n)", " n answers"}},
	{"N", "number of tokens in the batch, as far as they are averaged over", []string{"(1/N)"}},
	{"T_i", "number of tokens of answer i", nil},
	{"ρ", "the ratio π/π_old: how much likelier the token has become since it was sampled",
		[]string{"ρ"}},
	{"A", "the advantage", []string{"A_i", "A =", "·A", "A_it", "(A "}},
	{"r", "the reward", []string{"r_i", "R = r", "r = ", " r ", "2r"}},
	{"V", "the critic's estimate of the reward that is still to come", []string{"V_", "(V"}},
	{"H", "the entropy of the policy at the token", []string{"H_it"}},
	{"k3", "an estimate of the KL to the reference model from the token alone", nil},
	{"KL(p‖q)", "the KL from q to p over the whole vocabulary", []string{"KL("}},
	{"φ", "the score of the reward model", nil},
	{"σ", "the logistic function 1/(1 + e^−x)", nil},
	{"sg", "what is in brackets is held fixed: no gradient goes through it", []string{"sg("}},
	{"clip(x, a, b)", "x, but at least a and at most b", []string{"clip("}},
	{"1[…]", "1 where the condition is true, and 0 elsewhere", []string{"1[", " is last]",
		" is among the", " is in the highest"}},
	{"C(n, k)", "in how many ways k of n can be chosen", []string{"C(G"}},
	{"G", "number of answers to a prompt", []string{"of G"}},
	{"J_grpo", "what grpo maximises", nil},
	{"J_sft", "what sft maximises", nil},
}

// greek has the Greek letters that stand for knobs.
var greek = []struct{ letter, knob string }{
	{"α", "alpha"},
	{"β", "beta"}, {"γ", "gamma"}, {"ε", "epsilon"}, {"λ", "lambda"}, {"μ", "mu"}, {"τ", "tau"},
}

// symbols explains the signs in a method's formula. What the formula itself defines is left out.
func symbols(m method.Method) (all []Item) {
	for _, s := range notation {
		if s.in(m.Formula) && !strings.Contains(m.Formula, " "+s.sign+" = ") {
			all = append(all, Item{s.sign, s.meaning})
		}
	}
	for _, g := range greek {
		if i := slices.IndexFunc(m.Knobs, func(k param.Knob) bool { return k.Name == g.knob }); i >=
			0 && strings.Contains(m.Formula, g.letter) {
			all = append(all, Item{g.letter, fmt.Sprintf("the knob %s: %s", g.knob,
				m.Knobs[i].Label())})
		}
	}
	return all
}

// in reports whether a formula has the symbol.
func (s symbol) in(formula string) bool {
	if s.found == nil {
		return hasSign(formula, s.sign)
	}
	return slices.ContainsFunc(s.found, func(text string) bool {
		return strings.Contains(formula, text)
	})
}

// hasSign reports whether a formula has a sign that is no part of a longer one, as π is of π_old.
func hasSign(formula, sign string) bool {
	for from := 0; ; {
		i := strings.Index(formula[from:], sign)
		if i < 0 {
			return false
		}
		from += i + len(sign)
		next, _ := firstRune(formula[from:])
		if next != '_' && next != '\'' && !unicode.IsLetter(next) {
			return true
		}
	}
}

// definitions splits a formula into what is maximised and the definitions behind it, such as
// "ρ = π/π_old".
func definitions(formula string) (parts []string) {
	depth, from := 0, 0
	for i, r := range formula {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',', ';', ':':
			if depth == 0 && defines(formula[i+1:]) {
				parts = append(parts, strings.TrimSpace(formula[from:i]))
				from = i + 1
			}
		}
	}
	return append(parts, strings.TrimSpace(formula[from:]))
}

// longSign is more than the bytes of any sign that a formula defines.
const longSign = 12

// defines reports whether a text begins with a sign and "=".
func defines(text string) bool {
	sign, _, ok := strings.Cut(text, " = ")
	sign = strings.TrimSpace(sign)
	return ok && sign != "" && len(sign) < longSign && !strings.Contains(sign, " ")
}
