package trl

import (
	"fmt"
	"strconv"

	"github.com/posttrain/posttrain/core/optim"
)

// setting is a setting of TRL that no knob decides.
type setting struct {
	key, value string
	class      Class  // that has it; "" means all
	note       string // shown behind it
}

// always are the settings of every stage.
var always = []setting{
	{key: "completion_only_loss", value: "true", class: SFT,
		note: "prompts are not learned here"},
}

// equivalent describes a method in TRL.
type equivalent struct {
	method   string
	settings []setting
	same     bool   // TRL's objective is the same, up to a factor
	note     string // a comment for the reader; "" means none
}

// equivalents are the methods that TRL has, in one of the three classes or in another. Other
// methods get the settings of the nearest class.
var equivalents = []equivalent{
	{method: "sft", same: true, settings: loss("nll")},
	{method: "dft", same: true, settings: loss("dft")},
	{method: "dpo", same: true, settings: loss("[sigmoid]")},
	{method: "cdpo", same: true, settings: loss("[sigmoid]")},
	{method: "rdpo", same: true, settings: loss("[robust]")},
	{method: "ipo", same: true, settings: loss("[ipo]")},
	{method: "apo", same: true},
	{method: "rpo", settings: loss("[sigmoid, sft]"), note: "TRL averages the imitation over the " +
		"tokens of the batch, not first over those of each answer."},
	{method: "sppo", same: true, settings: loss("[sppo_hard]")},
	{method: "grpo", same: true, settings: grouped("grpo", "group")},
	{method: "dr_grpo", same: true, settings: grouped("dr_grpo", "none"),
		note: "TRL divides this loss by max_completion_length, which only rescales it."},
	{method: "dapo", settings: grouped("dapo", "group"),
		note: "TRL keeps prompts whose answers are all right or all wrong, which teach nothing."},
	{method: "gspo", same: true, settings: append(grouped("grpo", "group"),
		setting{key: "importance_sampling_level", value: "sequence"})},
	{method: "luspo", same: true, settings: append(grouped("luspo", "group"),
		setting{key: "importance_sampling_level", value: "sequence"})},
	{method: "cispo", same: true, settings: grouped("cispo", "group")},
	{method: "sapo", same: true, settings: grouped("sapo", "group")},
	{method: "vespo", same: true, settings: grouped("vespo", "group")},
	{method: "gmpo", settings: grouped("grpo", "group"), note: "TRL has GMPOConfig for it, among " +
		"its experiments; this is the GRPOConfig that is nearest."},
	{method: "reinforce", same: true, settings: grouped("dr_grpo", "none"),
		note: "With one update a batch this is REINFORCE with the group's mean as baseline, up " +
			"to a factor."},
	{method: "rloo", same: true, settings: grouped("dr_grpo", "none"),
		note: "TRL has RLOOConfig for it; with these settings GRPO is the same up to a factor " +
			"that depends on the size of a group."},
	{method: "kto", note: "TRL has KTOConfig for it; this is the DPOConfig that is nearest."},
	{method: "bco", note: "TRL has BCOConfig for it, among its experiments; this is the " +
		"DPOConfig that is nearest."},
	{method: "spin", settings: loss("[sigmoid]"), note: "It is DPO on pairs of a demonstration, " +
		"the chosen answer, and an answer of the model itself, the rejected one."},
	{method: "simpo", note: "TRL has CPOConfig with loss_type simpo for it, among its " +
		"experiments; this is the DPOConfig that is nearest."},
	{method: "orpo", note: "TRL has ORPOConfig for it, among its experiments; this is the " +
		"DPOConfig that is nearest."},
	{method: "online_dpo", settings: loss("[sigmoid]"), note: "TRL has OnlineDPOConfig for it, " +
		"among its experiments; here the pairs are those of one time."},
	{method: "ppo", note: "TRL has PPOConfig for it, among its experiments; this is the " +
		"GRPOConfig that is nearest, which has no critic."},
	{method: "gkd", note: "TRL has GKDConfig for it, among its experiments; this has no teacher."},
}

func loss(name string) []setting { return []setting{{key: "loss_type", value: name}} }

func grouped(name, scale string) []setting {
	return append(loss(name), setting{key: "scale_rewards", value: scale})
}

// methodOf returns the equivalent of a method, which is empty if there is none.
func methodOf(name string) equivalent {
	for _, e := range equivalents {
		if e.method == name {
			return e
		}
	}
	return equivalent{}
}

// counterpart translates a knob into a setting of TRL.
type counterpart struct {
	knob  string
	class Class // that has it; "" means all
	but   Class // that lacks it; "" means none
	key   string

	// value returns the setting's value; nil means the knob's own.
	value func(stage) string

	// comment returns a comment to write instead of a setting, or "" for nothing. nil means that
	// there is a setting.
	comment func(stage) string

	// methods are those to which it applies; nil means all.
	methods []string
}

// of reports whether the counterpart applies to a stage.
func (c counterpart) of(s stage) bool {
	if c.class != "" && c.class != s.config.Class || c.but == s.config.Class {
		return false
	}
	for _, m := range c.methods {
		if m == s.Method.Name {
			return true
		}
	}
	return c.methods == nil
}

// write writes the setting or the comment.
func (c counterpart) write(y *document, s stage) {
	note := c.knob
	switch {
	case c.comment != nil:
		if text := c.comment(s); text != "" {
			y.comment("%s=%s: %s", c.knob, s.Values.Text(c.knob), text)
		}
		return
	case c.value == nil:
		y.key(c.key, s.number(c.knob), note)
	default:
		if value := c.value(s); value != "" {
			y.key(c.key, value, note)
		}
	}
}

// counterparts translate the knobs, in the order of the lines in the file. A knob may have several.
var counterparts = []counterpart{
	{knob: "steps", key: "max_steps"},
	{knob: "lr", key: "learning_rate"},
	{knob: "schedule", key: "lr_scheduler_type", value: schedule},
	{knob: "warmup", key: "warmup_steps"},
	{knob: "decay", key: "weight_decay"},
	{knob: "optimiser", key: "optim", value: optimiser},
	{knob: "optimiser", comment: func(s stage) string {
		switch s.Values.Choice("optimiser") {
		case optim.NameSGD:
			return "The sgd of TRL has no momentum, which multiplies steps by 1/(1-beta1) in the " +
				"long run."
		case optim.NameMuon:
			return "TRL has no Muon; this is AdamW, which needs a learning rate of its own."
		}
		return ""
	}},
	{knob: "beta1", key: "adam_beta1"},
	{knob: "beta2", key: "adam_beta2"},
	{knob: "eps", key: "adam_epsilon"},
	{knob: "clip", key: "max_grad_norm"},

	{knob: "batch", class: SFT, key: "per_device_train_batch_size"},
	{knob: "batch", class: DPO, key: "per_device_train_batch_size", value: pairsOfBatch},
	{knob: "batch", class: GRPO, key: "per_device_train_batch_size", value: answersOfBatch},

	{knob: "group", class: GRPO, key: "num_generations"},
	{knob: "group", class: DPO, comment: func(s stage) string {
		if s.againstDemos() {
			return "answers that are sampled for each prompt, each of which is in a pair"
		}
		return "answers that are sampled for each prompt and compared two by two: posttrain data " +
			"--group"
	}},
	{knob: "temp", class: GRPO, key: "temperature"},
	{knob: "temp", class: DPO, comment: func(stage) string {
		return "the temperature at which the pairs are sampled: posttrain data --temp"
	}},
	{knob: "tempered", class: GRPO, comment: func(s stage) string {
		if s.Values.Flag("tempered") || s.Values.Float("temp") == 1 {
			return ""
		}
		return "TRL always learns at the temperature of sampling."
	}},
	{knob: "tempered", class: DPO, comment: func(s stage) string {
		if !s.Values.Flag("tempered") || s.Values.Float("temp") == 1 {
			return ""
		}
		return "TRL learns at temperature 1."
	}},
	{knob: "epochs", class: GRPO, key: "num_iterations"},
	{knob: "eps_low", class: GRPO, key: "epsilon"},
	{knob: "eps_high", class: GRPO, key: "epsilon_high", value: upperBound},
	{knob: "dual_clip", class: GRPO, key: "delta", value: dualClip},
	{knob: "tau_pos", class: GRPO, key: "sapo_temperature_pos", methods: []string{"sapo"}},
	{knob: "tau_neg", class: GRPO, key: "sapo_temperature_neg", methods: []string{"sapo"}},
	{knob: "k_pos", class: GRPO, key: "vespo_k_pos", methods: []string{"vespo"}},
	{knob: "lambda_pos", class: GRPO, key: "vespo_lambda_pos", methods: []string{"vespo"}},
	{knob: "k_neg", class: GRPO, key: "vespo_k_neg", methods: []string{"vespo"}},
	{knob: "lambda_neg", class: GRPO, key: "vespo_lambda_neg", methods: []string{"vespo"}},
	{knob: "entropy", class: GRPO, key: "entropy_coef"},

	{knob: "beta", class: GRPO, key: "beta"},
	{knob: "beta", class: DPO, key: "beta"},
	{knob: "tau", class: DPO, key: "beta", methods: []string{"ipo"}},
	{knob: "epsilon", class: DPO, key: "label_smoothing", methods: []string{"cdpo", "rdpo"}},
	{knob: "form", class: DPO, key: "loss_type", value: func(s stage) string {
		return "[apo_" + s.Values.Choice("form") + "]"
	}, methods: []string{"apo"}},
	{knob: "alpha", class: DPO, key: "loss_weights", value: func(s stage) string {
		return "[1.0, " + decimal(s.Values.Float("alpha")) + "]"
	}, methods: []string{"rpo"}},
	{knob: "kl", class: GRPO, comment: func(s stage) string {
		if s.Values.Choice("kl") == "loss" || s.Values.Float("beta") == 0 {
			return ""
		}
		return "TRL always adds the estimate k3 to the loss, which is kl=loss."
	}},

	{knob: "refresh", but: SFT, key: "sync_ref_model", value: ifAbove0("refresh", "true")},
	{knob: "refresh", but: SFT, key: "ref_model_sync_steps", value: ifAbove0("refresh", "")},
	{knob: "refresh", but: SFT, key: "ref_model_mixup_alpha", value: ifAbove0("refresh", "1.0")},

	{knob: "correct", class: GRPO, key: "vllm_importance_sampling_mode", value: correctionMode},
	{knob: "correct_cap", class: GRPO, key: "vllm_importance_sampling_clip_max",
		value: correctionMost},
	{knob: "correct_cap", class: GRPO, key: "vllm_importance_sampling_clip_min",
		value: correctionLeast},
	{knob: "correct", class: GRPO, comment: correctionNote},
	{knob: "correct_level", class: GRPO, comment: func(stage) string { return "" }}, // the mode's
	{knob: "mask_stale", class: GRPO, key: "off_policy_mask_threshold", value: staleThreshold},

	// written above, as model_name_or_path
	{knob: "base", comment: func(stage) string { return "" }},

	{knob: "rank", key: "use_peft", value: ifAbove0("rank", "true")},
	{knob: "rank", key: "lora_r", value: ifAbove0("rank", "")},
	{knob: "rank", key: "lora_alpha", value: ifAbove0("rank", "32")},
	{knob: "rank", key: "lora_target_modules", value: ifAbove0("rank", "[all-linear]")},
}

// number returns a knob's setting as YAML reads it: a real number always with a point, because some
// readers take 3e-4 for a text.
func (s stage) number(knob string) string {
	text := s.Values.Text(knob)
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	for _, k := range s.Values.Knobs() {
		if k.Name == knob {
			if _, whole := k.Default.(int); whole {
				return text
			}
		}
	}
	return decimal(x)
}

// decimal returns a number with a point and without an exponent.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if _, err := strconv.Atoi(text); err == nil {
		text += ".0"
	}
	return text
}

// schedule returns the name of the learning rate's schedule, which TRL has two of for a constant
// rate.
func schedule(s stage) string {
	if name := s.Values.Choice("schedule"); name != "constant" || s.Values.Int("warmup") == 0 {
		return name
	}
	return "constant_with_warmup"
}

// optimiser returns the name of the optimiser in transformers.
func optimiser(s stage) string {
	switch name := s.Values.Choice("optimiser"); name {
	case optim.NameSGD:
		return name
	case optim.NameLion:
		return "lion_32bit"
	}
	return "adamw_torch"
}

// pairsOfBatch returns the pairs of an update.
func pairsOfBatch(s stage) string {
	if s.againstDemos() {
		return strconv.Itoa(s.Values.Int("batch") * s.Values.Int("group"))
	}
	return strconv.Itoa(max(1, s.Values.Int("batch")*s.Values.Int("group")/2))
}

// answersOfBatch returns the answers of an update, which TRL counts instead of prompts.
func answersOfBatch(s stage) string {
	group := 1
	if s.Values.Has("group") {
		group = s.Values.Int("group")
	}
	return strconv.Itoa(s.Values.Int("batch") * group)
}

// upperBound returns the upper bound of the ratio: for cispo the bound itself, for the others how
// far it is above 1.
func upperBound(s stage) string {
	above := s.Values.Float("eps_high")
	if s.Method.Name == "cispo" {
		return decimal(1 + above)
	}
	return decimal(above)
}

// dualClip returns the bound for bad answers, or the word that switches it off in TRL.
func dualClip(s stage) string {
	if bound := s.Values.Float("dual_clip"); bound > 0 {
		return decimal(bound)
	}
	return "null"
}

// ifAbove0 returns a value, "" for the knob's own, if the knob is above 0, and nothing otherwise.
func ifAbove0(knob, value string) func(stage) string {
	return func(s stage) string {
		if s.Values.Int(knob) == 0 {
			return ""
		}
		if value != "" {
			return value
		}
		return fmt.Sprint(s.Values.Int(knob))
	}
}
