package hf_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/safetensors"
	"github.com/posttrain/posttrain/core/task"
)

// folder is a folder in memory.
type folder map[string][]byte

func (f folder) read(name string, most int64) ([]byte, error) {
	data, ok := f[name]
	switch {
	case !ok:
		return nil, fs.ErrNotExist
	case int64(len(data)) > most:
		return nil, errors.New(name + " is too large")
	}
	return data, nil
}

// small returns a small model and its folder.
func small(t testing.TB) (*model.Params, folder) {
	params := model.NewParams(model.Config{
		Vocab: task.Cards.Vocab(), Dim: 8, Layers: 2, Heads: 2, Hidden: 12, Context: 12,
	})
	params.Init(1)
	files, err := hf.Encode(hf.Model{Task: "cards", Link: "cards?lane=sft", Engine: 2,
		Vocabulary: hf.VocabularyOf(task.Cards), Params: params})
	if err != nil {
		t.Fatal(err)
	}
	return params, inMemory(files)
}

// inMemory returns files as a folder.
func inMemory(files []hf.File) folder {
	f := folder{}
	for _, file := range files {
		f[file.Name] = content(file)
	}
	return f
}

// content returns the content of a file.
func content(file hf.File) []byte {
	var data bytes.Buffer
	if err := file.Write(&data); err != nil {
		panic(err) // a buffer takes everything
	}
	return data.Bytes()
}

// with returns the folder with a field of config.json set to a JSON value, or taken out by "".
func (f folder) with(t *testing.T, field, value string) folder {
	t.Helper()
	changed, config := maps.Clone(f), map[string]json.RawMessage{}
	if err := json.Unmarshal(f[hf.ConfigFile], &config); err != nil {
		t.Fatal(err)
	}
	config[field] = json.RawMessage(value)
	if value == "" {
		delete(config, field)
	}
	data, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	changed[hf.ConfigFile] = data
	return changed
}

// A folder that transformers has saved again says the same in other words.
func TestFoldersThatOthersHaveSaved(t *testing.T) {
	params, f := small(t)
	tied := params.Clone()
	for c := range tied.Config.Dim {
		for v := range tied.Config.Vocab {
			tied.Head[c*tied.Config.Vocab+v] = tied.Embed[v*tied.Config.Dim+c]
		}
	}
	bare := f.with(t, "tie_word_embeddings", "true")
	bare[hf.WeightsFile] = withoutTensor(t, f[hf.WeightsFile], "lm_head.weight")
	v5 := f.with(t, "rope_theta", "").with(t, "rope_parameters",
		`{"rope_type":"default","rope_theta":10000}`)
	plain := f.with(t, "posttrain", "").with(t, "head_dim", "").with(t, "num_key_value_heads", "")
	delete(plain, hf.TokenizerFile)
	for name, c := range map[string]struct {
		folder folder
		want   *model.Params
		task   string
	}{
		"as written": {f, params, "cards"}, "tied": {bare, tied, "cards"},
		"v5": {v5, params, "cards"}, "without ours": {plain, params, ""},
	} {
		m, err := hf.Decode(c.folder.read)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if m.Params.Digest() != c.want.Digest() || m.Task != c.task {
			t.Errorf("%s: task %q, digest %s, want %q and %s", name, m.Task, m.Params.Digest(),
				c.task, c.want.Digest())
		}
	}
	if m, err := hf.Decode(f.read); err != nil || m.Link != "cards?lane=sft" || m.Engine != 2 {
		t.Errorf("the origin is %+v, %v", m, err)
	}
}

// withoutTensor returns the weights' file without a tensor.
func withoutTensor(t *testing.T, file []byte, name string) []byte {
	t.Helper()
	tensors, err := safetensors.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	var rest []safetensors.Values
	for _, tensor := range tensors {
		v := safetensors.Values{Name: tensor.Name, Shape: tensor.Shape,
			Data: make([]float32, tensor.Len())}
		if err := tensor.Read(v.Data); err != nil {
			t.Fatal(err)
		}
		if v.Name != name {
			rest = append(rest, v)
		}
	}
	return safetensors.Encode(rest)
}

// What cannot be read is refused in a sentence that names file and field.
func TestOtherFoldersAreRefused(t *testing.T) {
	_, f := small(t)
	text := func(name, content string) folder {
		changed := maps.Clone(f)
		changed[name] = []byte(content)
		return changed
	}
	for _, c := range []struct {
		folder folder
		want   string
	}{
		{text(hf.ConfigFile, "["),
			"config.json: not a model that this program can use: it is not JSON"},
		{f.with(t, "vocab_size", `"x"`), "config.json: not a model that this program can use: " +
			"vocab_size is a string: want a whole number"},
		{f.with(t, "model_type", `"gpt2"`), "model_type is gpt2: want llama"},
		{f.with(t, "num_key_value_heads", "1"), "num_key_value_heads is 1: want 2"},
		{f.with(t, "head_dim", "6"), "head_dim is 6: want 4"},
		{f.with(t, "hidden_act", `"gelu"`), "hidden_act is gelu: want silu"},
		{f.with(t, "rms_norm_eps", "1e-6"), "rms_norm_eps is 1e-06: want 1e-05"},
		{f.with(t, "rope_theta", "500000"), "rope_theta is 500000: want 10000"},
		{f.with(t, "rope_theta", ""), "rope_theta is 0: want 10000"},
		{f.with(t, "rope_scaling", `{"type":"linear"}`),
			`rope_scaling is {"type":"linear"}: want null`},
		{f.with(t, "attention_bias", "true"), "attention_bias is true: want false"},
		{f.with(t, "mlp_bias", "true"), "mlp_bias is true: want false"},
		{f.with(t, "num_attention_heads", "0").with(t, "num_key_value_heads", "0").with(t,
			"head_dim", "0"), "not a model that this program can use: model heads is 0"},
		{f.with(t, "num_hidden_layers", "120"), "model.safetensors: not a model that this " +
			"program can use: it has 1416 numbers, and a model of the shape in config.json has"},
		{f.with(t, "num_hidden_layers", "1"),
			`tensor "model.layers.1.input_layernorm.weight" is no part of the model`},
		{f.with(t, "intermediate_size", "11"), `tensor "model.layers.0.mlp.gate_proj.weight" has ` +
			"shape [12 8]: config.json wants [11 8]"},
		{text(hf.WeightsFile, "short"), "model.safetensors: not a usable safetensors file"},
		{text(hf.TokenizerFile, "{}"), `tokenizer.json: not a model that this program can use: ` +
			`model.type is "": want "WordLevel"`},
		{text(hf.TokenizerFile, `{"model":{"type":"WordLevel","vocab":{"<end>":0,"a":2}}}`),
			`model.vocab has "a" as token 2: want each number from 0 to 1 once`},
		{text(hf.TokenizerFile, `{"model":{"type":"WordLevel","vocab":{"<end>":0,"a":1}}}`),
			"model.vocab has 2 symbols: want the 18 of vocab_size, <end> as the first"},
	} {
		_, err := hf.Decode(c.folder.read)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want an error with %q", err, c.want)
		}
	}
}

func TestAVocabularyMustFit(t *testing.T) {
	params, _ := small(t)
	for symbols, want := range map[string]string{
		"a":                 "the vocabulary has 1 symbols and End, the model 18 tokens",
		"abcdefghijklmnopa": `the vocabulary has the symbol "a" twice`,
	} {
		_, err := hf.Encode(hf.Model{Task: "cards", Params: params,
			Vocabulary: hf.Vocabulary{Symbols: strings.Split(symbols, "")}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whatever the two files hold, Decode returns an error or a model.
func FuzzDecode(f *testing.F) {
	_, seed := small(f)
	f.Add(seed[hf.ConfigFile], seed[hf.TokenizerFile], seed[hf.WeightsFile])
	f.Fuzz(func(t *testing.T, config, tokenizer, weights []byte) {
		m, err := hf.Decode(folder{hf.ConfigFile: config, hf.TokenizerFile: tokenizer,
			hf.WeightsFile: weights}.read)
		if err == nil && m.Params.Config.Validate() != nil {
			t.Errorf("a model of shape %+v", m.Params.Config)
		}
	})
}
