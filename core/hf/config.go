package hf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"

	"github.com/posttrain/posttrain/core/model"
)

// maxText is the largest size in bytes of a file other than the weights.
const maxText = 8 << 20

// config is config.json as it is written: what LlamaForCausalLM reads, and an entry of ours.
type config struct {
	Architectures         []string `json:"architectures"`
	ModelType             string   `json:"model_type"`
	VocabSize             int      `json:"vocab_size"`
	HiddenSize            int      `json:"hidden_size"`
	IntermediateSize      int      `json:"intermediate_size"`
	NumHiddenLayers       int      `json:"num_hidden_layers"`
	NumAttentionHeads     int      `json:"num_attention_heads"`
	NumKeyValueHeads      int      `json:"num_key_value_heads"`
	HeadDim               int      `json:"head_dim"`
	MaxPositionEmbeddings int      `json:"max_position_embeddings"`
	HiddenAct             string   `json:"hidden_act"`
	RMSNormEps            decimal  `json:"rms_norm_eps"`
	RopeTheta             decimal  `json:"rope_theta"`
	TieWordEmbeddings     bool     `json:"tie_word_embeddings"`
	AttentionBias         bool     `json:"attention_bias"`
	MLPBias               bool     `json:"mlp_bias"`
	AttentionDropout      decimal  `json:"attention_dropout"`
	TorchDType            string   `json:"torch_dtype"`
	BOSTokenID            *int     `json:"bos_token_id"`
	EOSTokenID            int      `json:"eos_token_id"`
	Posttrain             origin   `json:"posttrain"`
}

// origin is the entry of this program in config.json, which transformers keeps as it is.
type origin struct {
	Task   string   `json:"task"`
	Sizes  []string `json:"sizes,omitempty"`
	Engine int      `json:"engine,omitempty"`
	Link   string   `json:"link,omitempty"`
	Lane   string   `json:"lane,omitempty"`
	Step   int      `json:"step,omitempty"`
	Base   string   `json:"base,omitempty"`
	Digest string   `json:"digest,omitempty"` // of the weights when they were written
}

// decimal is a number that JSON shows with a point, because Python takes 1 for an int and some of
// what reads it wants a float.
type decimal float64

// MarshalJSON returns the number with a point or an exponent.
func (d decimal) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(d), 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return []byte(text), nil
}

const hiddenAct = "silu" // x·sigmoid(x), the gate of a SwiGLU

func (m Model) config() config {
	c := m.Params.Config
	return config{
		Architectures: []string{"LlamaForCausalLM"}, ModelType: "llama",
		VocabSize: c.Vocab, HiddenSize: c.Dim, IntermediateSize: c.Hidden,
		NumHiddenLayers: c.Layers, NumAttentionHeads: c.Heads, NumKeyValueHeads: c.Heads,
		HeadDim: c.HeadDim(), MaxPositionEmbeddings: c.Context,
		HiddenAct: hiddenAct, RMSNormEps: model.NormEps, RopeTheta: model.RotaryBase,
		TorchDType: "float32", EOSTokenID: 0,
		Posttrain: origin{m.Task, m.Sizes, m.Engine, m.Link, m.Lane, m.Step, m.Base,
			m.Params.Digest()},
	}
}

// foreign is config.json as it is read. A field that may be left out is nil then.
type foreign struct {
	ModelType      string          `json:"model_type"`
	Vocab          int             `json:"vocab_size"`
	Dim            int             `json:"hidden_size"`
	Hidden         int             `json:"intermediate_size"`
	Layers         int             `json:"num_hidden_layers"`
	Heads          int             `json:"num_attention_heads"`
	Context        int             `json:"max_position_embeddings"`
	KeyValueHeads  *int            `json:"num_key_value_heads"`
	HeadDim        *int            `json:"head_dim"`
	HiddenAct      string          `json:"hidden_act"`
	RMSNormEps     float64         `json:"rms_norm_eps"`
	RopeTheta      *float64        `json:"rope_theta"`
	RopeParameters *rope           `json:"rope_parameters"` // where newer versions keep theta
	RopeScaling    json.RawMessage `json:"rope_scaling"`
	Tied           bool            `json:"tie_word_embeddings"`
	AttentionBias  bool            `json:"attention_bias"`
	MLPBias        bool            `json:"mlp_bias"`
	Posttrain      origin          `json:"posttrain"`
}

type rope struct {
	Type  string   `json:"rope_type"`
	Theta *float64 `json:"rope_theta"`
}

// decodeConfig reads config.json. The weights of the model it returns have a shape and no numbers.
// tied reports whether the head is the embedding.
func decodeConfig(read func(string, int64) ([]byte, error)) (m *Model, tied bool, err error) {
	data, err := read(ConfigFile, maxText)
	if err != nil {
		return nil, false, err
	}
	var f foreign
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, false, bad(ConfigFile, "%s", plain(err))
	}
	if err := f.check(); err != nil {
		return nil, false, err
	}
	c := model.Config{Vocab: f.Vocab, Dim: f.Dim, Layers: f.Layers, Heads: f.Heads,
		Hidden: f.Hidden, Context: f.Context}
	if err := c.Validate(); err != nil {
		return nil, false, bad(ConfigFile, "%v", err)
	}
	return &Model{Task: f.Posttrain.Task, Sizes: f.Posttrain.Sizes, Link: f.Posttrain.Link,
		Lane: f.Posttrain.Lane, Step: f.Posttrain.Step, Base: f.Posttrain.Base,
		Engine: f.Posttrain.Engine, Params: &model.Params{Config: c}}, f.Tied, nil
}

// check returns an error about the first field that makes it another architecture.
func (f foreign) check() error {
	theta := f.RopeTheta
	if f.RopeParameters != nil && f.RopeParameters.Theta != nil {
		theta = f.RopeParameters.Theta
	}
	for _, field := range []struct {
		name       string
		have, want any
		which      string // what the wanted value is
	}{
		{"model_type", f.ModelType, "llama", ""},
		{"num_key_value_heads", or(f.KeyValueHeads, f.Heads), f.Heads,
			", which is num_attention_heads"},
		{"head_dim", or(f.HeadDim, f.headDim()), f.headDim(),
			", which is hidden_size / num_attention_heads"},
		{"hidden_act", f.HiddenAct, hiddenAct, ""},
		{"rms_norm_eps", float32(f.RMSNormEps), float32(model.NormEps), ""},
		{"rope_theta", or(theta, 0), float64(model.RotaryBase), ""},
		{"rope_scaling", f.scaling(), "null", ""},
		{"attention_bias", f.AttentionBias, false, ""},
		{"mlp_bias", f.MLPBias, false, ""},
	} {
		if field.have != field.want {
			return bad(ConfigFile, "%s is %v: want %v%s", field.name, field.have, field.want,
				field.which)
		}
	}
	return nil
}

// headDim returns the width of a head if heads share the channels equally, and 0 without heads.
func (f foreign) headDim() int {
	if f.Heads < 1 {
		return 0
	}
	return f.Dim / f.Heads
}

// scaling returns how positions are scaled, "null" for not at all.
func (f foreign) scaling() string {
	if p := f.RopeParameters; p != nil && p.Type != "" && p.Type != "default" {
		return p.Type
	}
	if text := string(bytes.TrimSpace(f.RopeScaling)); text != "" {
		return text
	}
	return "null"
}

// or returns the value at p, or another if p is nil.
func or[T any](p *T, other T) T {
	if p == nil {
		return other
	}
	return *p
}

// plain returns the text of an error of the JSON decoder, with the field that is wrong.
func plain(err error) string {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s is a %s: want %s", wrong.Field, wrong.Value, kindOf(wrong.Type))
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("it is not JSON, or cut short, as byte %d shows", syntax.Offset)
	}
	return "it is not JSON: " + err.Error()
}

// kindOf returns what JSON calls the values of a type, with an article.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text"
	case reflect.Slice:
		return "a list"
	case reflect.Pointer:
		return kindOf(t.Elem())
	}
	return "an object"
}

// writeJSON returns a function that writes v as indented JSON that people can read and edit.
func writeJSON(v any) func(io.Writer) error {
	return func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(v)
	}
}
