//go:build verify

package lesson_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
)

// said is what lessons say of their runs: of the first one, and of the one after the change that
// they ask for. Each fact is LANE METRIC < VALUE or LANE METRIC < LANE METRIC, or has a >.
var said = []struct {
	lesson  string
	changes []string // the lanes after the change, or a setting of the link; nil for the first run
	facts   string
}{
	{"memorise", nil, `sft id/accuracy > 0.9; grpo id/accuracy > 0.9; sft ood/accuracy < 0.2;
		grpo ood/accuracy > 0.9; sft prior/accuracy < 0.1; grpo prior/accuracy > 0.7;
		sft id/kl_base_policy_nats > 20; grpo id/kl_base_policy_nats < 5`},
	{"memorise", []string{"sft,lr=0.003,steps=300", "grpo,lr=0.0004,beta=0,steps=150"},
		`sft ood/accuracy > 0.4; sft ood/accuracy < 0.8`},
	{"memorise", []string{"sft,lr=0.001,steps=300", "grpo,lr=0.0004,beta=0,steps=150"},
		`sft ood/accuracy > 0.95; sft prior/accuracy < grpo prior/accuracy`},
	{"razor", nil, `grpo prior/accuracy > rft prior/accuracy; grpo prior/accuracy > 0.75;
		rft id/kl_base_policy_nats < grpo id/kl_base_policy_nats; sft prior/accuracy < 0.1;
		sft id/kl_base_policy_nats > 20; sft-2 id/kl_base_policy_nats < 5; grpo id/accuracy > 0.9`},
	{"razor", []string{"sft,lr=0.003,style=y,steps=150", "sft,lr=0.001,steps=150",
		"rft,lr=0.0005,steps=150", "grpo,lr=0.002,beta=0,steps=100"},
		`grpo prior/accuracy < 0.45; grpo id/accuracy > 0.95; grpo id/kl_base_policy_nats > 3;
		grpo id/kl_base_policy_nats < 4`},
	{"whose_words", nil, `sft more/accuracy > 0.8; sft-2 more/accuracy < 0.7;
		rft more/accuracy > 0.8; grpo more/accuracy > 0.8; sft-2 id/accuracy > 0.9;
		sft-2 noop/accuracy < 0.75; sft noop/accuracy > 0.85;
		sft-2 id/kl_base_policy_nats > 10; grpo id/kl_base_policy_nats < 1`},
	{"whose_words", []string{"sft,lr=0.0003,schedule=cosine,steps=40",
		"sft,lr=0.0005,schedule=cosine,steps=80", "rft,lr=0.0005,schedule=cosine,steps=40",
		"grpo,lr=0.0004,batch=64,group=4,beta=0,schedule=cosine,steps=30"},
		`sft-2 more/accuracy > 0.8; sft-2 id/kl_base_policy_nats < 3`},
	{"passk", nil, `grpo ood/pass_at_1 > 0.5; rft ood/pass_at_1 > 0.5; sft ood/pass_at_64 < 0.85;
		grpo ood/pass_at_64 < base ood/pass_at_64; base ood/pass_at_1 < 0.3;
		grpo five/pass_at_64 > base five/pass_at_64; grpo id/pass_at_1 > 0.95`},
	{"passk", []string{"grpo,beta=0,steps=240", "rft,steps=100", "sft,steps=100"},
		`grpo ood/pass_at_64 < 0.9; grpo id/pass_at_1 > 0.9`},
	{"compose", nil, `sft id/accuracy > 0.95; sft ood/accuracy < 0.5; rft ood/accuracy > 0.65;
		grpo ood/accuracy > 0.6; rft ood/accuracy > grpo ood/accuracy`},
	{"compose", []string{"seed=2"}, `sft ood/accuracy < 0.2; grpo ood/accuracy > 0.75;
		rft ood/accuracy > 0.75`},
	{"coldstart", nil, `grpo id/accuracy < 0.01; sft~grpo id/accuracy < 0.05;
		sft~grpo-2 id/accuracy > 0.9; superrl id/accuracy > 0.9;
		grpo id/kl_base_policy_nats < 0.1`},
	{"coldstart", []string{"grpo,lr=0.001,beta=0,steps=200",
		"sft,lr=0.002,steps=30~grpo,lr=0.001,beta=0,steps=180",
		"sft,lr=0.002,steps=40~grpo,lr=0.001,beta=0,steps=160", "superrl,lr=0.001,steps=200"},
		`sft~grpo id/accuracy > 0.05; sft~grpo id/accuracy < 0.4`},
	{"hybrids", nil, `grpo ood/accuracy > 0.6; sft~grpo ood/accuracy > chord_mu ood/accuracy;
		luffy ood/accuracy > 0.6; grpo ood/accuracy < chord_mu ood/accuracy;
		sft~grpo prior/accuracy < grpo prior/accuracy`},
	{"hybrids", []string{"seed=3"}, `grpo ood/accuracy < 0.2; luffy ood/accuracy < 0.2;
		sft~grpo ood/accuracy > 0.8; chord_mu ood/accuracy > 0.8`},
	{"parity", nil, `sft id/accuracy < 0.6; sft-2 id/accuracy > 0.9; grpo id/accuracy > 0.9;
		grpo id/response_tokens > 16; sft id/response_tokens < 3; grpo ood/accuracy < 0.6;
		grpo ood/accuracy > 0.4`},
	{"parity", []string{"sft,style=short,steps=100", "sft,steps=100", "grpo,beta=0.1,steps=120"},
		`grpo id/response_tokens > 12; grpo id/accuracy > 0.85; grpo id/kl_base_policy_nats < 6`},
	{"entropy", nil, `grpo id/entropy_nats < clip_cov id/entropy_nats; grpo id/reward > 0.85;
		grpo id/entropy_nats < 1; clip_cov id/reward > 0.85; dapo id/reward > 0.85;
		grpo-2 id/reward > 0.85; clip_cov id/entropy_nats < 1.2;
		grpo id/reward > clip_cov id/reward;
		grpo id/reward > dapo id/reward; grpo id/reward > grpo-2 id/reward`},
	{"entropy", []string{"grpo,beta=0,epochs=2,steps=120", "dapo,epochs=2,steps=120",
		"clip_cov,epochs=2,steps=120", "grpo,beta=0,epochs=2,entropy=0.1,steps=120"},
		`grpo-2 id/entropy_nats > 1.1; grpo-2 id/reward < 0.85`},
	{"hacking", nil, `rlhf id/reward < base id/reward; rlhf-2 id/reward > 0.65;
		dpo id/reward > 0.7; rlhf id/kl_base_policy_nats > 20; rlhf-2 id/kl_base_policy_nats < 3;
		base id/reward > 0.55; base id/reward < 0.57`},
	{"hacking", []string{"rlhf,beta=0,pairs=4000,steps=100", "rlhf,beta=0.3,steps=100",
		"dpo,group=4,steps=100"}, `rlhf id/reward < 0.5; rlhf id/reward > 0.25`},
	{"annotator", nil, `dpo id/reward > dpo-3 id/reward; dpo-2 id/reward > dpo-3 id/reward;
		dpo-3 id/response_tokens > 14.5; dpo id/response_tokens < 14.5;
		dpo-3 id/reward > base id/reward`},
	{"annotator", []string{"dpo,steps=100", "dpo,flip=0.2,steps=100",
		"dpo,length_bias=-0.3,steps=100"}, `dpo-3 id/response_tokens < 5; dpo-3 id/reward < 0.2`},
	{"refusal", nil, `sft harmless/accuracy < 0.1; grpo harmless/accuracy > 0.4;
		sft members/accuracy > 0.9; grpo members/accuracy > 0.9; sft harmless/abstention > 0.85`},
	{"refusal", []string{"sft,lr=0.0002,steps=50", "grpo,beta=0,steps=100", "dpo,steps=100"},
		`sft harmless/accuracy > 0.4; sft harmless/accuracy < 0.6; sft members/accuracy > 0.9;
		sft id/accuracy < grpo id/accuracy`},
	{"cost", nil, `sft id/accuracy > 0.9; grpo id/accuracy > 0.9; opd id/accuracy > 0.9;
		sft~grpo id/accuracy > 0.9`},
	{"cost", []string{"sft,lr=0.001,demos=16,steps=25", "grpo,lr=0.001,beta=0,steps=40",
		"opd,lr=0.001,steps=50", "sft,lr=0.001,demos=32,steps=10~grpo,lr=0.001,beta=0,steps=30"},
		`sft id/accuracy < 0.7; sft~grpo id/accuracy > 0.9`},
	{"sparsity", nil, `sft-2 weights/unchanged_bf16_share > grpo weights/unchanged_bf16_share;
		grpo weights/unchanged_bf16_share > sft weights/unchanged_bf16_share;
		grpo-2 weights/unchanged_bf16_share < 0.025; sft weights/unchanged_bf16_share < 0.025;
		grpo weights/unchanged_bf16_share < 0.1`},
	{"sparsity", []string{"sft,lr=0.0001,steps=150", "grpo,lr=0.000003,beta=0,steps=150",
		"sft,lr=0.00001,steps=150", "grpo,lr=0.001,beta=0,steps=150"},
		`grpo weights/unchanged_bf16_share > 0.4; grpo weights/unchanged_bf16_share < 0.6;
		grpo weights/unchanged_share < 0.1; grpo id/accuracy < 0.6`},
	{"densities", nil, `reinforce prior/overlap > sft prior/overlap;
		sft-2 prior/overlap > 0.2; reinforce-2 prior/overlap < 0.01; sft id/overlap > 0.9;
		reinforce id/overlap > 0.9`},
	{"densities", []string{"sft,slow=1", "reinforce,slow=1", "sft,modes=one,lr=0.05,steps=500",
		"reinforce,modes=one,lr=0.005,steps=500"},
		`sft prior/overlap > 0.2; sft prior/overlap < 0.3; reinforce prior/overlap < 0.01`},
}

// What lessons say of their runs is so with the first seed, before and after the change that they
// ask for.
func TestVerifyWhatLessonsSay(t *testing.T) {
	for _, s := range said {
		t.Run(s.lesson, func(t *testing.T) {
			link, lanes := s.lesson, s.changes
			if len(lanes) == 1 {
				link, lanes = link+"?"+lanes[0], nil
			}
			r, err := recipe.Standard().Parse(link, lanes...)
			if err != nil {
				t.Fatal(err)
			}
			result, err := study.Run(t.Context(), r, study.Options{Threads: runtime.GOMAXPROCS(0)})
			if err != nil {
				t.Fatal(err)
			}
			for _, fact := range strings.Split(s.facts, ";") {
				words := strings.Fields(fact)
				left, err := valueOf(result, words[:2])
				if err != nil {
					t.Fatal(err)
				}
				right, err := valueOf(result, words[3:])
				if err != nil {
					t.Fatal(err)
				}
				if (words[2] == "<") != (left < right) {
					t.Errorf("%s: %s is not so: %v and %v", r.Link(), strings.Join(words, " "),
						left, right)
				}
			}
		})
	}
}

// valueOf returns a number, or the value of LANE METRIC in a result.
func valueOf(result *study.Result, words []string) (v float64, err error) {
	if len(words) == 1 {
		_, err = fmt.Sscan(words[0], &v)
		return v, err
	}
	metrics := result.Base
	for _, lane := range result.Lanes {
		if lane.Label == words[0] {
			metrics = lane.Metrics
		}
	}
	for _, name := range []string{"eval/" + words[1], words[1]} {
		if v, ok := metrics[name]; ok {
			return v, nil
		}
	}
	return 0, fmt.Errorf("there is no %s", strings.Join(words, " "))
}
