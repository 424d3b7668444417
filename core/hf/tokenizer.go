package hf

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/posttrain/posttrain/core/task"
)

// EndToken is the text of token 0 in a folder, which ends a response. A task shows no text for it.
const EndToken = "<end>"

// Vocabulary is the texts of the tokens from 1 on, and how a text is made of them.
type Vocabulary struct {
	Symbols []string

	// Joiner stands between symbols in a text: nothing between runes, a blank between words.
	Joiner string
}

// VocabularyOf returns the vocabulary of a task: its words, with a blank between two of them, or
// the runes of its alphabet.
func VocabularyOf(t task.Task) Vocabulary {
	if t.Words != nil {
		return Vocabulary{Symbols: slices.Clone(t.Words), Joiner: " "}
	}
	var v Vocabulary
	for _, r := range t.Alphabet {
		v.Symbols = append(v.Symbols, string(r))
	}
	return v
}

// check returns an error unless the vocabulary has so many tokens, End among them, and each text
// stands for one.
func (v Vocabulary) check(tokens int) error {
	if len(v.Symbols)+1 != tokens {
		return fmt.Errorf("the vocabulary has %d symbols and End, the model %d tokens",
			len(v.Symbols), tokens)
	}
	seen := map[string]bool{EndToken: true, "": true}
	for _, s := range v.Symbols {
		if seen[s] {
			return fmt.Errorf("the vocabulary has the symbol %q twice, or as the end of a "+
				"response", s)
		}
		seen[s] = true
	}
	return nil
}

// object is a JSON object.
type object = map[string]any

// tokenizer returns tokenizer.json: the format of the library tokenizers. A symbol that is not in
// the vocabulary is an error there too, because its unk_token is none of the vocabulary.
func (v Vocabulary) tokenizer() object {
	ids := object{EndToken: 0}
	for i, s := range v.Symbols {
		ids[s] = i + 1
	}
	var split, decoder any = object{"type": "Split", "pattern": object{"Regex": "."},
		"behavior": "Isolated", "invert": false}, object{"type": "Fuse"}
	if v.Joiner != "" {
		split, decoder = object{"type": "WhitespaceSplit"}, nil // which joins by blanks
	}
	return object{
		"version": "1.0", "truncation": nil, "padding": nil, "normalizer": nil,
		"added_tokens": []object{{"id": 0, "content": EndToken, "single_word": false,
			"lstrip": false, "rstrip": false, "normalized": false, "special": true}},
		"pre_tokenizer": split, "post_processor": nil, "decoder": decoder,
		"model": object{"type": "WordLevel", "vocab": ids, "unk_token": "<unk>"},
	}
}

// tokenizerConfig returns tokenizer_config.json. Its chat template writes what the model reads:
// prompts and responses one after the other, each response with its end.
func (m Model) tokenizerConfig() object {
	c := specialTokens()
	c["tokenizer_class"] = "PreTrainedTokenizerFast"
	c["model_max_length"] = m.Params.Config.Context
	c["model_input_names"] = []string{"input_ids", "attention_mask"}
	c["padding_side"] = "left"
	c["clean_up_tokenization_spaces"] = false
	c["chat_template"] = "{%- for message in messages -%}{{ message['content'] }}" +
		"{{ '" + m.Vocabulary.Joiner + "' }}" +
		"{%- if message['role'] == 'assistant' -%}{{ eos_token }}{%- endif -%}{%- endfor -%}"
	return c
}

func specialTokens() object { return object{"eos_token": EndToken, "pad_token": EndToken} }

// generation returns generation_config.json: answers are sampled as in training.
func (m Model) generation() object {
	g := object{"eos_token_id": 0, "pad_token_id": 0, "do_sample": true,
		"temperature": decimal(1), "top_k": 0, "top_p": decimal(1)}
	if m.MaxResponse > 0 {
		g["max_new_tokens"] = m.MaxResponse
	}
	return g
}

// readVocabulary reads the symbols of tokenizer.json, if it is there.
func (m *Model) readVocabulary(read func(string, int64) ([]byte, error)) error {
	data, err := read(TokenizerFile, maxText)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	var t struct {
		Model struct {
			Type  string         `json:"type"`
			Vocab map[string]int `json:"vocab"`
		} `json:"model"`
		Pre struct {
			Type string `json:"type"`
		} `json:"pre_tokenizer"`
	}
	if err := json.Unmarshal(data, &t); err != nil {
		return bad(TokenizerFile, "%s", plain(err))
	}
	if t.Model.Type != "WordLevel" {
		return bad(TokenizerFile, "model.type is %q: want %q", t.Model.Type, "WordLevel")
	}
	if t.Pre.Type == "WhitespaceSplit" {
		m.Vocabulary.Joiner = " "
	}
	vocab := t.Model.Vocab
	symbols := slices.SortedFunc(maps.Keys(vocab), func(a, b string) int {
		return vocab[a] - vocab[b]
	})
	for i, s := range symbols {
		if vocab[s] != i {
			return bad(TokenizerFile, "model.vocab has %q as token %d: want each number from 0 to "+
				"%d once", s, vocab[s], len(symbols)-1)
		}
	}
	if want := m.Params.Config.Vocab; len(symbols) != want || symbols[0] != EndToken {
		return bad(TokenizerFile, "model.vocab has %d symbols: want the %d of vocab_size, %s as "+
			"the first", len(symbols), want, EndToken)
	}
	m.Vocabulary.Symbols = symbols[1:]
	return nil
}
