package trl_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/trl"
)

// A lane of imitation on demonstrations in another style, as TRL's SFTConfig.
func ExampleConfigs() {
	r, err := recipe.Standard().Parse("cards?lane=sft,steps=100,style=y,wrong=0.1")
	if err != nil {
		fmt.Println(err)
		return
	}
	configs, err := trl.Configs(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(configs[0].YAML)
	// Output:
	// # Lane 1 of 1, stage 1 of 1: sft (Supervised fine-tuning).
	// # cards?v=2&seed=1&lane=sft,steps=100,wrong=0.1,style=y
	// # SFTConfig of TRL 1.10, for: trl sft --config FILE, on one device. Learning rates are for a
	// # small model: a large one needs lower ones.
	// output_dir: lane-1-stage-1
	// # model_name_or_path: the model to start from. Here it is the base cards, which this writes
	// # as a folder: posttrain export cards DIR.
	// # The rows, in columns that TRL reads: posttrain data cards --set style=y
	// # eval_every=20: eval_strategy: steps, and eval_steps, once there is a set to measure on.
	// seed: 1 # seed
	// loss_type: nll
	// completion_only_loss: true # prompts are not learned here
	// max_steps: 100 # steps
	// learning_rate: 0.001 # lr
	// lr_scheduler_type: constant # schedule
	// warmup_steps: 0 # warmup
	// weight_decay: 0.0 # decay
	// optim: adamw_torch # optimiser
	// adam_beta1: 0.9 # beta1
	// adam_beta2: 0.99 # beta2
	// adam_epsilon: 0.00000001 # eps
	// max_grad_norm: 1.0 # clip
	// per_device_train_batch_size: 64 # batch
	// # wrong=0.1 has no counterpart. Share of the demonstrations that are wrong: some of their
	// # symbols are replaced, so that the verifier would reject them.
	// # Without counterpart, and at their defaults: anchor, ewc, blend, demos, select, prior.
}
