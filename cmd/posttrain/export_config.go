package main

import (
	"cmp"
	"fmt"
	"io"

	"github.com/posttrain/posttrain/core/trl"
)

type configCommand struct {
	Link   string   `arg:"" help:"An exhibit, or a link."`
	Lane   []string `sep:"none" placeholder:"METHOD,KNOB=VALUE,..." help:"A lane instead of the recipe's; repeat for more. Stages are joined by ~."`
	Format string   `enum:"trl" default:"trl" help:"trl: settings of Hugging Face's TRL, as SFTConfig, DPOConfig or GRPOConfig."`
	Out    string   `type:"path" placeholder:"DIR" help:"Write a file for each stage into this new or empty folder, such as lane-1-stage-1.yaml, instead of printing them."`
}

// Help is the long help.
func (*configCommand) Help() string {
	return `Examples:

  posttrain export-config memorise
  posttrain export-config 'cards?lane=sft,steps=100~grpo,steps=100' --out trl
  trl sft --config trl/lane-1-stage-1.yaml`
}

func (c *configCommand) Run(env *environment) error {
	if c.Out != "" {
		if err := checkNewFolder(c.Out); err != nil {
			return usage(fmt.Errorf("--out: %w", err))
		}
	}
	r, err := env.catalogue.Parse(c.Link, c.Lane...)
	if err != nil {
		return usage(cmp.Or(notALink(c.Link), err))
	}
	configs, err := trl.Configs(r)
	if err != nil {
		return usage(err)
	}
	if c.Out == "" {
		for i, config := range configs {
			if i > 0 {
				fmt.Fprintln(env.out, "---")
			}
			fmt.Fprint(env.out, config.YAML)
		}
		return nil
	}
	var files []newFile
	for _, config := range configs {
		files = append(files, newFile{config.Name() + ".yaml", func(w io.Writer) error {
			_, err := io.WriteString(w, config.YAML)
			return err
		}})
	}
	return writeFolder(env, c.Out, files)
}
