package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/safetensors"
	"github.com/posttrain/posttrain/core/task"
	"github.com/posttrain/posttrain/core/train"
)

type exportCommand struct {
	source
	Dir    string `arg:"" type:"path" help:"A new or empty folder."`
	Format string `enum:"hf" default:"hf" help:"hf: what transformers and TRL read: a Llama in safetensors, with its tokenizer."`
}

// Help is the long help.
func (*exportCommand) Help() string {
	return `Examples:

  posttrain export cards hf/cards
  posttrain export out/lane-1.msgp --format hf hf/sft

In Python, AutoModelForCausalLM.from_pretrained and AutoTokenizer.from_pretrained open the folder.
The entry posttrain of its config.json says where the model is from: the link, the lane and the step
of a checkpoint, or what a link has after base= for a base; and the digest of the weights.`
}

func (c *exportCommand) Run(env *environment) error {
	if err := checkNewFolder(c.Dir); err != nil {
		return usage(err)
	}
	m, t, err := c.readFor(env, "")
	if err != nil {
		return err
	}
	folderModel := hf.Model{Task: t.Name, Sizes: recipe.SizesOf(t), Link: m.Link, Step: m.Step,
		Engine: m.Engine, Vocabulary: hf.VocabularyOf(t), Params: m.Params,
		MaxResponse: t.MaxResponse}
	if folderModel.Lane, folderModel.Base, err = c.origin(env, m); err != nil {
		return err
	}
	files, err := hf.Encode(folderModel)
	if err != nil {
		return err
	}
	var folder []newFile
	for _, f := range files {
		folder = append(folder, newFile{f.Name, f.Write})
	}
	if err := writeFolder(env, c.Dir, folder); err != nil {
		return err
	}
	fmt.Fprintln(env.out, m.Params.Digest())
	return nil
}

// origin returns the label of the lane that the model is a checkpoint of, or for a base what a link
// has after base=.
func (c *exportCommand) origin(env *environment, m *checkpoint.Model) (lane, base string,
	err error) {
	if m.Link == "" {
		b, err := env.catalogue.Base(c.Checkpoint)
		if err != nil {
			return "", recipe.FileBase(m.Params), nil
		}
		shipped, err := env.catalogue.LoadBase(b.Name)
		if err == nil && shipped.Digest() == m.Params.Digest() { // and not a file of that name
			return "", b.Name, nil
		}
		return "", recipe.FileBase(m.Params), err
	}
	r, err := env.catalogue.Parse(m.Link)
	if err != nil {
		return "", "", fmt.Errorf("the checkpoint's recipe %s: %w", m.Link, err)
	}
	if labels := r.Labels(); m.Lane < len(labels) {
		return labels[m.Lane], "", nil
	}
	return "", "", fmt.Errorf("%s is of lane %d, which its recipe %s does not have", c.Checkpoint,
		m.Lane+1, m.Link)
}

type importCommand struct {
	Dir  string `arg:"" type:"path" help:"A folder with config.json and model.safetensors, as export writes it and transformers saves it again."`
	Out  string `required:"" type:"file" placeholder:"FILE" help:"Write the model here, in a new file or in the place of another base."`
	Task string `placeholder:"NAME" help:"Task of a model whose config.json does not name one."`
}

func (c *importCommand) Run(env *environment) error {
	if err := writable(c.Out); err != nil {
		return usage(err)
	}
	if err := importable(c.Dir); err != nil {
		return err
	}
	m, err := hf.Decode(func(name string, most int64) ([]byte, error) {
		return checkpoint.ReadFile(env, filepath.Join(c.Dir, name), most)
	})
	if interrupted := env.interrupted("nothing was written"); interrupted != nil {
		return interrupted
	}
	if errors.Is(err, hf.ErrFormat) || errors.Is(err, safetensors.ErrFormat) {
		return fmt.Errorf("%s%c%w", filepath.Clean(c.Dir), filepath.Separator, err)
	} else if err != nil {
		return err // it names the file
	}
	t, err := c.task(env, m)
	if err != nil {
		return err
	}
	if m.Engine != 0 && m.Engine != train.Engine {
		fmt.Fprintf(env.err, "%s was computed by engine %d; this program is engine %d.\n", c.Dir,
			m.Engine, train.Engine)
	}
	file, err := checkpoint.EncodeModel(t.Name, m.Params, recipe.SizesOf(t)...)
	if err != nil {
		return err
	}
	// again, because it may have been written in the meantime
	if err := checkpoint.CheckReplaceable(c.Out); err != nil {
		return err
	}
	if err := checkpoint.WriteFile(c.Out, file); err != nil {
		return err
	}
	fmt.Fprintln(env.out, m.Params.Digest())
	return nil
}

// task returns the model's task at its sizes. It returns an error unless the task is known and has
// the model's tokens.
func (c *importCommand) task(env *environment, m *hf.Model) (t task.Task, err error) {
	config := filepath.Join(c.Dir, hf.ConfigFile)
	switch {
	case m.Task == "" && c.Task == "":
		return t, usage(fmt.Errorf("%s names no task: say with --task NAME whose tokens the model "+
			"has", config))
	case c.Task != "" && c.Task != m.Task: // the sizes and the link are of the other task
		if t, err = env.catalogue.Task(c.Task); err != nil {
			return t, usage(err)
		}
	default:
		of := &checkpoint.Model{Task: m.Task, Sizes: m.Sizes, Link: m.Link}
		if t, err = env.catalogue.TaskOf(of); err != nil {
			return t, fmt.Errorf("%s: %w", config, err)
		}
	}
	if have := m.Params.Config.Vocab; have != t.Vocab() {
		return t, fmt.Errorf("%s: vocab_size is %d: task %s has %d tokens", config, have, t.Name,
			t.Vocab())
	}
	ours := hf.VocabularyOf(t)
	for i, symbol := range m.Vocabulary.Symbols {
		if symbol != ours.Symbols[i] {
			return t, fmt.Errorf("%s: token %d is %q, and task %s has %q there: want a model of "+
				"this task", filepath.Join(c.Dir, hf.TokenizerFile), i+1, symbol, t.Name,
				ours.Symbols[i])
		}
	}
	return t, nil
}
