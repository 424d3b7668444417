package hf_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/hf"
	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/recipe"
)

// llama is a Llama in float64, written from the definition in transformers' modeling_llama.py. It
// reads nothing but the files of a folder, without this program's packages.
type llama struct {
	config struct {
		Vocab  int     `json:"vocab_size"`
		Dim    int     `json:"hidden_size"`
		Hidden int     `json:"intermediate_size"`
		Layers int     `json:"num_hidden_layers"`
		Heads  int     `json:"num_attention_heads"`
		Groups int     `json:"num_key_value_heads"`
		Eps    float64 `json:"rms_norm_eps"`
		Theta  float64 `json:"rope_theta"`
		Tied   bool    `json:"tie_word_embeddings"`
		Type   string  `json:"model_type"`
		Act    string  `json:"hidden_act"`
	}
	vocab   map[string]int
	tensors map[string]matrix
}

// matrix is a tensor of one or two dimensions.
type matrix struct {
	rows, cols int
	data       []float64
}

func openLlama(t *testing.T, files []hf.File) *llama {
	t.Helper()
	l := &llama{tensors: map[string]matrix{}}
	for _, f := range files {
		switch f.Name {
		case "config.json":
			l.readJSON(t, content(f), &l.config)
		case "tokenizer.json":
			var tokenizer struct {
				Model struct{ Vocab map[string]int }
			}
			l.readJSON(t, content(f), &tokenizer)
			l.vocab = tokenizer.Model.Vocab
		case "model.safetensors":
			l.readTensors(t, content(f))
		}
	}
	if c := l.config; c.Type != "llama" || c.Act != "silu" || c.Groups != c.Heads || c.Tied {
		t.Fatalf("the test knows only untied Llamas without groups: %+v", c)
	}
	return l
}

func (l *llama) readJSON(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

func (l *llama) readTensors(t *testing.T, file []byte) {
	t.Helper()
	length := binary.LittleEndian.Uint64(file)
	header := map[string]json.RawMessage{}
	l.readJSON(t, file[8:8+length], &header)
	for name, raw := range header {
		if name == "__metadata__" {
			continue
		}
		var e struct {
			DType   string
			Shape   []int
			Offsets []int `json:"data_offsets"`
		}
		l.readJSON(t, raw, &e)
		if e.DType != "F32" {
			t.Fatalf("%s is %s", name, e.DType)
		}
		m := matrix{rows: 1, cols: e.Shape[len(e.Shape)-1]}
		if len(e.Shape) == 2 {
			m.rows = e.Shape[0]
		}
		for at := e.Offsets[0]; at < e.Offsets[1]; at += 4 {
			bits := binary.LittleEndian.Uint32(file[8+int(length)+at:])
			m.data = append(m.data, float64(math.Float32frombits(bits)))
		}
		if len(m.data) != m.rows*m.cols {
			t.Fatalf("%s: %d numbers in %v", name, len(m.data), e.Shape)
		}
		l.tensors[name] = m
	}
}

// linear is torch.nn.Linear without a bias: y = W·x for each x.
func (l *llama) linear(name string, x [][]float64) [][]float64 {
	w, all := l.tensors[name+".weight"], [][]float64{}
	for _, row := range x {
		y := make([]float64, w.rows)
		for o := range y {
			for i, v := range row {
				y[o] += w.data[o*w.cols+i] * v
			}
		}
		all = append(all, y)
	}
	return all
}

// norm is LlamaRMSNorm.
func (l *llama) norm(name string, x [][]float64) [][]float64 {
	w, all := l.tensors[name+".weight"], [][]float64{}
	for _, row := range x {
		mean := 0.0
		for _, v := range row {
			mean += v * v / float64(len(row))
		}
		y := make([]float64, len(row))
		for i, v := range row {
			y[i] = w.data[i] * (v / math.Sqrt(mean+l.config.Eps))
		}
		all = append(all, y)
	}
	return all
}

// rotate is apply_rotary_pos_emb of a head at a position: x·cos + rotate_half(x)·sin.
func (l *llama) rotate(x []float64, position int) []float64 {
	half, y := len(x)/2, make([]float64, len(x))
	for i := range y {
		j := i % half
		angle := float64(position) / math.Pow(l.config.Theta, float64(2*j)/float64(len(x)))
		other := -x[(i+half)%len(x)]
		if i >= half {
			other = x[i-half]
		}
		y[i] = x[i]*math.Cos(angle) + other*math.Sin(angle)
	}
	return y
}

// attention is LlamaAttention with a causal mask.
func (l *llama) attention(name string, x [][]float64) [][]float64 {
	q, k := l.linear(name+".q_proj", x), l.linear(name+".k_proj", x)
	v := l.linear(name+".v_proj", x)
	d := l.config.Dim / l.config.Heads
	out := make([][]float64, len(x))
	for t := range x {
		out[t] = make([]float64, l.config.Dim)
		for h := range l.config.Heads {
			query, scores, total := l.rotate(q[t][h*d:(h+1)*d], t), []float64{}, 0.0
			for s := range t + 1 {
				score := 0.0
				for i, key := range l.rotate(k[s][h*d:(h+1)*d], s) {
					score += query[i] * key
				}
				scores = append(scores, math.Exp(score/math.Sqrt(float64(d))))
				total += scores[s]
			}
			for s, score := range scores {
				for i := range d {
					out[t][h*d+i] += score / total * v[s][h*d+i]
				}
			}
		}
	}
	return l.linear(name+".o_proj", out)
}

// mlp is LlamaMLP.
func (l *llama) mlp(name string, x [][]float64) [][]float64 {
	gate, up := l.linear(name+".gate_proj", x), l.linear(name+".up_proj", x)
	for t := range gate {
		for i, g := range gate[t] {
			gate[t][i] = g / (1 + math.Exp(-g)) * up[t][i]
		}
	}
	return l.linear(name+".down_proj", gate)
}

// logits is LlamaForCausalLM.
func (l *llama) logits(tokens []int32) [][]float64 {
	embed, x := l.tensors["model.embed_tokens.weight"], [][]float64{}
	for _, t := range tokens {
		x = append(x, append([]float64(nil), embed.data[int(t)*embed.cols:][:embed.cols]...))
	}
	add := func(y [][]float64) {
		for t := range x {
			for i := range x[t] {
				x[t][i] += y[t][i]
			}
		}
	}
	for i := range l.config.Layers {
		name := "model.layers." + string(rune('0'+i))
		add(l.attention(name+".self_attn", l.norm(name+".input_layernorm", x)))
		add(l.mlp(name+".mlp", l.norm(name+".post_attention_layernorm", x)))
	}
	return l.linear("lm_head", l.norm("model.norm", x))
}

// Every shipped base, exported, is read back to the same digest, and gives the same logits in an
// independent Llama, on held-out prompts with demonstrations. They are compared relative to the
// largest logit of a position.
func TestLogitsOfEveryBaseElsewhere(t *testing.T) {
	catalogue := recipe.Standard()
	for _, b := range catalogue.Bases() {
		params, err := catalogue.LoadBase(b.Name)
		if err != nil {
			t.Fatal(err)
		}
		files, err := hf.Encode(hf.Model{Task: b.Task.Name, Params: params,
			Vocabulary: hf.VocabularyOf(b.Task)})
		if err != nil {
			t.Fatal(err)
		}
		back, err := hf.Decode(inMemory(files).read)
		if err != nil || back.Params.Digest() != params.Digest() || back.Task != b.Task.Name {
			t.Errorf("%s is read back as another model, %v", b.Name, err)
		}
		elsewhere, worst := openLlama(t, files), 0.0
		for _, tokens := range transcripts(b) {
			for i, token := range tokens {
				text := hf.VocabularyOf(b.Task).Symbols[token-1]
				if int32(elsewhere.vocab[text]) != token {
					t.Fatalf("%s: symbol %d is %q, token %d elsewhere", b.Name, i, text,
						elsewhere.vocab[text])
				}
			}
			worst = max(worst, difference(logitsHere(params, tokens), elsewhere.logits(tokens)))
		}
		checkDifference(t, b, worst)
	}
}

// most is by how much logits may differ, as a share of the largest of a row.
const most = 1e-5

// difference returns the largest difference of logits (T,V) in a row, divided by the largest logit
// of the row elsewhere, over all rows.
func difference(here [][]float32, elsewhere [][]float64) (worst float64) {
	for i, row := range here {
		largest, off := 0.0, 0.0
		for j, x := range row {
			largest = max(largest, math.Abs(elsewhere[i][j]))
			off = max(off, math.Abs(float64(x)-elsewhere[i][j]))
		}
		worst = max(worst, off/largest)
	}
	return worst
}

// checkDifference fails the test if the logits of a base differ by more than they may.
func checkDifference(t *testing.T, b recipe.Base, worst float64) {
	t.Helper()
	t.Logf("%s: logits differ by %.1e of the largest", b.Name, worst)
	if worst > most {
		t.Errorf("%s: logits differ by %.1e of the largest, want at most %.0e", b.Name, worst, most)
	}
}

// transcripts returns some prompts of every level of a base's task, each with a demonstration.
func transcripts(b recipe.Base) (all [][]int32) {
	for _, level := range b.Task.Levels {
		for _, p := range b.Task.EvalPrompts(level.Name, 2) {
			r := num.NewRand(1, "test", "demonstrate")
			response := b.Task.Demonstrate(&r, p, param.Defaults(b.Task.Knobs))
			all = append(all, append(b.Task.MustEncode(p.Prompt), b.Task.MustEncode(response)...))
		}
	}
	return all
}

// logitsHere returns the logits (T,V) of this program.
func logitsHere(p *model.Params, tokens []int32) (rows [][]float32) {
	var batch model.Batch
	batch.Reset()
	batch.Append(tokens)
	logits := model.NewTape(p.Config, false).Logits(model.NewNetwork(p), &batch)
	for i := range tokens {
		rows = append(rows, logits[i*p.Config.Vocab:(i+1)*p.Config.Vocab])
	}
	return rows
}
