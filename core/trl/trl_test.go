package trl_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/method"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/trl"
)

// The settings that are used, as the classes of TRL 1.10 declare them: those of transformers'
// TrainingArguments and of TRL's ModelConfig, which every class's command takes, and those of the
// class itself.
var (
	everywhere = strings.Fields(`output_dir model_name_or_path seed optim adam_beta1 adam_beta2 adam_epsilon max_steps learning_rate
		lr_scheduler_type warmup_steps weight_decay max_grad_norm per_device_train_batch_size
		use_peft lora_r lora_alpha lora_target_modules`)
	ofClass = map[trl.Class][]string{
		trl.SFT: {"loss_type", "completion_only_loss"},
		trl.DPO: {"loss_type", "loss_weights", "beta", "label_smoothing", "sync_ref_model",
			"ref_model_sync_steps", "ref_model_mixup_alpha"},
		trl.GRPO: {"loss_type", "scale_rewards", "importance_sampling_level", "num_generations",
			"temperature", "num_iterations", "epsilon", "epsilon_high", "delta", "entropy_coef",
			"vllm_importance_sampling_mode", "vllm_importance_sampling_clip_max",
			"vllm_importance_sampling_clip_min", "off_policy_mask_threshold",
			"beta", "sapo_temperature_pos", "sapo_temperature_neg", "vespo_k_pos",
			"vespo_lambda_pos", "vespo_k_neg", "vespo_lambda_neg",
			"sync_ref_model", "ref_model_sync_steps", "ref_model_mixup_alpha"},
	}
)

// settings returns the settings of a configuration. Each line of it is one or a comment.
func settings(t *testing.T, yaml string) map[string]string {
	t.Helper()
	line := regexp.MustCompile(`^([a-z_0-9]+): (\[?[a-zA-Z0-9_.-]+(?:, [a-z0-9_.]+)*\]?)( # .+)?$`)
	all := map[string]string{}
	for text := range strings.Lines(yaml) {
		text = strings.TrimSuffix(text, "\n")
		if strings.HasPrefix(text, "# ") {
			continue
		}
		m := line.FindStringSubmatch(text)
		if m == nil || all[m[1]] != "" {
			t.Fatalf("a line that is no setting, or one that is there already: %s", text)
		}
		all[m[1]] = m[2]
	}
	return all
}

// Every method is translated into names that TRL has, and each of its settings is there, as a
// setting of TRL or in a comment.
func TestEveryMethodIsTranslated(t *testing.T) {
	catalogue := recipe.Standard()
	for _, m := range method.All() {
		for _, on := range []string{"cards", "lock", "taste"} {
			r, err := catalogue.Parse(on + "?lane=" + m.Name)
			if err != nil {
				continue // it needs a teacher
			}
			for _, more := range []string{"", ",rank=4,warmup=2,anchor=1,refresh=3"} {
				if withMore, err := catalogue.Parse(on + "?lane=" + m.Name + more); err == nil {
					r = withMore
				}
				configs, err := trl.Configs(r)
				if err != nil || len(configs) != 1 {
					t.Fatalf("%s: %d configurations, %v", m.Name, len(configs), err)
				}
				c := configs[0]
				for name := range settings(t, c.YAML) {
					if !slices.Contains(everywhere, name) &&
						!slices.Contains(ofClass[c.Class], name) {
						t.Errorf("%s: %s has no %s", m.Name, c.Class, name)
					}
				}
				for _, k := range r.Lanes[0][0].Values.Knobs() {
					silent := []string{"base", "kl", "tempered", "rank", "refresh", "correct",
						"correct_level", "correct_cap", "mask_stale"} // as usual
					for _, style := range r.Task.Knobs {
						silent = append(silent, style.Name)
					}
					if !slices.Contains(silent, k.Name) && !strings.Contains(c.YAML, k.Name) {
						t.Errorf("%s on %s: %s is missing", m.Name, on, k.Name)
					}
				}
			}
		}
	}
}

// The values, where TRL counts or names otherwise.
func TestValues(t *testing.T) {
	for link, want := range map[string]map[string]string{
		"cards?seed=7&lane=sft,lr=1e-6,steps=3,schedule=cosine,warmup=2,decay=0.1,clip=0,batch=8": {
			"learning_rate": "0.000001", "max_steps": "3", "lr_scheduler_type": "cosine",
			"warmup_steps": "2", "weight_decay": "0.1", "max_grad_norm": "0.0", "seed": "7",
			"per_device_train_batch_size": "8", "loss_type": "nll", "use_peft": ""},
		"cards?lane=sft,warmup=5,rank=8": {"lr_scheduler_type": "constant_with_warmup",
			"use_peft": "true", "lora_r": "8", "lora_alpha": "32",
			"lora_target_modules": "[all-linear]"},
		"cards?lane=dft": {"loss_type": "dft", "optim": "adamw_torch", "adam_beta1": "0.9",
			"adam_beta2": "0.99", "adam_epsilon": "0.00000001"},
		"cards?lane=sft,optimiser=lion,beta2=0.98": {"optim": "lion_32bit", "adam_beta2": "0.98"},
		"cards?lane=sft,optimiser=muon":            {"optim": "adamw_torch"},
		"cards?lane=grpo,batch=4,group=6,beta=0,epochs=2,eps_low=0.1,eps_high=0.3,entropy=0.01": {
			"per_device_train_batch_size": "24", "num_generations": "6", "beta": "0.0",
			"num_iterations": "2", "epsilon": "0.1", "epsilon_high": "0.3", "entropy_coef": "0.01",
			"loss_type": "grpo", "scale_rewards": "group", "sync_ref_model": ""},
		"cards?lane=dr_grpo,temp=0.5": {"loss_type": "dr_grpo", "scale_rewards": "none",
			"temperature": "0.5"},
		"cards?lane=gspo":             {"importance_sampling_level": "sequence", "delta": "null"},
		"cards?lane=grpo,dual_clip=3": {"delta": "3.0"},
		"cards?lane=luspo": {"importance_sampling_level": "sequence",
			"loss_type": "luspo"},
		"cards?lane=sapo,tau_neg=2": {"loss_type": "sapo", "sapo_temperature_neg": "2.0"},
		"cards?lane=vespo": {"loss_type": "vespo", "vespo_k_pos": "2.0",
			"vespo_lambda_neg": "2.0"},
		"cards?lane=cispo,eps_high=4":      {"loss_type": "cispo", "epsilon_high": "5.0"},
		"cards?lane=grpo,beta=1,refresh=9": {"ref_model_sync_steps": "9", "sync_ref_model": "true"},
		"cards?lane=grpo,lag=2,correct=tis,mask_stale=0.5": {
			"vllm_importance_sampling_mode":     "token_truncate",
			"vllm_importance_sampling_clip_max": "2.0", "vllm_importance_sampling_clip_min": "",
			"off_policy_mask_threshold": "0.5"},
		"cards?lane=grpo,lag=2,correct=mis,correct_level=sequence,correct_cap=4": {
			"vllm_importance_sampling_mode":     "sequence_mask",
			"vllm_importance_sampling_clip_max": "4.0", "vllm_importance_sampling_clip_min": "0.25",
			"off_policy_mask_threshold": ""},
		"cards?lane=grpo,lag=2,correct=mis,correct_level=mean": {
			"vllm_importance_sampling_mode": "", "vllm_importance_sampling_clip_max": ""},
		"taste?lane=dpo,batch=4,group=6,beta=0.2": {"per_device_train_batch_size": "12",
			"beta": "0.2", "loss_type": "[sigmoid]"},
		"taste?lane=cdpo,epsilon=0.2": {"label_smoothing": "0.2"},
		"taste?lane=ipo,tau=0.3":      {"beta": "0.3", "loss_type": "[ipo]"},
		"taste?lane=rdpo,epsilon=0.2": {"label_smoothing": "0.2", "loss_type": "[robust]"},
		"taste?lane=apo,form=down":    {"beta": "0.1", "loss_type": "[apo_down]"},
		"taste?lane=rpo,alpha=0.5": {"loss_type": "[sigmoid, sft]",
			"loss_weights": "[1.0, 0.5]"},
		"taste?lane=spin,batch=6,group=2": {"per_device_train_batch_size": "12",
			"loss_type": "[sigmoid]"},
		"taste?lane=sppo": {"beta": "0.1", "loss_type": "[sppo_hard]"},
	} {
		r, err := recipe.Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		configs, err := trl.Configs(r)
		if err != nil {
			t.Fatal(err)
		}
		got := settings(t, configs[0].YAML)
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%s: %s is %q, want %q", link, name, got[name], value)
			}
		}
	}
}

// A stage goes on from where the one before it has written.
func TestStagesFollowEachOther(t *testing.T) {
	r, err := recipe.Standard().Parse("cards?lane=grpo&lane=sft~dpo~grpo,kl=exact")
	if err != nil {
		t.Fatal(err)
	}
	configs, err := trl.Configs(r)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, c := range configs {
		order = append(order, fmt.Sprint(c.Name(), " ", c.Class, " ",
			settings(t, c.YAML)["model_name_or_path"]))
	}
	want := []string{"lane-1-stage-1 GRPOConfig ", "lane-2-stage-1 SFTConfig ",
		"lane-2-stage-2 DPOConfig lane-2-stage-1", "lane-2-stage-3 GRPOConfig lane-2-stage-2"}
	if !slices.Equal(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
	if note := "# kl=exact: TRL always adds"; !strings.Contains(configs[3].YAML, note) {
		t.Errorf("%s does not say %q", configs[3].YAML, note)
	}
	densities, err := recipe.Standard().Parse("densities")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := trl.Configs(densities); err == nil {
		t.Error("two densities have a configuration")
	}
}

// The comments name the commands that write the recipe's own model and rows.
func TestModelsAndRowsOfTheRecipe(t *testing.T) {
	for link, wants := range map[string][]string{
		"cards?lane=sft": {"Here it is the base cards, which this writes as a folder: posttrain " +
			"export cards DIR.", "reads: posttrain data cards "},
		"cards?base=cards,dim=96,steps=60&seed=7&lane=sft,style=y": {
			"Here it is the base cards,dim=96,steps=60, which these write as a folder: posttrain " +
				"pretrain cards --set dim=96,steps=60 --out base.msgp, and posttrain export " +
				"base.msgp DIR.",
			"reads: posttrain data cards --seed 7 --set style=y "},
		"cards?hand=6&train_prompts=90&lane=grpo": {
			"the base cards with hand=6, which these write as a folder: posttrain pretrain cards " +
				"--set hand=6 --out base.msgp, and",
			"reads: posttrain data cards --set hand=6 --set train_prompts=90 "},
		"cards?base=cards,size=full&lane=dpo": {
			"posttrain pretrain cards --set size=full --out base.msgp, and",
			"reads: posttrain data cards --set hand=8 --set train_prompts=5000 --kind pairs " +
				"--base base.msgp. "},
		"cards?lane=dpo": {"posttrain data cards --kind pairs. "},
		"cards?lane=dpo,base=cards_expert": {
			"data cards --kind pairs --base cards_expert. "},
		"cards?base=file-0123456789abcdef&lane=dpo": {
			"data cards --kind pairs --base CHECKPOINT. "},
	} {
		r, err := recipe.Standard().Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		configs, err := trl.Configs(r)
		if err != nil {
			t.Fatal(err)
		}
		flat := strings.Join(strings.Fields(strings.ReplaceAll(configs[0].YAML, "\n# ", " ")), " ")
		for _, want := range wants {
			if !strings.Contains(flat, strings.TrimSpace(want)) {
				t.Errorf("%s: %q is not in\n%s", link, want, configs[0].YAML)
			}
		}
	}
}
