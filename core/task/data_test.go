package task

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// dataOf writes n sampled problems of every level as CSV, every other one with an answer.
func dataOf(k Task, n int) string {
	var b strings.Builder
	b.WriteString("prompt,answer\n")
	seen := map[string]bool{}
	for i, p := range problems(k, n) {
		if seen[p.Prompt] {
			continue
		}
		seen[p.Prompt] = true
		answer := ""
		if i%2 == 0 {
			r := num.NewRand(4, "demonstrate", k.Name, uint64(i))
			answer = k.Demonstrate(&r, p, param.Defaults(k.Knobs))
		}
		fmt.Fprintf(&b, "%s,%s\n", p.Prompt, answer)
	}
	return b.String()
}

// Training prompts are the rows that are not held out, and the expert writes what they say or,
// where they say nothing, its own.
func TestDataTakesThePlaceOfTrainingPrompts(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		text := dataOf(k, 40)
		d, err := k.ReadData("mine.csv", text)
		if err != nil {
			t.Fatal(err)
		}
		if rows := strings.Count(text, "\n") - 1; d.Len()+d.Dropped != rows || d.Dropped == 0 ||
			d.Task != k.Name || len(d.Digest) != DigestLen {
			t.Errorf("%d rows and %d dropped of %d", d.Len(), d.Dropped, rows)
		}
		with, held := k.With(d), map[string]bool{}
		for _, l := range k.Levels {
			for _, p := range k.EvalPrompts(l.Name, k.MostEvalPrompts()) {
				held[p.Prompt] = true
			}
		}
		for i, p := range with.TrainPrompts(5, with.Prompts) {
			if held[p.Prompt] || k.HeldOut(p) {
				t.Fatalf("%+v is held out", p)
			}
			r, same := num.NewRand(1, "test", k.Name, uint64(i)), num.NewRand(1, "test", k.Name,
				uint64(i))
			got, want := with.Demonstrate(&r, p, param.Defaults(k.Knobs)), k.Demonstrate(&same, p,
				param.Defaults(k.Knobs))
			if _, after, _ := strings.Cut(text, "\n"+p.Prompt+","); !strings.HasPrefix(after,
				"\n") {
				want, _, _ = strings.Cut(after, "\n")
			}
			if got != want {
				t.Fatalf("%+v: demonstration %q, want %q", p, got, want)
			}
		}
		if !slices.Equal(k.TrainPrompts(5, 3), mustLookup(t, k.Name).TrainPrompts(5, 3)) {
			t.Error("the task itself has changed")
		}
	})
}

func mustLookup(t *testing.T, name string) Task {
	t.Helper()
	k, err := Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// threeRows are three rows of cards that can be trained on, the second without an answer.
func threeRows(t testing.TB, cards Task) [3][2]string {
	t.Helper()
	p := cards.TrainPrompts(1, 3)
	if len(p) != 3 {
		t.Fatalf("%d training prompts", len(p))
	}
	return [3][2]string{{p[0].Prompt, p[0].Answer}, {p[1].Prompt, ""}, {p[2].Prompt, p[2].Answer}}
}

// The digest is that of the rows, whichever program has written them.
func TestDigestOfData(t *testing.T) {
	cards := mustLookup(t, "cards")
	rows := threeRows(t, cards)
	held := cards.EvalPrompts("id", 1)[0].Prompt
	digest := func(text string) string {
		t.Helper()
		for i := range rows {
			text = strings.NewReplacer(fmt.Sprint("P", i), rows[i][0], fmt.Sprint("X", i),
				rows[i][1]).Replace(text)
		}
		d, err := cards.ReadData("x", strings.ReplaceAll(text, "HELD", held))
		if err != nil {
			t.Errorf("%q: %v", text, err)
			return ""
		}
		return d.Digest
	}
	plain := digest("prompt,answer\nP0,X0\nP1,\nP2,X2\n")
	for what, same := range map[string]string{
		"without a last line end":   "prompt,answer\nP0,X0\nP1,\nP2,X2",
		"Excel, UTF-8":              "\ufeffprompt,answer\r\nP0,X0\r\nP1,\r\nP2,X2\r\n",
		"Excel where , is decimal":  "\ufeffPrompt;Answer\r\nP0;X0\r\nP1;\r\nP2;X2\r\n",
		"Excel, told the separator": "sep=;\r\nprompt;answer\r\nP0;X0\r\nP1;\r\nP2;X2\r\n",
		"the same by a comma":       "\"sep=,\"\nprompt,answer\nP0,X0\nP1,\nP2,X2\n",
		"Excel, Unicode text":       "Prompt\tAnswer\r\nP0\tX0\r\nP1\t\r\nP2\tX2\r\n",
		"Excel on an old Macintosh": "prompt,answer\rP0,X0\rP1,\rP2,X2\r",
		"line ends of three kinds":  "prompt,answer\r\nP0,X0\nP1,\rP2,X2\n",
		"LibreOffice, all quoted":   "\"prompt\",\"answer\"\n\"P0\",\"X0\"\n\"P1\",\"\"\n\"P2\",\"X2\"\n",
		"Numbers, empty columns":    "prompt,answer,,\nP0,X0,,\nP1,,,\nP2,X2,,\n",
		"Sheets, empty rows":        "prompt,answer\nP0,X0\n,\nP1,\n\n , \nP2,X2\n,\n,\n",
		"pandas with its index":     ",prompt,answer\n0,P0,X0\n1,P1,\n2,P2,X2\n",
		"R with its row names":      "\"\",\"prompt\",\"answer\"\n\"1\",\"P0\",\"X0\"\n\"2\",\"P1\",\"\"\n\"3\",\"P2\",\"X2\"\n",
		"an index called #":         "#,prompt,answer\n#1,P0,X0\n#2,P1,\n#3,P2,X2\n",
		"columns turned round": "answer,note,prompt\nX0,\"long, and\nof two " +
			"lines\",P0\n,,P1\nX2,\"\"\"so\"\"\",P2\n",
		"cells surplus and empty": "prompt,answer\nP0,X0,\nP1,,,\nP2,X2\n",
		"headers in capitals":     " PROMPT , ANSWER \n P0 , X0\nP1,\n\"P2\", \"X2\"\n",
		"comments": "# from the lesson\n#\nprompt,answer\nP0,X0\n# the " +
			"\u201chard\u201d one\nP1,\nP2,X2\n#end, really\n",
		"bars":                 "prompt|answer\nP0|X0\nP1|\nP2|X2\n",
		"empty lines on top":   "\n\n,\nprompt,answer\nP0,X0\nP1,\nP2,X2\n",
		"one that is held out": "prompt,answer\nHELD,\nP0,X0\nP1,\nP2,X2\n",
		"JSON Lines": `{"prompt":"P0","answer":"X0"}` + "\n" +
			`{"prompt":"P1","answer":""}` + "\r\n\r\n" + `{"answer":"X2","prompt":"P2"}`,
		"JSON Lines, no answer": `{"prompt":"P0","answer":"X0"}` + "\n" + `{"prompt":"P1"}` +
			"\r" + ` { "prompt" : "P2" , "answer" : "X2" } `,
		"JSON Lines, other fields": "\ufeff" +
			`{"id":1,"Prompt":"P0","Answer":"X0","tags":["a",{"b":null}]}` + "\n" +
			`{"prompt":"P1","answer":null}` + "\n" + `{"prompt":"P2","answer":X2}`,
		"a column completion":                "prompt,completion\nP0,X0\nP1,\nP2,X2\n",
		"answers count, and completions not": "completion,prompt,answer\n7,P0,X0\n7,P1,\n7,P2,X2\n",
		"JSON Lines, completions": `{"prompt":"P0","completion":"X0","chosen":"7"}` + "\n" +
			`{"prompt":"P1"}` + "\n" + `{"completion":"X2","answer":"X2","prompt":"P2"}`,
		"JSON Lines, messages": `{"messages":[{"role":"user","content":"P0"},` +
			`{"role":"assistant","content":"X0"}],"reward":1}` + "\n" +
			`{"messages":[{"content":"P1","role":"user"},{"role":"assistant","content":""}]}` +
			"\n" + `{"messages": [ { "role" : "user" , "content" : "P2" } ,` +
			` {"role":"assistant","content":"X2"} ] }`,
		"a JSON list": "\n[\n {\"prompt\": \"P0\",\n  \"answer\": \"X0\"},\n " +
			"{\"prompt\":\"P1\"},\n {\"prompt\":\"P2\",\"answer\":\"X2\"}\n]\n",
	} {
		if got := digest(same); got != plain {
			t.Errorf("%s: digest %s, want %s", what, got, plain)
		}
	}
	for what, other := range map[string]string{
		"another order":  "prompt,answer\nP2,X2\nP1,\nP0,X0\n",
		"fewer":          "prompt,answer\nP0,X0\nP1,\n",
		"an answer less": "prompt,answer\nP0,\nP1,\nP2,X2\n",
	} {
		if digest(other) == plain {
			t.Errorf("%s: the digest of other rows", what)
		}
	}
}

// What is refused, and in which words.
func TestDataThatIsRefused(t *testing.T) {
	cards := mustLookup(t, "cards")
	p := cards.TrainPrompts(1, 1)[0].Prompt
	many := "prompt,answer\n"
	for i := range dataRows + 1 {
		many += fmt.Sprintf("A%04d=,\n", i%10_000)[:8]
		if i >= 10_000 {
			many = strings.TrimSuffix(many, "A0000=,\n") + "B0000=,\n"
		}
	}
	const header = "want a header that names one column prompt and one answer, such as " +
		"prompt,answer"
	const objects = `want objects such as {"prompt":"...","answer":"..."}, each in a line of its own or all in a list`
	for text, want := range map[string]string{
		"": "mine.csv has no rows: the first line must be: " +
			"prompt,answer",
		"\n,,\n# nothing\n": "mine.csv has no rows: the first line must be: " +
			"prompt,answer",
		p + ",1": `mine.csv:1: the first line is "` + p +
			`,1", with columns separated by commas: ` + header,
		"\n# so\n" + p + ";1": `mine.csv:3: the first line is "` + p +
			`;1", with columns separated by semicolons: ` + header,
		"question,answer\n":        `mine.csv:1: the first line is "question,answer", with columns separated by commas: ` + header,
		"prompt\tanswer\tanswer\n": "with columns separated by tabs: " + header,
		"prompt:answer\n" + p + ":": `mine.csv:1: the first line is "prompt:answer": ` +
			header,
		"prompt\n" + p: `mine.csv:1: the first line is "prompt": ` +
			header,
		"\"prompt,answer\n" + p +
			",": `mine.csv:1: the first line is "\"prompt,answer": ` + header,
		"prompt,answer\n":             "mine.csv has no rows: want at least one",
		"prompt,answer\nA37=,3":       `mine.csv:2: prompt: task cards cannot judge the prompt "A37=": want A or B, four cards`,
		"prompt,answer\n\n" + p + ",": "",
		"prompt,answer\n" + p: "mine.csv:2: fields: there are 1, want 2 as in " +
			"the header, separated by commas",
		"prompt,answer\n" + p + ",,1": "mine.csv:2: fields: there are 3, want 2 as in " +
			"the header, separated by commas",
		"prompt;answer\n" + p + ",": "mine.csv:2: fields: there are 1, want 2 as in " +
			"the header, separated by semicolons",
		"prompt,answer\n" + p +
			",x": `mine.csv:2: answer: task cards has no symbol 'x': its alphabet is "0123456789JQKABS=": want a whole response that is right, such as `,
		"prompt,answer\n" + p +
			",A": `mine.csv:2: answer: the verifier refuses "A": want a whole response that is right, such as `,
		"prompt,answer\n" + p + ",\"": "mine.csv:2: quotes: want a field wholly in " +
			"quotes or without any, and each one closed",
		"prompt,answer\n\n" + p + ",\"\nx\ny\n":               "mine.csv:3: quotes: ",
		"prompt,answer\n" + p + ",a\"b\"\n":                   "mine.csv:2: quotes: ",
		"prompt,answer\n" + p + "," + strings.Repeat("1", 12): "has 12 symbols, and at most 11 fit",
		"prompt,answer\n" + p + ",\n\n" + p + ",": "mine.csv:4: prompt " + p +
			" stands in line 2 already",
		"prompt,answer\n" + cards.EvalPrompts("id", 1)[0].Prompt + ",": "mine.csv: all problems " +
			"are among those that are held out",
		strings.Repeat("x", dataBytes+1): "mine.csv has 1048577 " +
			"bytes: at most 1048576 are read",
		many: "mine.csv:10002: there " +
			"are more than 10000 rows",

		"PK\x03\x04\x14\x00\x06\x00": "mine.csv is an Excel workbook (.xlsx) or another " +
			"zip archive: save the sheet as CSV",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "mine.csv is an old Excel workbook (.xls): save " +
			"the sheet as CSV",
		// as a browser reads it
		"\ufffd\ufffd\x11\u0871\x1a\ufffd": "mine.csv is an old Excel workbook (.xls)",
		"\x1f\ufffd\x08\x00":               "mine.csv is compressed by gzip: unpack it first",
		"<!DOCTYPE html>\n<html>":          "mine.csv is a web page: download the file itself",
		"p\x00r\x00o\x00m\x00p\x00t\x00,\x00": "mine.csv is UTF-16 without a byte order mark: " +
			"save it as UTF-8",
		"prompt,answer\n" + p + ",\x00": "mine.csv is not text, since it has zero bytes",

		`[{"prompt":"` + p + `"}`: "mine.csv:1: JSON: it ends in the middle of a value: " +
			objects,
		"[\n{\"prompt\":\"" + p + "\"}\n] 1": "mine.csv:3: JSON: '1' cannot stand " +
			"there, at character 3: " + objects,
		`{"prompt":"` + p + `"}]`: "mine.csv:1: JSON: ']' cannot stand there, at " +
			"character " + fmt.Sprint(len(p)+14) + ": " + objects,
		"{\"prompt\":\"" + p + "\"}\n\n{\"prompt\":\n": "mine.csv:3: JSON: it ends in the " +
			"middle of a value: " + objects,
		"{\"prompt\":\"" + p + "\"}\n{'prompt'}": "mine.csv:2: JSON: '\\'' cannot stand " +
			"there, at character 2: " + objects,
		"[]": "mine.csv has no rows: want " +
			"at least one",
		"[" + p + "]": "mine.csv:1: JSON: '",
		"\n[\n1]": `mine.csv:3: JSON: there is "1": ` +
			objects,
		`{}`: `mine.csv:1: fields: there are "": ` +
			objects,
		`{"messages":[]}`: `mine.csv:1: messages: there is "[]": want two, such as ` +
			`[{"role":"user","content":"..."},{"role":"assistant","content":"..."}]`,
		`{"messages":[{"role":"system","content":"x"},{"role":"user","content":"y"}]}`: "mine.csv" +
			":1: messages: there is ",
		`{"messages":[1,2]}`: "mine.csv:1: messages: there is ",
		`{"messages":true}`:  "mine.csv:1: messages: there is ",
		`{"prompt":[{"role":"assistant","content":"x"}]}`: "mine.csv:1: prompt: there is ",
		`{"prompt":"x","chosen":"1","rejected":"2"}`: "mine.csv:1: chosen: there are preference " +
			"pairs, and only demonstrations are read, because methods such as dpo sample and " +
			"label pairs of their own: " + objects,
		`{"prompt":"` + p +
			`","anwser":"1"}`: `mine.csv:1: fields: there are "prompt, anwser": ` + objects,
		`{"prompt":"` + p +
			`","Prompt":"x"}`: `mine.csv:1: fields: there are "prompt, Prompt": ` + objects,
		"{\"prompt\":[\"" + p + "\"]}": `mine.csv:1: prompt: there is "[\"` +
			p + `\"]": want a text in quotes`,
		`{"prompt":"` + p +
			`","answer":true}`: `mine.csv:1: answer: there is "true": want a text in quotes`,
		`{"prompt":"` + p + `","answer":"\ud83d"}`: "mine.csv:1: answer: task cards " +
			"has no symbol '\"'",
		"[{},\n{\"prompt\":\n\"" + p + "\",\"answer\":1.5}]": "mine.csv:1: fields: ",
		"[\n{\"prompt\":\n\"" + p + "\",\"answer\":1.5}]": "mine.csv:2: answer: task cards " +
			"has no symbol '.'",
	} {
		_, err := cards.ReadData("mine.csv", text)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: %v, want %s", text, err, want)
		}
	}
}

// What is read from JSON is what encoding/json reads, but for exotic escapes, which no task has a
// use for.
func FuzzReadJSON(f *testing.F) {
	for _, text := range []string{`[]`, `[ {} ]`,
		`[{"prompt":"a\"],\\","answer":"{,:"}, {"x":[{"prompt":[]},"]"],"prompt":"b"}]`,
		`[{"prompt":-1.5e3,"answer":null}]`, "[\t{\n\"answer\":\"\",\"prompt\" :\" \"}]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want []map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		rows, err := readJSON("x", text)
		if err != nil || !strings.HasPrefix(strings.TrimSpace(text), "[") {
			return
		}
		if err := d.Decode(&want); err != nil || len(rows) != len(want) {
			t.Fatalf("%q: %d rows, want %d, %v", text, len(rows), len(want), err)
		}
		for i, r := range rows {
			for name, x := range want[i] {
				if x == nil {
					x = ""
				}
				var have string
				switch {
				case strings.EqualFold(name, "prompt"):
					have = r.prompt
				case strings.EqualFold(name, "answer"):
					have = r.answer
				default:
					continue
				}
				if plain := strings.TrimSpace(fmt.Sprint(x)); have != plain &&
					!strings.Contains(text, "\\") && utf8.ValidString(text) {
					t.Fatalf("%q: row %d is %+v, want %s %q", text, i, r, name, plain)
				}
			}
		}
	})
}

// FuzzData reads any text as a data set; what it reads can be trained on, and is the same data set
// in other formats.
func FuzzData(f *testing.F) {
	for _, k := range All() {
		f.Add(dataOf(k, 2))
	}
	for _, text := range []string{
		"prompt,answer\r\n\"A37QK=\",\"\"\r\n", "\ufeffsep=;\r\nid;Prompt;Answer\r\n1;A1234=;0\r\n",
		"# x\nprompt\tanswer\rA1234=\t\r",
		`{"prompt":"A1234=","answer":0}`, `[{"prompt":"A1234="},{"prompt":"A2345=","answer":null}]`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range All() {
			d, err := k.ReadData("x", text)
			if err != nil {
				continue
			}
			with := k.With(d)
			for _, p := range with.TrainPrompts(0, 1) {
				r := num.NewRand(0, "fuzz", p.Prompt)
				answer := with.Demonstrate(&r, p, param.Defaults(k.Knobs))
				tokens, err := k.Encode(answer)
				if err != nil || k.Score(p, append(tokens, End)) != 1 ||
					len(tokens) >= k.MaxResponse || k.HeldOut(p) {
					t.Fatalf("%s: %+v, %q: %v", k.Name, p, answer, err)
				}
			}
			for _, format := range []string{"prompt;answer\r\n%s\"%s\";\"%s\"\r\n",
				"%s{\"prompt\":%q,\"answer\":%q}\n"} {
				head, row, _ := strings.Cut(format, "%s")
				for _, p := range d.problems {
					head += fmt.Sprintf(row, p.Prompt, d.answers[p.Prompt])
				}
				again, err := k.ReadData("x", head)
				if err != nil && strings.Contains(err.Error(), "leading zeros") &&
					!strings.Contains(head, "{") {
					continue // it was said exactly, or told from a row that is held out
				}
				if err != nil || again.Digest != d.Digest {
					t.Fatalf("%q as %q: %v", text, head, err)
				}
			}
		}
	})
}
